internal import Diagnostics
internal import Inventories
internal import OrderedCollections
internal import Templates
internal import Values

/// Groups of equal weight that give one host different values: their names alone decide.
struct GroupRivalry: Hashable {
  private var variable: String
  private var winner: String
  private var loser: String

  /// A warning for each variable and pair of groups, with the hosts that are in both.
  static func diagnostics(of inventory: Inventory, _ tree: GroupTree) -> [Diagnostic] {
    var rivals: OrderedDictionary<GroupRivalry, (hosts: [String], places: [SourceRange])> = [:]
    for host in inventory.hosts.keys {
      for (rivalry, places) in Self.rivalries(on: host, inventory, tree) {
        rivals[rivalry, default: ([], places)].hosts.append(host)
      }
    }
    return rivals.map { $0.diagnostic($1.hosts, $1.places) }
  }

  /// The pairs of groups that contradict each other on a host, with both definitions' places.
  private static func rivalries(
    on host: String, _ inventory: Inventory, _ tree: GroupTree
  ) -> [(GroupRivalry, [SourceRange])] {
    var last: [String: (group: String, origin: VariableSet.Origin, value: Expression)] = [:]
    var found: [(GroupRivalry, [SourceRange])] = []
    for definition in inventory.definitions(of: host, tree) {
      let origin = definition.set.origin
      for (name, value) in definition.set.variables {
        guard let group = definition.group else {
          // The host's own value settles it.
          found.removeAll { $0.0.variable == name }
          continue
        }
        if let before = last[name], before.group != group {
          found.removeAll { $0.0.variable == name }
          if before.origin == origin, tree.depths[before.group] == tree.depths[group],
            inventory.groups[before.group]?.priority == inventory.groups[group]?.priority,
            before.value.literal != value.literal || value.literal == nil
          {
            let rivalry = GroupRivalry(variable: name, winner: group, loser: before.group)
            found.append((rivalry, [value.range, before.value.range]))
          }
        }
        last[name] = (group, origin, value)
      }
    }
    return found
  }

  private func diagnostic(_ hosts: [String], _ places: [SourceRange]) -> Diagnostic {
    let others = hosts.count > 1 ? " and \(hosts.count - 1) more" : ""
    return Diagnostic(
      .warning,
      "`\(hosts[0])`\(others) in the groups `\(loser)` and `\(winner)`, which contradict each "
        + "other in `\(variable)`: `\(winner)` wins by its name alone",
      at: places[0],
      help: "give one of them an ansible_group_priority, or the host a value of its own",
      notes: [Located("the value that loses", at: places[1])])
  }
}

extension Expression {
  /// A literal's value, or a template's text; nil for lists and dictionaries that hold templates.
  fileprivate var literal: Value? {
    switch self {
    case .literal(let value, _): return value
    case .template(let template): return .list([.string(template.text)])
    case .list(let items, _):
      let values = items.compactMap(\.literal)
      return values.count == items.count ? .list(values) : nil
    case .dict(let entries, _):
      var dict: OrderedDictionary<Value, Value> = [:]
      for entry in entries {
        guard let key = entry.key.literal, let value = entry.value.literal else { return nil }
        dict[key] = value
      }
      return .dict(dict)
    }
  }
}
