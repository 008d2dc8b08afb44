internal import OrderedCollections
package import Values

extension InventoryListing {
  // MARK: As YAML inventories say it

  /// The groups within one another below `all`, as a YAML inventory holds them.
  ///
  /// A host's variables stand where it is seen first, and so does what a group holds.
  package var nestedForm: Value {
    var walk = NestedWalk(listing: self, text: WrittenText(showsSecrets: showsSecrets))
    let all = walk.parts(ofGroup: "all")
    return all.isEmpty ? [:] : .object(["all": .object(all)])
  }

  // MARK: As TOML inventories say it

  /// The groups beside one another, as a TOML inventory holds them.
  package var tableForm: Value {
    let text = WrittenText(showsSecrets: showsSecrets)
    var merge = VariableMerge(listing: self, text: text)
    var tables: OrderedDictionary<String, Value> = [:]
    var seen: Set<String> = []
    for name in inventory.descendants(of: "all") {
      guard let group = inventory.groups[name] else { continue }
      var parts: OrderedDictionary<String, Value> = [:]
      if name != "all" {
        if !group.children.isEmpty { parts["children"] = .strings(group.children) }
        let hosts = hosts(of: group, &merge, &seen)
        if !hosts.isEmpty { parts["hosts"] = .object(hosts) }
      }
      if isExport {
        let variables = variables(ofGroup: name, text)
        if !variables.isEmpty { parts["vars"] = .object(variables) }
      }
      if !parts.isEmpty { tables[name] = .object(parts) }
    }
    return .object(tables)
  }

  /// A group's hosts, with the variables of those that nobody has seen yet.
  fileprivate func hosts(
    of group: Group, _ merge: inout VariableMerge, _ seen: inout Set<String>
  ) -> OrderedDictionary<String, Value> {
    var hosts: OrderedDictionary<String, Value> = [:]
    for host in limited(group.hosts) {
      let isNew = seen.insert(host).inserted
      hosts[host] = isNew ? .object(merge.variables(ofHost: host)) : [:]
    }
    return hosts
  }
}

/// A walk over groups within groups.
private struct NestedWalk {
  let listing: InventoryListing
  let text: WrittenText
  private var merge: VariableMerge
  private var hosts: Set<String> = []
  private var groups: Set<String> = []

  init(listing: InventoryListing, text: WrittenText) {
    self.listing = listing
    self.text = text
    merge = VariableMerge(listing: listing, text: text)
  }

  mutating func parts(ofGroup name: String) -> OrderedDictionary<String, Value> {
    guard let group = listing.inventory.groups[name] else { return [:] }
    var parts: OrderedDictionary<String, Value> = [:]
    var children: OrderedDictionary<String, Value> = [:]
    for child in group.children {
      if groups.insert(child).inserted {
        let inner = self.parts(ofGroup: child)
        if !inner.isEmpty { children[child] = .object(inner) }
      } else {
        children[child] = [:]
      }
    }
    if !children.isEmpty { parts["children"] = .object(children) }
    if name != "all" {
      let own = listing.hosts(of: group, &merge, &hosts)
      if !own.isEmpty { parts["hosts"] = .object(own) }
    }
    if listing.isExport {
      let variables = listing.variables(ofGroup: name, text)
      if !variables.isEmpty { parts["vars"] = .object(variables) }
    }
    return parts
  }
}
