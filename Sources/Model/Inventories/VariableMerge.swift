internal import OrderedCollections
internal import Templates
internal import Values

/// Lays a host's variables over those of its groups; hosts of the same groups share these.
struct VariableMerge {
  let listing: InventoryListing
  let text: WrittenText
  private var known: [[String]: OrderedDictionary<String, Value>] = [:]

  init(listing: InventoryListing, text: WrittenText) {
    self.listing = listing
    self.text = text
  }

  /// The variables of a host; in an export its own alone.
  mutating func variables(ofHost host: String) -> OrderedDictionary<String, Value> {
    let inventory = listing.inventory
    var values = listing.isExport ? [:] : variables(ofGroups: listing.tree.groups(of: host))
    for definition in inventory.hostDefinitions(of: host) { lay(definition.set, over: &values) }
    if inventory.hosts[host] == nil, HostPattern.isLocalhost(host) {
      // The implicit localhost is reached without SSH.
      values["ansible_connection"] = values["ansible_connection"] ?? "local"
    }
    if !listing.isExport {
      for (name, written) in listing.extra { values[name] = text.value(written) }
    }
    return values
  }

  private mutating func variables(
    ofGroups names: [String]
  ) -> OrderedDictionary<String, Value> {
    if let values = known[names] { return values }
    var values: OrderedDictionary<String, Value> = [:]
    for definition in listing.inventory.groupDefinitions(of: names) {
      lay(definition.set, over: &values)
    }
    known[names] = values
    return values
  }

  private func lay(_ set: VariableSet, over values: inout OrderedDictionary<String, Value>) {
    for (name, written) in set.variables { values[name] = text.value(written) }
  }
}
