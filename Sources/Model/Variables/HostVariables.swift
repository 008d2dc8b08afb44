internal import Diagnostics
package import Inventories
internal import OrderedCollections
package import Playbooks
internal import Synchronization
internal import Templates
internal import Values

/// The variables of all hosts of an inventory: what doesn't change, worked out once a host.
package final class HostVariables: Sendable {
  package let inventory: Inventory
  package let tree: GroupTree
  package let context: RunContext
  package let onDemand: FactsOnDemand
  private let hosts = Mutex<[String: Static]>([:])
  private let groups: Value

  /// What the inventory says of one host.
  struct Static: Sendable {
    var stack: VariableStack
  }

  /// - Parameter onDemand: facts that were gathered for the same run before.
  package init(
    _ inventory: Inventory, _ context: RunContext, onDemand: FactsOnDemand = FactsOnDemand()
  ) {
    self.inventory = inventory
    self.context = context
    self.onDemand = onDemand
    let tree = GroupTree(inventory)
    self.tree = tree
    var groups: OrderedDictionary<String, Value> = [:]
    for name in inventory.groups.keys { groups[name] = .strings(tree.hosts(of: name)) }
    self.groups = .object(groups)
  }

  /// The variables of a host as a task sees them.
  ///
  /// `layers` are the caller's: block, task, `include_vars` of the play, role parameters; of two with
  /// the same level the later is the stronger. Without a play, it's what `hostvars` shows.
  ///
  /// - Parameter requests: where facts of hosts that no play has come to are asked for; without it
  ///   they are undefined.
  package func scope(
    for host: String, play: PlayContext? = nil, role: Role? = nil, run: RunVariables,
    extra layers: [VariableLayer] = [], requests: FactRequests? = nil
  ) -> HostScope {
    HostScope(
      host: host, variables: self, run: run, play: play, role: role,
      stack: (play?.stack(for: role) ?? VariableStack()).adding(layers), requests: requests)
  }

  func inventoryPart(of host: String) -> Static {
    hosts.withLock { hosts in
      if let known = hosts[host] { return known }
      let part = makeInventoryPart(of: host)
      hosts[host] = part
      return part
    }
  }

  private func makeInventoryPart(of host: String) -> Static {
    var layers = inventory.definitions(of: host, tree).map { definition in
      VariableLayer(
        VariableLevel(definition), definition.set.variables, at: definition.set.range,
        detail: definition.group)
    }
    // The implicit localhost is reached without SSH.
    if inventory.hosts[host] == nil, HostPattern.isLocalhost(host) {
      layers.insert(VariableLayer(.inventoryHost, ["ansible_connection": "local"]), at: 0)
    }
    layers += magicLayers(of: host)
    return Static(stack: VariableStack(layers))
  }

  /// What the inventory itself says of a host: definitions for the host hide it, as in Ansible.
  private func magicLayers(of host: String) -> [VariableLayer] {
    let groups = tree.groups(of: host).filter { $0 != "all" }.sorted()
    let names: OrderedDictionary<String, Value> = [
      "inventory_hostname": .string(host),
      "inventory_hostname_short": .string(String(host.split(separator: ".").first ?? "")),
      "group_names": .strings(groups),
    ]
    // Behind the variables of the inventory's own files: above those of their level.
    var layers = [VariableLayer(.inventoryHost, names)]
    if let file = inventory.hosts[host]?.range.file.path, !file.hasPrefix("<") {
      let path = context.absolute(file)
      layers.append(
        VariableLayer(
          .playbookGroupFolder,
          ["inventory_file": .string(path), "inventory_dir": .string(folder(of: path))]))
    }
    for index in layers.indices { layers[index].isMagic = true }
    return layers
  }

  /// The magic variables of the inventory and of the run that nothing hides.
  func magic(_ name: String) -> Value? {
    switch name {
    case "groups": return groups
    case "ansible_inventory_sources": return .strings(inventory.sources.map(context.absolute))
    default: return context.magic(name)
    }
  }

  static let names =
    ["groups", "ansible_inventory_sources", "hostvars", "ansible_facts"] + RunContext.names
  /// Magic variables that definitions for a host hide.
  static let yieldingNames = [
    "inventory_hostname", "inventory_hostname_short", "group_names", "inventory_file",
    "inventory_dir",
  ]

  private func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
  }
}
