package import Diagnostics
package import OrderedCollections
internal import Templates
internal import Values

extension Inventory {
  /// Adds a group unless it is there, with what `group_vars/` holds for it.
  package mutating func addGroup(_ name: String, at range: SourceRange) {
    if groups[name] != nil { return }
    var group = Group(name: name, at: range)
    group.variables = reserved.groups[name] ?? []
    groups[name] = group
  }

  /// Adds a host to a group, which is added where it isn't there, with variables of its own.
  ///
  /// A port counts where the host is new alone, and unless it is 0, as in Ansible.
  package mutating func addHost(
    _ name: String, port: Int? = nil, to group: String, with variables: VariableSet? = nil,
    at range: SourceRange
  ) {
    addGroup(group, at: range)
    let index = indexOfHost(name, port: port, at: range)
    if !hosts.values[index].groups.contains(group) {
      hosts.values[index].groups.append(group)
      groups[group]?.hosts.append(name)
    }
    guard let variables, !variables.variables.isEmpty else { return }
    hosts.values[index].variables.append(variables)
  }

  /// Where a host stands among the others; it is added where it isn't there.
  private mutating func indexOfHost(_ name: String, port: Int?, at range: SourceRange) -> Int {
    if let index = hosts.index(forKey: name) { return index }
    var host = HostDefinition(name: name, at: range)
    host.variables = reserved.hosts[name] ?? []
    if let port, port != 0 {
      host.variables.append(VariableSet(["ansible_port": .literal(.int(port), range)], at: range))
    }
    hosts[name] = host
    return hosts.count - 1
  }

  /// Makes a group the child of another; both are added where they aren't there.
  package mutating func addChild(
    _ child: String, to parent: String, at range: SourceRange
  ) throws(Diagnostics) {
    addGroup(parent, at: range)
    addGroup(child, at: range)
    if groups[parent]?.children.contains(child) == true { return }
    if child == "ungrouped", parent != "all" {
      throw Diagnostics(
        Diagnostic(
          .error, "`ungrouped` can't be a child of `\(parent)`: its hosts would be in no group",
          at: range, help: "give these hosts a group of their own"))
    }
    guard child != parent, child != "all", !descendants(of: child).contains(parent) else {
      throw Diagnostics(
        Diagnostic(
          .error, "the group `\(child)` can't be a child of `\(parent)`, which is below it",
          at: range, help: "remove one of the two groups' `children`"))
    }
    groups[parent]?.children.append(child)
  }

  /// Sets variables of a host that is there.
  package mutating func add(_ set: VariableSet, toHost name: String) {
    if set.variables.isEmpty { return }
    hosts[name]?.variables.append(set)
  }

  /// Sets variables of a group that is there; `ansible_group_priority` is its priority.
  package mutating func add(
    _ set: VariableSet, toGroup name: String
  ) throws(Diagnostics) {
    var set = set
    if set.origin == .inventory, let priority = set.variables["ansible_group_priority"] {
      set.variables["ansible_group_priority"] = nil
      switch priority {
      case .literal(.int(let number), _): groups[name]?.givenPriority = number
      case .literal(.float(let number), _) where number.magnitude < 1e15:
        groups[name]?.givenPriority = Int(number)
      case .literal(.string(let text), _) where Int(text) != nil:
        groups[name]?.givenPriority = Int(text)
      default:
        throw Diagnostics(
          Diagnostic(
            .error, "ansible_group_priority must be a whole number", at: priority.range,
            help: "write a number; the default is 1, and the highest wins"))
      }
    }
    if set.variables.isEmpty { return }
    groups[name]?.variables.append(set)
  }

  /// A group's children, theirs and so on, itself first, the nearer before the farther.
  package func descendants(of group: String) -> OrderedSet<String> {
    var found: OrderedSet<String> = [group]
    var index = 0
    while index < found.count {
      for child in groups[found[index]]?.children ?? [] { found.append(child) }
      index += 1
    }
    return found
  }

  /// Puts `all` above all groups, and hosts of no group into `ungrouped`, as Ansible does.
  package mutating func complete() {
    let place = SourceRange.synthesized("inventory")
    addGroup("all", at: place)
    addGroup("ungrouped", at: place)
    var grouped: Set<String> = []
    for (name, host) in hosts {
      let isGrouped = host.groups.contains { $0 != "all" && $0 != "ungrouped" }
      if isGrouped, host.groups.contains("ungrouped") {
        hosts[name]?.groups.removeAll { $0 == "ungrouped" }
        grouped.insert(name)
      } else if !isGrouped, !host.groups.contains("ungrouped") {
        addHost(name, to: "ungrouped", at: host.range)
      }
    }
    if !grouped.isEmpty { groups["ungrouped"]?.hosts.removeAll { grouped.contains($0) } }
    var above: Set<String> = []
    for group in groups.values { above.formUnion(group.children) }
    var children = groups["all"]?.children ?? []
    if !children.contains("ungrouped") { children.insert("ungrouped", at: 0) }
    for name in groups.keys where name != "all" && !above.contains(name) {
      if !children.contains(name) { children.append(name) }
    }
    groups["all"]?.children = children
  }
}
