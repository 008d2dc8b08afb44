internal import Diagnostics
internal import Playbooks
internal import Templates
internal import Values

/// A node of a run's graph.
package enum Step: Sendable {
  /// A task on a host.
  case task(TaskInstance, host: String)
  /// A task that one of these hosts runs for all: the first that hasn't failed.
  case once(TaskInstance, hosts: [String])
  /// All of a task's hosts have passed; what they included comes in here.
  case barrier(TaskInstance)
  /// Here the handlers run that these hosts have notified; they come in when it is reached.
  ///
  /// - Parameter from: the place of the first that may run; those before it have had their turn.
  case flush(play: Int, hosts: [String], order: [Int], from: Int = 0)
  case playStart(Int)
  case playEnd(Int)

  package var instance: TaskInstance? {
    switch self {
    case .task(let instance, _), .once(let instance, _), .barrier(let instance): instance
    case .flush, .playStart, .playEnd: nil
    }
  }
}

extension Step: CustomStringConvertible {
  package var description: String {
    switch self {
    case .task(let instance, let host): "\(host): \(instance.title)"
    case .once(let instance, let hosts):
      "one of \(hosts.joined(separator: ", ")): \(instance.title)"
    case .barrier(let instance): "all have passed: \(instance.title)"
    case .flush: "handlers"
    case .playStart(let index): "play \(index + 1) starts"
    case .playEnd(let index): "play \(index + 1) ends"
    }
  }
}

extension TaskInstance {
  /// The task's name as written, or its module's.
  package var title: String {
    switch definition.name {
    case .literal(let value, _)?: value.description
    case .template(let template)?: template.text
    default: definition.action.content
    }
  }
}
