package import Diagnostics
package import Planning
package import Playbooks

/// Reads included tasks and roles when the run reaches them.
package protocol IncludeReader: Sendable {
  func read(_ request: IncludeRequest, of task: TaskInstance) throws(Diagnostics) -> IncludedTasks
}

/// What an include brought.
package struct IncludedTasks: Sendable {
  package var tasks: [TaskNode]
  package var handlers: [TaskNode]
  package var role: Role?
  /// Roles that the tasks import: the play sees their variables.
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
