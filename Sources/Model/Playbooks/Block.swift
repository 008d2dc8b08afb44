package import Diagnostics
package import OrderedCollections
package import Templates

/// `block:` with `rescue:` and `always:`. An imported file of tasks is a block without them.
package struct Block: Sendable {
  package var name: String?
  package var keywords = Keywords()
  package var tasks: [TaskNode]
  package var rescue: [TaskNode] = []
  package var always: [TaskNode] = []
  /// Nil outside of roles.
  package var role: Role?
  /// What an imported or included role depends on: skipped on hosts where a role with this
  /// identity ran before, unless it allows duplicates.
  package var isDependency = false
  /// The roles that need that one as a dependency, the nearest first.
  package var dependents: [Role] = []
  /// Parameters of a role that an imported or included one depends on.
  package var parameters: OrderedDictionary<String, Expression> = [:]
  package var range: SourceRange

  package init(_ tasks: [TaskNode], role: Role? = nil, at range: SourceRange) {
    self.tasks = tasks
    self.role = role
    self.range = range
  }
}
