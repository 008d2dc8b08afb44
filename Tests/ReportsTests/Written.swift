import Diagnostics
import ModuleKit
import Reports
import Synchronization
import Values

@testable import Execution

/// Text that a reporter has written.
final class Written: Sendable {
  private let parts = Mutex("")

  var text: String { parts.withLock { $0 } }

  func add(_ more: String) { parts.withLock { $0 += more } }

  /// What a text reporter makes of events.
  static func text(
    _ events: [RunEvent], mode: RunMode = .apply, verbosity: Int = 0, colour: Bool = false
  ) async -> String {
    let written = Written()
    let reporter = TextReporter(
      mode: mode, style: Style(hasColour: colour), verbosity: verbosity, showsDifferences: true,
      isTerminal: false
    ) { written.add($0) }
    for event in events { await reporter.receive(event) }
    return written.text
  }

  /// The same as JSON.
  static func json(_ events: [RunEvent]) async -> String {
    let written = Written()
    let reporter = JSONReporter { written.add($0) }
    for event in events { await reporter.receive(event) }
    return written.text
  }
}

/// A step's report with as little as a test needs.
func step(
  _ task: String, on host: String, _ outcome: Outcome = .changed, play: Int = 0, at order: [Int],
  detail: (inout StepDetail) -> Void = { _ in }
) -> StepReport {
  let file = SourceFile(path: "site.yml", text: "")
  var report = StepReport(
    play: play, order: order, task: task, role: nil, host: host, module: "copy",
    range: SourceRange(file: file, line: order.last ?? 1, column: 3), outcome: outcome)
  detail(&report.detail)
  return report
}

/// The end of a run with these numbers.
func ending(_ hosts: [(String, HostRecap)], _ mode: RunMode = .apply) -> RunEvent {
  .ended(
    RunSummary(
      mode: mode, hosts: hosts.map { (name: $0.0, recap: $0.1) }, duration: .milliseconds(1500),
      isInterrupted: false, lostHandlers: []))
}
