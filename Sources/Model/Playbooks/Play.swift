package import Diagnostics
package import Templates

/// One play.
package struct Play: Sendable {
  package var name: String?
  /// Host patterns, possibly templates.
  package var hosts: Expression
  /// The extension keys `id:` and `needs:`; nil where the play runs after the one before it.
  package var id: String?
  package var needs: [Located<String>]?
  package var keywords = Keywords()
  /// `linear`, `free`, `host_pinned` or `graph`.
  package var strategy = "linear"
  /// Batch sizes: numbers or percentages; empty for all at once.
  package var serial: [Expression] = []
  package var maxFailPercentage: Expression?
  package var gathersFacts: Expression?
  package var gatherSubset: [String]?
  /// Seconds.
  package var gatherTimeout: Expression?
  package var variableFiles: [Expression] = []
  package var variablePrompts: [VariablePrompt] = []
  /// In the order in which they run: what a role depends on stands before it.
  package var roles: [RoleUse] = []
  /// Roles of `import_role` tasks: their variables are seen by the whole play, too.
  package var importedRoles: [Role] = []
  /// Of `import_role` with `public: false`: their variables are seen by their own tasks alone.
  package var privateRoles: [Role] = []
  package var preTasks: [TaskNode] = []
  package var tasks: [TaskNode] = []
  package var postTasks: [TaskNode] = []
  /// The play's own and those of `import_role`; roles of `roles:` bring theirs.
  package var handlers: [TaskNode] = []
  package var forceHandlers = false
  /// `inventory`, `reverse_inventory`, `sorted`, `reverse_sorted` or `shuffle`.
  package var order: String?
  /// The folder of the playbook file, first in the search path.
  package var folder: String
  package var range: SourceRange

  package init(hosts: Expression, folder: String, at range: SourceRange) {
    self.hosts = hosts
    self.folder = folder
    self.range = range
  }
}
