package import Diagnostics
package import OrderedCollections
package import Templates

/// The hosts and groups of a run, with the variables that the inventory's own files give them.
///
/// `all` and `ungrouped` are always there. Hosts and groups stand in the order of their definition.
package struct Inventory: Sendable {
  package var hosts: OrderedDictionary<String, HostDefinition> = [:]
  package var groups: OrderedDictionary<String, Group> = [:]
  /// The files and folders it was read from, for `group_vars/` and `inventory_dir`.
  package var sources: [String] = []
  /// What `group_vars/` and `host_vars/` hold for groups and hosts that only a run may add.
  var reserved = ReservedVariables()

  package init() {}
}

/// Variables that wait for the groups and hosts of `add_host` and `group_by`.
struct ReservedVariables: Sendable {
  var groups: [String: [VariableSet]] = [:]
  var hosts: [String: [VariableSet]] = [:]
}

/// A host as the inventory defines it.
package struct HostDefinition: Sendable {
  package var name: String
  /// Variables beside the host's name, in the order in which they override one another.
  package var variables: [VariableSet] = []
  /// Groups that name it directly.
  package var groups: [String] = []
  package var range: SourceRange

  package init(name: String, at range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// A group as the inventory defines it.
package struct Group: Sendable {
  package var name: String
  package var hosts: [String] = []
  package var children: [String] = []
  package var variables: [VariableSet] = []
  /// `ansible_group_priority`; nil where it isn't given.
  package var givenPriority: Int?
  /// The weight among groups of the same depth; the default is 1.
  package var priority: Int { givenPriority ?? 1 }
  package var range: SourceRange

  package init(name: String, at range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// Variables that one place defines together.
package struct VariableSet: Sendable {
  /// Where a host's or a group's variables may stand; the later overrides the earlier.
  package enum Origin: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// The inventory file itself.
    case inventory
    /// `group_vars/` or `host_vars/` beside the inventory.
    case besideInventory
    /// `group_vars/` or `host_vars/` beside the playbook.
    case besidePlaybook

    package static func < (left: Origin, right: Origin) -> Bool { left.rawValue < right.rawValue }
  }

  package var variables: OrderedDictionary<String, Expression>
  package var origin: Origin
  /// Where: a file, or a host's line.
  package var range: SourceRange

  package init(
    _ variables: OrderedDictionary<String, Expression>, origin: Origin = .inventory,
    at range: SourceRange
  ) {
    self.variables = variables
    self.origin = origin
    self.range = range
  }
}
