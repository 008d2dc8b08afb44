package import Diagnostics
package import Inventories
internal import OrderedCollections
internal import Templates
internal import Values

/// What is suspicious about an inventory, though it can be read: `orchestrate inventory --check`.
package struct InventoryAudit {
  private let inventory: Inventory
  private let tree: GroupTree
  private var found: [Diagnostic] = []

  /// Everything suspicious, each with its place, in the order of files and lines.
  package static func diagnostics(of inventory: Inventory) -> [Diagnostic] {
    var audit = InventoryAudit(inventory: inventory, tree: GroupTree(inventory))
    audit.checkNames()
    audit.checkUse()
    audit.checkVariables()
    audit.checkAddresses()
    audit.found += GroupRivalry.diagnostics(of: inventory, audit.tree)
    return audit.found.sorted { audit.place($0) < audit.place($1) }
  }

  private init(inventory: Inventory, tree: GroupTree) {
    self.inventory = inventory
    self.tree = tree
  }

  private func place(_ diagnostic: Diagnostic) -> (String, Int, Int) {
    let range = diagnostic.range
    return (range?.file.path ?? "", range?.start.line ?? 0, range?.start.column ?? 0)
  }

  private mutating func warn(
    _ message: String, _ range: SourceRange, help: String, notes: [Located<String>] = []
  ) {
    found.append(Diagnostic(.warning, message, at: range, help: help, notes: notes))
  }

  // MARK: Names

  private mutating func checkNames() {
    for group in inventory.groups.values where group.name != "all" && group.name != "ungrouped" {
      if let host = inventory.hosts[group.name] {
        warn(
          "`\(group.name)` is a group and a host: patterns mean the host", group.range,
          help: "rename one of them", notes: [Located("the host", at: host.range)])
      }
      if !Self.isIdentifier(group.name) {
        warn(
          "`\(group.name)` can't be written as groups.\(group.name) in templates", group.range,
          help: "use letters, digits and `_` alone")
      }
    }
  }

  private static func isIdentifier(_ name: String) -> Bool {
    let scalars = name.unicodeScalars
    return scalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || $0.isDigit }
      && scalars.first?.isDigit == false
  }

  // MARK: Use

  private mutating func checkUse() {
    for group in inventory.groups.values where group.name != "all" && group.name != "ungrouped" {
      if tree.hosts(of: group.name).isEmpty {
        warn(
          "the group `\(group.name)` is unused: it has no host", group.range,
          help: "remove it, or add hosts to it")
      }
    }
    for (name, range) in inventory.unusedVariables(ofGroups: true) {
      warn(
        "there is no group `\(name)` that these variables could be of", range,
        help: Suggestion.didYouMean(name, in: inventory.groups.keys)
          ?? "remove the file, unless a run adds the group by group_by or add_host")
    }
    for (name, range) in inventory.unusedVariables(ofGroups: false) {
      warn(
        "there is no host `\(name)` that these variables could be of", range,
        help: Suggestion.didYouMean(name, in: inventory.hosts.keys)
          ?? "remove the file, unless a run adds the host by add_host")
    }
  }

  // MARK: Variables

  private mutating func checkVariables() {
    let magic = Set(
      HostVariables.names + PlayContext.names + ["vars", "omit", "role_name", "role_path"])
    for (owner, isGroup, set) in inventory.allVariableSets {
      for (name, value) in set.variables {
        if magic.contains(name) {
          warn(
            "`\(name)` of \(owner) is never seen: the name is a magic variable's", value.range,
            help: "rename it")
        } else if HostVariables.yieldingNames.contains(name) {
          warn(
            "`\(name)` of \(owner) is also a magic variable, which some definitions hide",
            value.range, help: "rename it")
        }
        if name == "ansible_group_priority", !isGroup || set.origin != .inventory {
          warn(
            "`ansible_group_priority` has no effect here", value.range,
            help: "set it with a group in the inventory's own file")
        }
        if Self.isPassword(name), Self.isReadable(value) {
          warn(
            "`\(name)` of \(owner) isn't encrypted", value.range,
            help: "encrypt it: orchestrate vault encrypt-string --name \(name)")
        }
      }
    }
  }

  /// Whether the last word of a name says that it is secret.
  private static func isPassword(_ name: String) -> Bool {
    let words = name.lowercased().split(whereSeparator: { $0 == "_" || $0 == "-" })
    guard let last = words.last else { return false }
    let secrets: Set<Substring> = [
      "password", "passwd", "pass", "passphrase", "secret", "token", "passwort", "pwd",
    ]
    if secrets.contains(last) { return true }
    let pair = words.suffix(2).joined(separator: "_")
    return ["api_key", "private_key", "access_key", "secret_key"].contains(pair)
  }

  /// Whether a value is there for everybody to read: text or a number, and no template.
  private static func isReadable(_ expression: Expression) -> Bool {
    guard case .literal(let value, _) = expression else { return false }
    switch value {
    case .string(let text):
      // Of keys it is mostly the file that is named.
      return !text.isEmpty && !text.hasPrefix("/") && !text.hasPrefix("~/")
    case .int: return true
    default: return false
    }
  }

  // MARK: Addresses

  /// Two hosts with one address and port are one machine, which a run would change twice at once.
  private mutating func checkAddresses() {
    var known: [String: (host: String, range: SourceRange)] = [:]
    for host in inventory.hosts.keys {
      var address = host
      var port = "22"
      var range = inventory.hosts[host]?.range ?? .synthesized("inventory")
      var isLocal = false
      for definition in inventory.definitions(of: host, tree) {
        let own = definition.set.variables
        if case .literal(let value, let place)? = own["ansible_host"] {
          (address, range) = (value.description, place)
        } else if own["ansible_host"] != nil {
          address = ""
        }
        if case .literal(let value, _)? = own["ansible_port"] { port = value.description }
        if case .literal("local", _)? = own["ansible_connection"] { isLocal = true }
      }
      if address.isEmpty || isLocal { continue }
      let key = "\(address) \(port)"
      if let first = known[key] {
        warn(
          "`\(host)` and `\(first.host)` have the same address \(address)", range,
          help: "correct one of them, or make them one host",
          notes: [Located("the other host", at: first.range)])
      } else {
        known[key] = (host, range)
      }
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
