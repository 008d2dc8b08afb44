internal import Diagnostics
internal import Documents
internal import Templates
internal import Values

/// A YAML file that names an inventory plugin and says what it is to do.
struct PluginInventory {
  var configuration: Expression
  var reader: InventoryReader

  /// Lets the plugin add what it makes to an inventory.
  func read(
    _ plugin: Expression.Entry, into inventory: inout Inventory
  ) throws(Diagnostics) {
    guard let name = plugin.value.text else {
      throw Diagnostics(
        Diagnostic(
          .error, "`plugin` must be the name of an inventory plugin", at: plugin.value.range,
          help: "a group can't be named so; constructed and generator are there"))
    }
    guard let kind = InventoryPlugin(name: name), kind == .constructed || kind == .generator else {
      throw Diagnostics(
        Diagnostic(
          .error, "the inventory plugin `\(name)` isn't supported", at: plugin.value.range,
          help: Suggestion.didYouMean(name, in: ["constructed", "generator"])
            ?? "save what `ansible-inventory --list` says of it, and name that file"))
    }
    guard reader.plugins.contains(.auto) || reader.plugins.contains(kind) else {
      throw InventoryPlugin.disabled("this file", [.auto, kind], at: plugin.value.range)
    }
    // Ansible's `auto` knows configurations by these suffixes.
    let ending = suffix(of: configuration.range.file.path)
    let isNamedSo = ending == ".yml" || ending == ".yaml"
    guard isNamedSo || reader.plugins.contains(kind) else {
      throw Diagnostics(
        Diagnostic(
          .error, "a plugin's configuration must be named .yml or .yaml", at: plugin.key.range,
          help: "rename the file"))
    }
    let options = PluginOptions(configuration, warn: reader.yaml.warn)
    if kind == .constructed {
      try ConstructedInventory(options, reader: reader).extend(&inventory)
    } else {
      try GeneratorInventory(options).extend(&inventory)
    }
  }
}

/// What a plugin's configuration says, by name.
struct PluginOptions {
  private let entries: [Expression.Entry]
  let range: SourceRange
  private let warn: @Sendable (Diagnostic) -> Void

  init(_ expression: Expression, warn: @escaping @Sendable (Diagnostic) -> Void) {
    range = expression.range
    self.warn = warn
    if case .dict(let entries, _) = expression { self.entries = entries } else { entries = [] }
  }

  subscript(name: String) -> Expression? {
    entries.last { $0.key.text == name }?.value
  }

  /// Warns of options that the plugin doesn't know.
  func check(_ known: [String]) {
    for entry in entries {
      guard let name = entry.key.text, !known.contains(name) else { continue }
      warn(
        Diagnostic(
          .warning, "the option `\(name)` is passed over", at: entry.key.range,
          help: Suggestion.didYouMean(name, in: known)))
    }
  }

  /// A flag, as Ansible reads booleans; the default where it isn't given.
  func flag(_ name: String, default missing: Bool) throws(Diagnostics) -> Bool {
    switch self[name] {
    case nil: return missing
    case .literal(.bool(let flag), _)?: return flag
    case .literal(.int(let number), _)? where number == 0 || number == 1: return number == 1
    case let other?:
      switch other.text?.lowercased() {
      case "yes", "on", "true", "1", "y", "t": return true
      case "no", "off", "false", "0", "n", "f": return false
      default: throw wrong(other, "`\(name)` must be true or false")
      }
    }
  }

  /// The entries of a dictionary; none where it isn't given.
  func dictionary(_ name: String) throws(Diagnostics) -> [Expression.Entry] {
    switch self[name] {
    case nil, .literal(.null, _)?: return []
    case .dict(let entries, _)?: return entries
    case let other?: throw wrong(other, "`\(name)` must be a dictionary")
    }
  }

  /// The items of a list; none where it isn't given.
  func list(_ name: String) throws(Diagnostics) -> [Expression] {
    switch self[name] {
    case nil, .literal(.null, _)?: return []
    case .list(let items, _)?: return items
    case let other?: throw wrong(other, "`\(name)` must be a list")
    }
  }

  func wrong(_ expression: Expression, _ message: String, help: String? = nil) -> Diagnostics {
    Diagnostics(Diagnostic(.error, message, at: expression.range, help: help))
  }
}

extension Expression {
  /// Text, a template or not, as it is written; nil for anything else.
  var writtenText: String? {
    if case .template(let template) = self { return template.text }
    return text
  }

  /// The text as a bare expression of Jinja2; nil for what is no text.
  var bareExpression: Template? {
    writtenText.map { Template($0, at: range, options: .condition) }
  }
}
