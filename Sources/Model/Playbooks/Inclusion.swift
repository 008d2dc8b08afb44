/// What an `include_tasks` or `include_role` brings in when it is reached.
package struct Inclusion: Sendable {
  /// Blocks that carry the include's `vars` and `apply`; neither its `when` nor its `tags`.
  package var tasks: [TaskNode]
  /// Of an included role: they join the play's handlers.
  package var handlers: [TaskNode]
  /// The included role, after the roles that it depends on; empty for files of tasks.
  package var roles: [Role]

  package init(tasks: [TaskNode], handlers: [TaskNode] = [], roles: [Role] = []) {
    self.tasks = tasks
    self.handlers = handlers
    self.roles = roles
  }
}
