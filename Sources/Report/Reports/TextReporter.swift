internal import Diagnostics
package import Execution

/// Shows a run as text: tasks in the playbook's order, and on a terminal what goes on right now.
package actor TextReporter: Reporter {
  private let renderer: TaskRenderer
  private let style: Style
  private let verbosity: Int
  private let write: @Sendable (String) -> Void
  private let live: LiveStatus?
  private var plays: [PlaySummary] = []
  /// Reports that wait for the other hosts of their task, by play.
  private var pending: [Int: [StepReport]] = [:]
  /// Plays whose heading has been written, and the one that was written last.
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
    case .started(_, let plays, _): self.plays = plays
    case .stepEnded(let report): take(report)
    case .playEnded(let play): release(play, upTo: nil)
    case .warning(let diagnostic): show(DiagnosticRenderer().render(diagnostic))
    case .ended(let summary):
      for play in pending.keys.sorted() { release(play, upTo: nil) }
      live?.stop()
      write(Recap(style: style, verbosity: verbosity).render(summary))
    case .playStarted, .stepStarted, .waiting, .stepsAdded, .connected: break
    }
  }

  /// A task's reports are complete when its play has gone on to a later task.
  private func take(_ report: StepReport) {
    release(report.play, upTo: report.order)
    pending[report.play, default: []].append(report)
  }

  private func release(_ play: Int, upTo order: [Int]?) {
    guard let reports = pending[play], !reports.isEmpty else { return }
    var kept: [StepReport] = []
    var released: [StepReport] = []
    for report in reports {
      if let order, !report.order.lexicographicallyPrecedes(order) {
        kept.append(report)
      } else {
        released.append(report)
      }
    }
    pending[play] = kept
    guard !released.isEmpty else { return }
    let sorted = released.enumerated().sorted { left, right in
      if left.element.order == right.element.order { return left.offset < right.offset }
      return left.element.order.lexicographicallyPrecedes(right.element.order)
    }.map(\.element)
    var index = 0
    while index < sorted.count {
      var end = index + 1
      while end < sorted.count, sorted[end].order == sorted[index].order { end += 1 }
      let hosts = plays[play].hosts
      let group = sorted[index..<end].sorted {
        (hosts.firstIndex(of: $0.host) ?? 0) < (hosts.firstIndex(of: $1.host) ?? 0)
      }
      let text = renderer.render(TaskReport(reports: group))
      if !text.isEmpty { show(heading(play) + text) }
      index = end
    }
  }

  private func heading(_ play: Int) -> String {
    guard shown != play else { return "" }
    shown = play
    let summary = plays[play]
    let count = summary.hosts.count == 1 ? "1 host" : "\(summary.hosts.count) hosts"
    return "\n" + style.paint(summary.name, .bold) + style.paint("  \(count)", .dim) + "\n"
  }

  private func show(_ text: String) {
    if let live { live.write(above: text) } else { write(text) }
  }
}
