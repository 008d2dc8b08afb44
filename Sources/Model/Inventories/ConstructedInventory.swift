internal import Diagnostics
internal import Documents
internal import OrderedCollections
internal import Templates
internal import Values

/// Ansible's inventory plugin `constructed`: variables and groups made of what is known by then.
struct ConstructedInventory {
  private let options: PluginOptions
  private let reader: InventoryReader
  /// Whether what can't be evaluated is an error; else it is left out.
  private let isStrict: Bool
  private let compose: [(name: String, written: Expression)]
  private let groups: [(name: String, written: Expression)]
  private let keyedGroups: [KeyedGroup]

  init(_ options: PluginOptions, reader: InventoryReader) throws(Diagnostics) {
    options.check([
      "plugin", "strict", "compose", "groups", "keyed_groups", "leading_separator",
      "use_vars_plugins", "use_extra_vars", "cache",
    ])
    self.options = options
    self.reader = reader
    if try options.flag("use_extra_vars", default: false) {
      throw Diagnostics(
        Diagnostic(
          .error, "`use_extra_vars` isn't supported", at: options["use_extra_vars"]?.range,
          help: "write the variables into the inventory"))
    }
    isStrict = try options.flag("strict", default: false)
    compose = try options.dictionary("compose").map { ($0.key.name, $0.value) }
    groups = try options.dictionary("groups").map { (GroupName.safe($0.key.name), $0.value) }
    let hasLeadingSeparator = try options.flag("leading_separator", default: true)
    keyedGroups = try options.list("keyed_groups").map { item throws(Diagnostics) in
      try KeyedGroup(item, hasLeadingSeparator: hasLeadingSeparator, options)
    }
  }

  /// Goes over all hosts of the inventory so far.
  func extend(_ inventory: inout Inventory) throws(Diagnostics) {
    var known = inventory
    if try options.flag("use_vars_plugins", default: false) {
      for folder in InventoryReader.folders(of: inventory.sources) {
        try VariableFolders(folder: folder, origin: .besideInventory, reader: reader.yaml)
          .read(into: &known)
      }
    }
    let tree = GroupTree(known, impliesAll: false)
    for host in inventory.hosts.keys {
      var variables = ConstructionVariables(host: host, of: known, tree)
      let composed = try compose(in: Scope(variables, resources: reader.resources))
      if !composed.isEmpty {
        inventory.add(VariableSet(composed, at: options.range), toHost: host)
        for (name, value) in composed { variables.written[name] = value }
      }
      let scope = Scope(variables, resources: reader.resources)
      try addGroups(of: host, in: scope, to: &inventory)
      for keyed in keyedGroups {
        try keyed.add(host, in: scope, isStrict: isStrict, to: &inventory)
      }
    }
  }

  // MARK: Variables

  private func compose(
    in scope: Scope
  ) throws(Diagnostics) -> OrderedDictionary<String, Expression> {
    var composed: OrderedDictionary<String, Expression> = [:]
    for (name, written) in compose {
      // Ansible's plugin makes expressions of text alone.
      guard let template = written.bareExpression else {
        if isStrict { throw notText(name, written) }
        continue
      }
      do throws(TemplateError) {
        composed[name] = .literal(try template.evaluate(in: scope), written.range)
      } catch {
        if isStrict { throw Diagnostics(error.diagnostic) }
      }
    }
    return composed
  }

  private func notText(_ name: String, _ written: Expression) -> Diagnostics {
    options.wrong(
      written, "`\(name)` must be an expression as text", help: "put it in quotes: \"5\"")
  }

  // MARK: Groups

  private func addGroups(
    of host: String, in scope: Scope, to inventory: inout Inventory
  ) throws(Diagnostics) {
    for (name, written) in groups {
      guard let isMember = try answer(name, written, in: scope), isMember else { continue }
      inventory.addHost(host, to: name, at: written.range)
    }
  }

  /// The answer to a group's condition; nil where there is none.
  ///
  /// Anything but a boolean is no answer: a host in the wrong group would be changed.
  private func answer(
    _ name: String, _ written: Expression, in scope: Scope
  ) throws(Diagnostics) -> Bool? {
    if case .literal(.bool(let flag), _) = written { return flag }
    guard let template = written.bareExpression else {
      if isStrict { throw notText(name, written) }
      return nil
    }
    do throws(TemplateError) {
      let value =
        if case .template(let whole) = written { try whole.evaluate(in: scope) } else {
          try template.evaluate(in: scope)
        }
      if case .bool(let flag) = value.unmarked() { return flag }
      let message = "the condition of the group `\(name)` must be true or false, not \(value)"
      if isStrict {
        throw TemplateError(.type, message, at: written.range, help: "compare, or use `| bool`")
      }
      return nil
    } catch {
      if isStrict { throw Diagnostics(error.diagnostic) }
      return nil
    }
  }
}

/// What a host's expressions see while the inventory is made: no `groups`, no `hostvars`.
struct ConstructionVariables: VariableSource {
  var written: [String: Expression] = [:]
  private let host: String
  private let groupNames: [String]
  private let file: String?

  init(host: String, of inventory: Inventory, _ tree: GroupTree) {
    self.host = host
    for definition in inventory.definitions(of: host, tree) {
      for (name, value) in definition.set.variables { written[name] = value }
    }
    groupNames = tree.groups(of: host).filter { $0 != "all" }.sorted(by: bytewise)
    let path = inventory.hosts[host]?.range.file.path
    file = path?.hasPrefix("<") == false ? path : nil
  }

  func variable(named name: String) -> Variable? {
    switch name {
    case "inventory_hostname": .value(.string(host))
    case "inventory_hostname_short":
      .value(.string(String(host.split(separator: ".").first ?? "")))
    case "group_names": .value(.strings(groupNames))
    case "inventory_file": file.map { .value(.string($0)) }
    case "inventory_dir":
      file.map { path in
        .value(.string(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."))
      }
    default: written[name].map { .expression($0) }
    }
  }

  var names: [String] {
    Array(written.keys) + [
      "inventory_hostname", "inventory_hostname_short", "group_names", "inventory_file",
      "inventory_dir",
    ]
  }
}

extension Expression {
  /// A key as text: numbers and booleans as they are shown.
  fileprivate var name: String { text ?? (literalText ?? "") }

  private var literalText: String? {
    if case .literal(let value, _) = self { return value.description }
    return writtenText
  }
}
