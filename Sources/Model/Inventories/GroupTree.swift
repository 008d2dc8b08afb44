internal import Diagnostics
package import OrderedCollections

/// Who belongs to whom in an inventory, worked out once for quick questions.
package struct GroupTree: Sendable {
  /// How far a group is below `all`, by the longest way.
  package let depths: [String: Int]
  private let parents: [String: [String]]
  /// The place of each group in the order in which variables override: the later wins.
  private let ranks: [String: Int]
  /// For each group, itself and all groups above it, in the order of `groups(of:)`.
  private let chains: [String: [String]]
  private let inventory: Inventory

  /// Whether every host is in `all`, even where no source has said so yet.
  private let impliesAll: Bool

  package init(_ inventory: Inventory) { self.init(inventory, impliesAll: true) }

  /// The tree of an inventory that may not be complete yet.
  init(_ inventory: Inventory, impliesAll: Bool) {
    self.inventory = inventory
    self.impliesAll = impliesAll
    var parents: [String: [String]] = [:]
    for group in inventory.groups.values {
      for child in group.children { parents[child, default: []].append(group.name) }
    }
    if parents["ungrouped"] == nil { parents["ungrouped"] = ["all"] }
    self.parents = parents
    var depths: [String: Int] = [:]
    var ancestors: [String: Set<String>] = [:]
    for name in inventory.groups.keys {
      Self.measure(name, parents, &depths, &ancestors)
    }
    self.depths = depths
    let sorted = inventory.groups.values.sorted {
      (depths[$0.name] ?? 0, $0.priority, $0.name) < (depths[$1.name] ?? 0, $1.priority, $1.name)
    }
    let ranks = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.name, $0) })
    self.ranks = ranks
    chains = ancestors.mapValues { names in
      (impliesAll ? names.union(["all"]) : names).sorted { (ranks[$0] ?? 0) < (ranks[$1] ?? 0) }
    }
  }

  private static func measure(
    _ name: String, _ parents: [String: [String]], _ depths: inout [String: Int],
    _ ancestors: inout [String: Set<String>]
  ) {
    if depths[name] != nil { return }
    var depth = 0
    var above: Set<String> = [name]
    for parent in parents[name] ?? [] {
      measure(parent, parents, &depths, &ancestors)
      depth = max(depth, (depths[parent] ?? 0) + 1)
      above.formUnion(ancestors[parent] ?? [])
    }
    depths[name] = depth
    ancestors[name] = above
  }

  /// All groups of a host, its groups' ancestors too, `all` first: the later override the earlier.
  ///
  /// The order is that of depth, then priority, then name.
  package func groups(of host: String) -> [String] {
    let groups = inventory.hosts[host]?.groups ?? []
    if groups.count == 1, let chain = chains[groups[0]] { return chain }
    var names: Set<String> = impliesAll ? ["all"] : []
    for group in groups { names.formUnion(chains[group] ?? []) }
    return names.sorted { (ranks[$0] ?? 0) < (ranks[$1] ?? 0) }
  }

  /// The hosts of a group and of all groups below it: those of nearer groups first.
  package func hosts(of group: String) -> OrderedSet<String> {
    var hosts: OrderedSet<String> = []
    for name in inventory.descendants(of: group) {
      hosts.append(contentsOf: inventory.groups[name]?.hosts ?? [])
    }
    return hosts
  }
}
