internal import Diagnostics
internal import Documents
internal import OrderedCollections
internal import Templates
internal import Values

/// Ansible's inventory plugin `generator`: each combination of layers makes a host.
struct GeneratorInventory {
  private let options: PluginOptions
  private let layers: [(name: String, values: [Expression])]
  private let name: Expression
  private let parents: [Parent]
  /// How many hosts anybody can mean.
  private static let limit = HostRange.limit

  /// A group that hosts or groups belong to, as a template.
  private struct Parent {
    var name: Expression
    var variables: [(name: Expression, value: Expression)]
    var parents: [Parent]
  }

  init(_ options: PluginOptions) throws(Diagnostics) {
    options.check(["plugin", "hosts", "layers"])
    self.options = options
    guard let hosts = options["hosts"], case .dict(let parts, _) = hosts else {
      throw Self.missing("hosts", options, help: "write `hosts:` with `name:` below it")
    }
    guard let name = parts.first(where: { $0.key.text == "name" })?.value else {
      throw options.wrong(hosts, "`hosts` has no `name`", help: "write `name: \"{{ … }}\"`")
    }
    self.name = name
    parents = try Self.parents(parts, options)
    guard options["layers"] != nil else {
      throw Self.missing("layers", options, help: "write `layers:` with lists below it")
    }
    layers = try options.dictionary("layers").map { entry throws(Diagnostics) in
      switch entry.value {
      case .list(let items, _): return (entry.key.text ?? "", items)
      // Text counts as its letters, as in Python.
      case .literal(.string(let text), let range):
        return (entry.key.text ?? "", text.map { .literal(.string(String($0)), range) })
      default: throw options.wrong(entry.value, "a layer must be a list")
      }
    }
  }

  private static func missing(
    _ name: String, _ options: PluginOptions, help: String
  ) -> Diagnostics {
    Diagnostics(
      Diagnostic(.error, "the generator has no `\(name)`", at: options.range, help: help))
  }

  private static func parents(
    _ parts: [Expression.Entry], _ options: PluginOptions
  ) throws(Diagnostics) -> [Parent] {
    guard let written = parts.first(where: { $0.key.text == "parents" })?.value else { return [] }
    if case .literal(.null, _) = written { return [] }
    guard case .list(let items, _) = written else {
      throw options.wrong(written, "`parents` must be a list of groups")
    }
    return try items.map { item throws(Diagnostics) in
      guard case .dict(let parts, _) = item,
        let name = parts.first(where: { $0.key.text == "name" })?.value
      else {
        throw options.wrong(item, "a parent has no `name`", help: "write `- name: …`")
      }
      var variables: [(Expression, Expression)] = []
      if case .dict(let entries, _)? = parts.first(where: { $0.key.text == "vars" })?.value {
        variables = entries.map { ($0.key, $0.value) }
      }
      return Parent(name: name, variables: variables, parents: try Self.parents(parts, options))
    }
  }

  // MARK: Making hosts

  /// Adds a host for each combination, the last layer changing fastest.
  func extend(_ inventory: inout Inventory) throws(Diagnostics) {
    var count = 1
    for layer in layers { count = min(count * layer.values.count, Self.limit + 1) }
    if count > Self.limit {
      throw options.wrong(
        options["layers"] ?? name, "the layers make more than \(Self.limit) hosts",
        help: "make them shorter")
    }
    for number in 0..<count {
      var rest = number
      var variables: [String: Variable] = [:]
      for layer in layers.reversed() {
        variables[layer.name] = .expression(layer.values[rest % layer.values.count])
        rest /= layer.values.count
      }
      let scope = Scope(OverlaidVariables(variables, over: NoVariables()))
      let host = try text(name, scope)
      inventory.addHost(host, to: "ungrouped", at: name.range)
      for parent in parents {
        let group = try add(parent, scope, to: &inventory)
        inventory.addHost(host, to: group, at: parent.name.range)
      }
    }
  }

  /// Adds a group with its variables and its parents; the group's name.
  private func add(
    _ parent: Parent, _ scope: Scope, to inventory: inout Inventory
  ) throws(Diagnostics) -> String {
    let group = try text(parent.name, scope)
    inventory.addGroup(group, at: parent.name.range)
    var variables: OrderedDictionary<String, Expression> = [:]
    for (name, value) in parent.variables {
      // Only a variable's own text is a template of the layers; within lists it stays one.
      guard case .template = value else {
        variables[try text(name, scope)] = value
        continue
      }
      variables[try text(name, scope)] = .literal(try self.value(value, scope), value.range)
    }
    if !variables.isEmpty {
      try inventory.add(VariableSet(variables, at: parent.name.range), toGroup: group)
    }
    for above in parent.parents {
      let name = try add(above, scope, to: &inventory)
      try inventory.addChild(group, to: name, at: above.name.range)
    }
    return group
  }

  private func text(_ written: Expression, _ scope: Scope) throws(Diagnostics) -> String {
    try value(written, scope).description
  }

  private func value(_ written: Expression, _ scope: Scope) throws(Diagnostics) -> Value {
    do throws(TemplateError) { return try written.evaluate(in: scope) } catch {
      throw Diagnostics(error.diagnostic)
    }
  }
}

/// No variable at all.
private struct NoVariables: VariableSource {
  func variable(named name: String) -> Variable? { nil }
  var names: [String] { [] }
}
