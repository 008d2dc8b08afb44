package import Diagnostics
package import OrderedCollections
package import Templates

/// A role as a play, a dependency or a task uses it.
package struct RoleUse: Sendable {
  package var role: Role
  /// Of the place that uses it, `vars:` among them.
  ///
  /// A dependency has those of what depends on it, too.
  package var keywords: Keywords
  /// Bare parameters, which are stronger than almost everything; a dependency has those of what
  /// depends on it, too.
  package var parameters: OrderedDictionary<String, Expression>
  package var tasks: [TaskNode]
  package var handlers: [TaskNode]
  /// Whether the play's `roles:` use a role with the same identity before.
  ///
  /// It is then skipped on hosts where the earlier use ran a task, as Ansible does.
  package var isRepeated = false
  /// The roles that need this one as a dependency, the nearest first.
  package var dependents: [Role] = []
  package var range: SourceRange

  package init(
    _ role: Role, keywords: Keywords,
    parameters: OrderedDictionary<String, Expression> = [:], tasks: [TaskNode],
    handlers: [TaskNode], isRepeated: Bool = false, at range: SourceRange
  ) {
    self.role = role
    self.keywords = keywords
    self.parameters = parameters
    self.tasks = tasks
    self.handlers = handlers
    self.isRepeated = isRepeated
    self.range = range
  }
}
