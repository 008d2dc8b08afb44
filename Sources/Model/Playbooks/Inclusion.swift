/// What an `include_tasks` or `include_role` brings in when it is reached.
package struct Inclusion: Sendable {
  /// Blocks that carry the include's `vars` and `apply`; neither its `when` nor its `tags`.
  package var tasks: [TaskNode]
  /// Of an included role: they join the play's handlers.
  package var handlers: [TaskNode]
  /// The included role; nil for files of tasks.
  package var role: Role?
  /// Roles that the included tasks import: the play sees their variables.
  package var importedRoles: [Role]

  package init(
    tasks: [TaskNode], handlers: [TaskNode] = [], role: Role? = nil, importedRoles: [Role] = []
  ) {
    self.tasks = tasks
    self.handlers = handlers
    self.role = role
    self.importedRoles = importedRoles
  }
}
