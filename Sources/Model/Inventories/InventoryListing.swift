internal import Diagnostics
package import OrderedCollections
package import Templates
package import Values

/// What an inventory says of its hosts and groups, in the forms that ansible-inventory gives it.
///
/// Templates stand as they are written. Vaulted text stands encrypted; what vaulted files hold is
/// secret, and `(secret)` stands in its place unless `showsSecrets`.
package struct InventoryListing: Sendable {
  let inventory: Inventory
  let tree: GroupTree
  /// Whether group variables stay with their groups instead of being given to each host.
  package var isExport = false
  /// Whether the values of vaulted files are shown.
  package var showsSecrets = false
  /// What `-e` gives every host; it stays out of an export.
  package var extra: OrderedDictionary<String, Expression> = [:]
  /// The hosts to be listed; nil for all.
  package var limit: OrderedSet<String>?

  package init(_ inventory: Inventory, _ tree: GroupTree) {
    self.inventory = inventory
    self.tree = tree
  }

  // MARK: As inventory scripts say it

  /// What an inventory script says to `--list`: the groups by name, and `_meta`.
  package var scriptForm: Value {
    var text = WrittenText(showsSecrets: showsSecrets)
    text.wrapsUnsafe = true
    var groups: OrderedDictionary<String, Value> = [
      "_meta": ["hostvars": hostVariables(text), "profile": "inventory_legacy"]
    ]
    for name in inventory.groups.keys {
      let parts = self.parts(ofGroup: name, text)
      if !parts.isEmpty { groups[name] = .object(parts) }
    }
    return .object(groups)
  }

  /// The variables of all hosts that have any, by the hosts' names.
  private func hostVariables(_ text: WrittenText) -> Value {
    let hosts = limited(Array(inventory.hosts.keys))
    let parts = SideBySide.map(hosts.count, inPartsOf: 500) { part in
      var merge = VariableMerge(listing: self, text: text)
      return hosts[part].compactMap { host -> (Value, Value)? in
        let variables = merge.variables(ofHost: host)
        return variables.isEmpty ? nil : (.string(host), .object(variables))
      }
    }
    return .dict(OrderedDictionary(uniqueKeysWithValues: parts.joined()))
  }

  private func parts(
    ofGroup name: String, _ text: WrittenText
  ) -> OrderedDictionary<String, Value> {
    guard let group = inventory.groups[name] else { return [:] }
    var parts: OrderedDictionary<String, Value> = [:]
    let hosts = name == "all" ? [] : limited(group.hosts)
    if !hosts.isEmpty { parts["hosts"] = .strings(hosts) }
    if !group.children.isEmpty { parts["children"] = .strings(group.children) }
    if isExport {
      let variables = self.variables(ofGroup: name, text)
      if !variables.isEmpty { parts["vars"] = .object(variables) }
    }
    return parts
  }

  func limited(_ hosts: [String]) -> [String] {
    guard let limit else { return hosts }
    return hosts.filter { limit.contains($0) }
  }

  // MARK: Variables

  /// The variables of one host, as `--host` shows them.
  package func variables(ofHost host: String) -> Value {
    var merge = VariableMerge(listing: self, text: WrittenText(showsSecrets: showsSecrets))
    return .object(merge.variables(ofHost: host))
  }

  /// The variables of a group alone, those of `group_vars/` among them.
  func variables(
    ofGroup name: String, _ text: WrittenText
  ) -> OrderedDictionary<String, Value> {
    var values: OrderedDictionary<String, Value> = [:]
    if let priority = inventory.groups[name]?.givenPriority {
      values["ansible_group_priority"] = .int(priority)
    }
    let sets = inventory.groups[name]?.variables ?? []
    for origin in VariableSet.Origin.allCases {
      for set in sets where set.origin == origin {
        for (name, written) in set.variables { values[name] = text.value(written) }
      }
    }
    return values
  }
}
