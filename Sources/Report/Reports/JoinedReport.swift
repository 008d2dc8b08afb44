package import Execution

/// Several runs over parts of one inventory, told as one.
package struct JoinedReport: Sendable {
  package let summary: RunSummary
  private let runs: [RecordedRun]

  /// Nil without a run. Runs of different kinds, a plan and an apply, don't make one.
  package init?(_ runs: [RecordedRun]) {
    guard let summary = RunSummary.joining(runs.map(\.summary)),
      runs.allSatisfy({ $0.summary.mode == summary.mode })
    else { return nil }
    self.summary = summary
    self.runs = runs
  }

  /// What failed, and the recap of all hosts.
  package func text(_ style: Style, verbosity: Int) -> String {
    let troubles = runs.flatMap(\.troubles).map { trouble in
      "\(style.paint("failed:", .red)) \(trouble.host): \(trouble.task)  \(trouble.place)\n"
        + "    \(trouble.message)\n"
    }
    return troubles.joined() + Recap(style: style, verbosity: verbosity).render(summary)
  }

  /// The events of all runs, one run after another, and one end.
  package func json() -> String {
    let events = runs.flatMap(\.events).map { "\($0)\n" }
    return events.joined() + JSONReporter.line("ended", JSONReporter.fields(of: summary))
  }
}
