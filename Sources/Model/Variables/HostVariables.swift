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
    var groupNames: Value
    var sourceFile: String?
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
    let names = tree.groups(of: host).filter { $0 != "all" }.sorted()
    let file = inventory.hosts[host]?.range.file.path
    return Static(
      stack: VariableStack(layers), groupNames: .strings(names),
      sourceFile: file?.hasPrefix("<") == false ? file : nil)
  }

  /// The magic variables of the inventory and of the run.
  func magic(_ name: String, host: String) -> Value? {
    switch name {
    case "inventory_hostname": return .string(host)
    case "inventory_hostname_short":
      return .string(String(host.split(separator: ".").first ?? ""))
    case "groups": return groups
    case "group_names": return inventoryPart(of: host).groupNames
    case "inventory_file": return inventoryPart(of: host).sourceFile.map { .string(absolute($0)) }
    case "inventory_dir":
      return inventoryPart(of: host).sourceFile.map { .string(folder(of: absolute($0))) }
    case "ansible_inventory_sources": return .strings(inventory.sources.map(absolute))
    default: return context.magic(name)
    }
  }

  static let names =
    ["inventory_hostname", "inventory_hostname_short", "groups", "group_names"]
    + ["inventory_file", "inventory_dir", "ansible_inventory_sources", "hostvars", "ansible_facts"]
    + RunContext.names

  private func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return context.workingFolder + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
  }

  private func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
  }
}
