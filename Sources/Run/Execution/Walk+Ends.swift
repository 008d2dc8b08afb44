internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Values

/// What a step's end means to its host and to the run.
extension Walk {
  /// A failure's consequences for its host, and by `any_errors_fatal` for others.
  mutating func settle(_ end: inout StepEnd) {
    guard var progress = hosts[end.host] else { return }
    switch end.report.outcome {
    case .failed(let message, false, _):
      let isRescued = progress.fail(at: end.instance)
      end.report.outcome = .failed(message: message, isIgnored: false, isRescued: isRescued)
      if isRescued { noteFailure(end) }
    case .unreachable: progress.lose()
    default: break
    }
    progress.count(end.report, isChanged: end.registered?["changed"] == .bool(true))
    hosts[end.host] = progress
    switch end.report.outcome {
    case .failed(_, false, let isRescued): spread(end, isRescued: isRescued)
    case .unreachable: spread(end, isRescued: false)
    default: break
    }
    if end.report.outcome.isRun {
      for host in end.sharers.isEmpty ? [end.host] : end.sharers {
        hosts[host]?.noteRun(end.instance)
      }
    }
  }

  /// `ansible_failed_task` and `ansible_failed_result`, for the rescue.
  private func noteFailure(_ end: StepEnd) {
    executor.variables.set(
      [
        "ansible_failed_task": [
          "name": .string(end.instance.definition.name == nil ? "" : end.report.task),
          "action": .string(end.report.module),
        ],
        "ansible_failed_result": end.registered ?? .null,
      ], for: end.host)
  }

  /// Registers the result, notes notifications and what was touched.
  mutating func remember(_ end: StepEnd) {
    var memory = end.memory
    if var progress = hosts[end.host] {
      memory.cache.forget(progress.touchedMeanwhile)
      progress.touchedMeanwhile = []
      progress.recap.roundTrips = memory.roundTrips
      progress.memory = memory
      hosts[end.host] = progress
    }
    for (host, subjects) in end.touchedElsewhere {
      if hosts[host]?.memory != nil {
        hosts[host]?.memory?.cache.forget(subjects)
      } else {
        hosts[host]?.touchedMeanwhile += subjects
      }
    }
    if end.instance.gathersFacts, end.report.outcome == .satisfied {
      for host in end.sharers.isEmpty ? [end.host] : end.sharers { hosts[host]?.hasGathered = true }
    }
    if end.hasActed { volatileOrigin = end.report.task }
    if let name = end.instance.definition.register, let value = end.registered {
      for host in end.sharers.isEmpty ? [end.host] : end.sharers {
        executor.variables.register(name, value, for: host)
      }
    }
    for notification in end.notifications { notify(notification, end) }
    if end.instance.isHandler { forget(end.instance, on: end.host) }
  }
}
