internal import Execution

/// What several hosts did, or would do, at one task; equal ones together.
struct TaskReport {
  var reports: [StepReport]

  var first: StepReport { reports[0] }

  /// Hosts whose outcome and detail are the same, in the order of their first.
  var groups: [[StepReport]] {
    var keys: [String: Int] = [:]
    var groups: [[StepReport]] = []
    for report in reports {
      let key = Self.key(report)
      if let index = keys[key] {
        groups[index].append(report)
      } else {
        keys[key] = groups.count
        groups.append([report])
      }
    }
    return groups
  }

  /// The task's heading: `role : name`.
  var title: String {
    let name = first.role.map { "\($0) : \(first.task)" } ?? first.task
    return first.isHandler ? "handler: \(name)" : name
  }

  /// The outcome that weighs most, for the sign in front of the title.
  var sign: Sign { reports.map { Sign($0.outcome) }.max() ?? .satisfied }

  private static func key(_ report: StepReport) -> String {
    var key = "\(report.outcome)|\(report.detail.reason)|\(report.detail.differences)"
    key += "|\(report.detail.actions)|\(report.detail.messages)|\(report.delegatedTo ?? "")"
    for item in report.items {
      key += "|\(item.label)|\(item.outcome)|\(item.detail.differences)|\(item.detail.actions)"
    }
    return key
  }
}

/// The sign in front of a task, from what weighs least to what weighs most.
enum Sign: Int, Comparable {
  case skipped, satisfied, deferred, changed, failed

  init(_ outcome: Outcome) {
    switch outcome {
    case .skipped: self = .skipped
    case .satisfied: self = .satisfied
    case .deferred: self = .deferred
    case .changed: self = .changed
    case .failed, .unreachable: self = .failed
    }
  }

  var text: String {
    switch self {
    case .skipped: "-"
    case .satisfied: "="
    case .deferred: "?"
    case .changed: "~"
    case .failed: "!"
    }
  }

  var colour: Style.Colour {
    switch self {
    case .skipped: .dim
    case .satisfied: .green
    case .deferred: .cyan
    case .changed: .yellow
    case .failed: .red
    }
  }

  static func < (left: Sign, right: Sign) -> Bool { left.rawValue < right.rawValue }
}
