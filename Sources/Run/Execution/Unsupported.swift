package import Diagnostics
internal import Planning
package import Playbooks
internal import Templates

/// What the reader understands and the walk can't do yet: refused by name, before anything runs.
package enum Unsupported {
  /// One error for each such task of a play, its roles and handlers.
  package static func errors(in play: Play) -> [Diagnostic] {
    let roles = play.roles.flatMap { $0.tasks + $0.handlers }
    return errors(in: roles + play.preTasks + play.tasks + play.postTasks + play.handlers)
  }

  /// The same for tasks that an include brings.
  static func errors(in nodes: [TaskNode]) -> [Diagnostic] {
    nodes.flatMap { node -> [Diagnostic] in
      switch node {
      case .task(let task): error(in: task).map { [$0] } ?? []
      case .block(let block): errors(in: block.tasks + block.rescue + block.always)
      }
    }
  }

  /// `async` with a `poll` is done in one piece, which is the same to who reads the result; without
  /// one, the task would have to go on behind the run's back.
  private static func error(in task: TaskDefinition) -> Diagnostic? {
    guard let seconds = task.asynchronous, seconds.literalInt != 0, task.poll?.literalInt == 0
    else { return nil }
    return Diagnostic(
      .error, "`async` with `poll: 0` isn't supported", at: seconds.range,
      help: "let systemd run what shall go on: `command: systemd-run …`, or drop `poll: 0`")
  }
}
