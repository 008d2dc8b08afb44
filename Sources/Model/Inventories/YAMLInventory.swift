internal import Diagnostics
internal import Documents
internal import OrderedCollections
internal import Templates
internal import Values

/// An inventory in Ansible's YAML form, which JSON is, too; TOML's is much alike.
struct YAMLInventory {
  /// The language that it is written in.
  enum Language {
    case yaml
    /// `children` is a list of names here.
    case toml
  }

  private var inventory: Inventory
  /// How many hosts the entries so far stand for.
  private var expanded = 0
  private let language: Language
  private let warn: @Sendable (Diagnostic) -> Void

  /// Adds what a document says to an inventory.
  static func read(
    _ document: Expression, _ language: Language, into inventory: inout Inventory,
    warn: @escaping @Sendable (Diagnostic) -> Void
  ) throws(Diagnostics) {
    var reader = YAMLInventory(inventory: inventory, language: language, warn: warn)
    // The reader's is the only one now: changing it copies nothing.
    inventory = Inventory()
    guard case .dict(let groups, _) = document else {
      throw reader.failure(
        "an inventory in YAML is a dictionary of groups", document.range,
        help: "begin with `all:` and `hosts:` below it")
    }
    if language == .toml, let plugin = groups.first(where: { $0.key.text == "plugin" }) {
      throw reader.failure(
        "a plugin can't be configured in TOML", plugin.key.range, help: "write it as YAML")
    }
    for entry in groups { try reader.readGroup(entry) }
    inventory = reader.inventory
  }

  @discardableResult
  private mutating func readGroup(_ entry: Expression.Entry) throws(Diagnostics) -> String {
    let name = try self.name(entry.key, of: "group")
    inventory.addGroup(name, at: entry.key.range)
    for part in try entries(entry.value, in: "the group `\(name)`") {
      switch part.key.text {
      case "vars": try readVariables(part, of: name)
      case "children" where language == .toml:
        for child in try names(part.value) {
          try inventory.addChild(child, to: name, at: part.key.range)
        }
      case "children":
        for child in try entries(part.value, in: "`children`", allowsText: true) {
          let childName = try readGroup(child)
          try inventory.addChild(childName, to: name, at: child.key.range)
        }
      case "hosts":
        for host in try entries(part.value, in: "`hosts`", allowsText: language == .yaml) {
          try readHost(host, into: name)
        }
      default:
        let key = part.key.text ?? "?"
        warn(
          Diagnostic(
            .warning, "the key `\(key)` of the group `\(name)` is passed over", at: part.key.range,
            help: Suggestion.didYouMean(key, in: ["vars", "children", "hosts"])
              ?? "a group has `hosts`, `children` and `vars`"))
      }
    }
    return name
  }

  /// The texts of a list.
  private func names(_ list: Expression) throws(Diagnostics) -> [String] {
    guard case .list(let items, _) = list else {
      throw failure(
        "`children` must be a list of groups", list.range, help: "write `children = [\"a\"]`")
    }
    return try items.map { item throws(Diagnostics) in try name(item, of: "group") }
  }

  private mutating func readVariables(
    _ part: Expression.Entry, of group: String
  ) throws(Diagnostics) {
    let variables = try self.variables(part.value, in: "`vars`")
    try inventory.add(VariableSet(variables, at: part.key.range), toGroup: group)
  }

  private mutating func readHost(
    _ entry: Expression.Entry, into group: String
  ) throws(Diagnostics) {
    let text = try name(entry.key, of: "host")
    let address = HostAddress(Substring(text))
    let own = try variables(entry.value, in: "the host `\(text)`")
    let names = try HostRange.expand(address.name, at: entry.key.range)
    expanded += names.count
    // Many large ranges would take for ever, even if each is within the limit.
    if expanded > HostRange.limit {
      throw failure("the file names too many hosts", entry.key.range, help: "correct its ranges")
    }
    for name in names {
      inventory.addHost(name, port: address.port, to: group, at: entry.key.range)
      inventory.add(VariableSet(own, at: entry.key.range), toHost: name)
    }
  }

  private func variables(
    _ expression: Expression, in place: String
  ) throws(Diagnostics) -> OrderedDictionary<String, Expression> {
    var variables: OrderedDictionary<String, Expression> = [:]
    for entry in try entries(expression, in: place) {
      variables[try name(entry.key, of: "variable")] = entry.value
    }
    return variables
  }

  /// The entries of a dictionary; none of null, and one of a single text where that is allowed.
  private func entries(
    _ expression: Expression, in place: String, allowsText: Bool = false
  ) throws(Diagnostics) -> [Expression.Entry] {
    switch expression {
    case .dict(let entries, _): return entries
    case .literal(.null, _): return []
    case .literal(.string, let range) where allowsText:
      return [Expression.Entry(key: expression, value: .literal(.null, range))]
    case .list:
      throw failure(
        "\(place) must be a dictionary, not a list", expression.range,
        help: "write `name:` instead of `- name`")
    default:
      throw failure(
        "\(place) must be a dictionary", expression.range, help: "write `name:` on lines below it")
    }
  }

  private func name(_ key: Expression, of kind: String) throws(Diagnostics) -> String {
    guard let text = key.text else {
      throw failure("a \(kind)'s name must be text", key.range, help: "put it in quotes")
    }
    return text
  }

  private func failure(_ message: String, _ range: SourceRange, help: String) -> Diagnostics {
    Diagnostics(Diagnostic(.error, message, at: range, help: help))
  }
}

extension Expression {
  /// Literal text; nil for anything else.
  var text: String? {
    if case .literal(let value, _) = self, case .string(let text) = value.unmarked() { return text }
    return nil
  }
}
