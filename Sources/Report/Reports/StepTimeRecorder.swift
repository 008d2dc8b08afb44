package import Execution
internal import OrderedCollections
internal import Synchronization
internal import Values

/// Passes a run's events on, and keeps how long its steps took: for `graph --critical-path`.
///
/// What is kept are places, hosts, names of tasks and seconds; nothing that a step read or wrote.
package final class StepTimeRecorder: Reporter {
  private let next: any Reporter
  private let save: @Sendable (String) -> Void
  private let lines = Mutex<[String]>([])
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  /// - Parameter save: gets all lines when an apply ends.
  package init(_ next: any Reporter, save: @escaping @Sendable (String) -> Void) {
    self.next = next
    self.save = save
    start = clock.now
  }

  package func receive(_ event: RunEvent) async {
    switch event {
    case .stepEnded(let report):
      add([
        "event": "step", "play": .int(report.play),
        "order": .list(report.order.map { .int($0) }), "task": .string(report.task),
        "host": .string(report.host), "seconds": .float(report.duration / .seconds(1)),
        "at": .float((clock.now - start) / .seconds(1)),
      ])
    case .ended(let summary) where summary.mode == .apply:
      add(["event": "ended", "seconds": .float(summary.duration / .seconds(1))])
      save(lines.withLock { $0.joined() })
    default: break
    }
    await next.receive(event)
  }

  private func add(_ fields: OrderedDictionary<String, Value>) {
    let line = Value.object(fields).json() + "\n"
    lines.withLock { $0.append(line) }
  }
}
