internal import Execution

/// A play's reports on their way to the reader: the hosts' reports of a task come together.
struct PlayReport {
  let summary: PlaySummary
  /// The hosts' places, for their order under a task.
  private let places: [String: Int]
  /// What waits for other hosts, by the task's place in the run.
  private var pending: [[Int]: [StepReport]] = [:]

  init(_ summary: PlaySummary) {
    self.summary = summary
    places = Dictionary(
      summary.hosts.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
  }

  /// Takes a report, and answers with the tasks that are complete by it.
  ///
  /// Where hosts keep in step, a task is complete when another begins; elsewhere when all hosts
  /// have reported, or the play ends.
  mutating func add(_ report: StepReport) -> [TaskReport] {
    guard summary.isInStep else {
      pending[report.order, default: []].append(report)
      guard pending[report.order]?.count == places.count,
        let whole = pending.removeValue(forKey: report.order)
      else { return [] }
      return [task(whole)]
    }
    let done = pending[report.order] == nil ? rest() : []
    pending[report.order, default: []].append(report)
    return done
  }

  /// All that is left, in the playbook's order.
  mutating func rest() -> [TaskReport] {
    defer { pending = [:] }
    return pending.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { task($0.value) }
  }

  private func task(_ reports: [StepReport]) -> TaskReport {
    TaskReport(
      reports: reports.sorted { (places[$0.host] ?? .max) < (places[$1.host] ?? .max) })
  }
}
