package import OrderedCollections
package import Playbooks
package import Templates
internal import Values

/// A task at one place of the run: the same for all hosts that pass it.
package final class TaskInstance: Sendable {
  /// Where it stands among all of the run, as people read the playbook; compared number by number,
  /// so that what is included later finds its place between.
  package let order: [Int]
  package let definition: TaskDefinition
  /// The task's keywords with what it inherits of blocks, role and play.
  package let keywords: Keywords
  package let tags: [String]
  /// From the outermost block to the innermost.
  package let guards: [BlockGuard]
  /// Variables of the place, from the weakest level to the strongest.
  package let layers: TaskLayers
  package let role: Role?
  /// The roles that included or imported that one, the nearest first.
  package let parentRoles: [Role]
  /// The roles that need that one as a dependency, the nearest first.
  package let dependentRoles: [Role]
  /// The uses of roles that it belongs to, from the outermost to the innermost.
  package let passes: [RolePass]
  /// The play, by its index in the playbook.
  package let play: Int
  package let kind: Kind

  package enum Kind: Sendable, Hashable {
    case task
    /// Runs where it was notified.
    case handler
    /// The play's own gathering of facts.
    case gatherFacts
  }

  package init(
    order: [Int], definition: TaskDefinition, keywords: Keywords, tags: [String],
    guards: [BlockGuard], layers: TaskLayers, role: Role?, play: Int, kind: Kind,
    passes: [RolePass] = [], parentRoles: [Role] = [], dependentRoles: [Role] = []
  ) {
    self.order = order
    self.definition = definition
    self.keywords = keywords
    self.tags = tags
    self.guards = guards
    self.layers = layers
    self.role = role
    self.play = play
    self.kind = kind
    self.passes = passes
    self.parentRoles = parentRoles
    self.dependentRoles = dependentRoles
  }

  package var isHandler: Bool { kind == .handler }

  /// The roles in whose folders files of the task are looked for, its own first.
  package var searchedRoles: [Role] { (role.map { [$0] } ?? []) + dependentRoles + parentRoles }

  /// The roles around one that is included here, the nearest first.
  var parentsOfInner: [Role] { (role.map { [$0] } ?? []) + parentRoles }

  /// Whether facts are gathered here for good: by the play, or by `gather_facts`. A `setup` doesn't
  /// count, since it may gather a part.
  package var gathersFacts: Bool {
    kind == .gatherFacts || definition.shortAction == "gather_facts"
  }

  /// Whether the task runs once for all hosts of its batch; only a literal counts.
  package var runsOnce: Bool {
    if keywords.runOnce?.literalBool ?? false { return true }
    // These orders concern all hosts; the first decides, as in Ansible.
    return definition.shortAction == "meta"
      && ["end_play", "end_batch", "clear_facts", "clear_host_errors"]
        .contains(definition.metaAction)
  }
}

/// The variables that a place in a playbook brings, by Ansible's levels of precedence.
package struct TaskLayers: Sendable {
  package typealias Variables = OrderedDictionary<String, Expression>

  /// Level 16, merged from outer to inner; `vars:` of the role's use are the outermost.
  package var block: Variables = [:]
  /// Level 17.
  package var task: Variables = [:]
  /// Level 20: bare parameters of the role's use.
  package var roleParameters: Variables = [:]
  /// Level 21: `vars` of an include.
  package var includeParameters: Variables = [:]
  /// Values that belong to the place itself: an including loop's `item`.
  package var bound: [String: Variable] = [:]

  package init() {}
}

/// One use of a role in a run.
package struct RolePass: Sendable, Hashable {
  /// `Role.identity`.
  package let identity: String
  /// Unique in the run.
  package let number: Int
  /// Whether it is passed over on hosts where another use of the same role ran a task in this play:
  /// uses by `roles:` and by dependencies, unless the role allows duplicates.
  package let isSkippable: Bool

  package init(identity: String, number: Int, isSkippable: Bool) {
    self.identity = identity
    self.number = number
    self.isSkippable = isSkippable
  }
}

/// The section of a block that a task stands in.
package struct BlockGuard: Sendable, Hashable {
  package enum Section: Sendable, Hashable { case main, rescue, always }

  /// Unique in the run.
  package let block: Int
  package let section: Section
  package let hasRescue: Bool

  package init(block: Int, section: Section, hasRescue: Bool) {
    self.block = block
    self.section = section
    self.hasRescue = hasRescue
  }
}

extension Expression {
  /// A truth value written as such, or text that says one.
  package var literalBool: Bool? {
    guard case .literal(let value, _) = self else { return nil }
    switch value {
    case .bool(let flag): return flag
    case .string(let text):
      switch text.lowercased() {
      case "yes", "true", "on", "1": return true
      case "no", "false", "off", "0": return false
      default: return nil
      }
    case .int(let number): return number != 0
    default: return nil
    }
  }

  /// A whole number written as such.
  package var literalInt: Int? {
    guard case .literal(let value, _) = self else { return nil }
    switch value {
    case .int(let number): return number
    case .string(let text): return Int(text)
    default: return nil
    }
  }

  /// Text written as such.
  package var literalString: String? {
    guard case .literal(let value, _) = self else { return nil }
    return value.description
  }
}
