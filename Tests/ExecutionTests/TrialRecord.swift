import Execution
import Synchronization
import Values

/// Keeps all events.
final class Recorder: Reporter {
  private let kept = Mutex<[RunEvent]>([])
  private let others: [any Reporter]

  init(also others: [any Reporter] = []) { self.others = others }

  var events: [RunEvent] { kept.withLock { $0 } }

  func receive(_ event: RunEvent) async {
    kept.withLock { $0.append(event) }
    for other in others { await other.receive(event) }
  }
}

/// What came of a trial.
struct TrialRecord {
  var summary: RunSummary
  var events: [RunEvent]

  var reports: [StepReport] {
    events.compactMap { event in
      if case .stepEnded(let report) = event { return report }
      return nil
    }
  }

  /// How each step of a host ended, in order: `changed: task`.
  func steps(of host: String) -> [String] {
    reports.filter { $0.host == host }.map { "\($0.outcome.name): \($0.task)" }
  }

  /// How a task ended on a host, the last time; nil where it didn't run there.
  func outcome(_ task: String, on host: String = "a") -> Outcome? {
    report(task, on: host)?.outcome
  }

  func report(_ task: String, on host: String = "a") -> StepReport? {
    reports.last { $0.task == task && $0.host == host }
  }

  /// What `debug` said on a host, in order.
  func said(on host: String = "a") -> [String] {
    reports.filter { $0.host == host }.flatMap { report in
      report.items.isEmpty ? report.detail.messages : report.items.flatMap(\.detail.messages)
    }
  }

  func recap(of host: String) -> HostRecap {
    summary.hosts.first { $0.name == host }?.recap ?? HostRecap()
  }

  /// The tasks in the order in which they ended, with their hosts.
  var order: [String] { reports.map { "\($0.host): \($0.task)" } }
}
