internal import Diagnostics
package import Execution

/// Shows a run as text: tasks in the playbook's order, and on a terminal what goes on right now.
package actor TextReporter: Reporter {
  private let renderer: TaskRenderer
  private let style: Style
  private let verbosity: Int
  private let write: @Sendable (String) -> Void
  private let live: LiveStatus?
  private var plays: [PlayReport] = []
  /// The play whose heading was written last.
  private var shown: Int?

  /// - Parameter isTerminal: whether a status line may be drawn and wiped.
  package init(
    mode: RunMode, style: Style, verbosity: Int, showsDifferences: Bool, isTerminal: Bool,
    write: @escaping @Sendable (String) -> Void
  ) {
    renderer = TaskRenderer(
      style: style, mode: mode, verbosity: verbosity, showsDifferences: showsDifferences)
    self.style = style
    self.verbosity = verbosity
    self.write = write
    live = isTerminal ? LiveStatus(write: write) : nil
  }

  package func receive(_ event: RunEvent) async {
    live?.update(event)
    switch event {
    case .started(_, let plays, _): self.plays = plays.map(PlayReport.init)
    case .playStarted(let play, let summary): plays[play] = PlayReport(summary)
    case .stepEnded(let report):
      for task in plays[report.play].add(report) { show(task, of: report.play) }
    case .playEnded(let play): finish(play)
    case .warning(let diagnostic): show(DiagnosticRenderer().render(diagnostic))
    case .ended(let summary):
      for play in plays.indices { finish(play) }
      live?.stop()
      write(Recap(style: style, verbosity: verbosity).render(summary))
    case .stepStarted, .waiting, .stepsAdded, .connected: break
    }
  }

  private func finish(_ play: Int) {
    for task in plays[play].rest() { show(task, of: play) }
  }

  private func show(_ task: TaskReport, of play: Int) {
    let text = renderer.render(task)
    if !text.isEmpty { show(heading(play) + text) }
  }

  private func heading(_ play: Int) -> String {
    guard shown != play else { return "" }
    shown = play
    let summary = plays[play].summary
    let count = summary.hosts.count == 1 ? "1 host" : "\(summary.hosts.count) hosts"
    return "\n" + style.paint(summary.name, .bold) + style.paint("  \(count)", .dim) + "\n"
  }

  private func show(_ text: String) {
    if let live { live.write(above: text) } else { write(text) }
  }
}
