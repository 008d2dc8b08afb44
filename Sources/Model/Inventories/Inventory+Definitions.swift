internal import OrderedCollections

/// Variables that the inventory gives a host, with the group that they come by.
package struct InventoryDefinition: Sendable {
  /// The group; nil for the host's own.
  package var group: String?
  package var set: VariableSet
}

extension Inventory {
  /// All definitions for a host, the weakest first: Ansible's order of groups, files and folders.
  ///
  /// The inventory files' own group variables come first, then `group_vars/all`, then the other
  /// groups', then the host's; beside the playbook overrides beside the inventory.
  package func definitions(of host: String, _ tree: GroupTree) -> [InventoryDefinition] {
    groupDefinitions(of: tree.groups(of: host)) + hostDefinitions(of: host)
  }

  /// The definitions of groups, in the order of `GroupTree.groups(of:)`: weaker than any host's.
  func groupDefinitions(of names: [String]) -> [InventoryDefinition] {
    var found: [InventoryDefinition] = []
    func add(_ names: some Sequence<String>, _ origin: VariableSet.Origin) {
      for name in names {
        for set in groups[name]?.variables ?? [] where set.origin == origin {
          found.append(InventoryDefinition(group: name, set: set))
        }
      }
    }
    add(names, .inventory)
    let isInAll = names.first == "all"
    let others = isInAll ? names.dropFirst() : names[...]
    if isInAll {
      add(["all"], .besideInventory)
      add(["all"], .besidePlaybook)
    }
    add(others, .besideInventory)
    add(others, .besidePlaybook)
    return found
  }

  /// A host's own definitions.
  func hostDefinitions(of host: String) -> [InventoryDefinition] {
    var found: [InventoryDefinition] = []
    for origin in VariableSet.Origin.allCases {
      let own = hosts[host]?.variables ?? reserved.hosts[host] ?? []
      for set in own where set.origin == origin {
        found.append(InventoryDefinition(group: nil, set: set))
      }
    }
    return found
  }
}
