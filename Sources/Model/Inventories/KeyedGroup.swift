internal import Diagnostics
internal import Documents
internal import Templates
internal import Values

/// One of `keyed_groups`: groups named after the value of an expression.
struct KeyedGroup {
  private let key: Template?
  private let prefix: String
  private let separator: String
  private let parent: Expression?
  /// What stands for an empty value.
  private let missing: String?
  private let hasTrailingSeparator: Bool
  private let range: SourceRange

  init(
    _ written: Expression, hasLeadingSeparator: Bool, _ options: PluginOptions
  ) throws(Diagnostics) {
    range = written.range
    guard case .dict = written else {
      throw options.wrong(
        written, "an item of `keyed_groups` must be a dictionary", help: "write `key: …`")
    }
    let own = PluginOptions(written) { _ in }
    key = own["key"]?.bareExpression
    prefix = own["prefix"]?.shown ?? ""
    let separator = own["separator"]?.shown ?? "_"
    self.separator = separator
    parent = own["parent_group"]
    missing = own["default_value"]?.shown
    hasTrailingSeparator = try own.flag("trailing_separator", default: true)
    if missing != nil, own["trailing_separator"] != nil {
      throw options.wrong(
        written, "`default_value` and `trailing_separator` exclude each other",
        help: "remove one of them")
    }
    leading = prefix.isEmpty && !hasLeadingSeparator ? "" : prefix + separator
  }

  /// What stands before every name.
  private let leading: String

  /// Adds a host to the groups that its value names.
  func add(
    _ host: String, in scope: Scope, isStrict: Bool, to inventory: inout Inventory
  ) throws(Diagnostics) {
    guard let key else { return }
    let names: [String]
    let parentName: String?
    do throws(TemplateError) {
      let value = try key.evaluate(in: scope).unmarked()
      let isReplaced = missing != nil && (value == "" || value == .null)
      guard value.isTruthy || isReplaced else { throw empty }
      guard let found = self.names(for: value) else { throw unusable(value) }
      names = found
      parentName = try parent.map { parent throws(TemplateError) in
        try parent.evaluate(in: scope).description
      }
    } catch {
      if isStrict || error.kind == .type && error.range == range {
        throw Diagnostics(error.diagnostic)
      }
      return
    }
    for name in names {
      let name = GroupName.safe(leading + name)
      inventory.addHost(host, to: name, at: range)
      if let parentName, !parentName.isEmpty {
        try inventory.addChild(name, to: GroupName.safe(parentName), at: range)
      }
    }
  }

  /// What the value gives behind the prefix; nil where nothing can be named after it.
  private func names(for value: Value) -> [String]? {
    switch value {
    case .string(let text):
      if !text.isEmpty { return [text] }
      return missing.map { [$0] } ?? []
    case .null: return missing.map { [$0] } ?? []
    case .list(let items), .tuple(let items):
      return items.map { item in
        let text = PythonText.str(item.unmarkedDeeply())
        return text.isEmpty ? missing ?? "" : text
      }
    case .dict(let dict):
      return dict.map { key, value in
        let text = PythonText.str(value.unmarkedDeeply())
        if !text.isEmpty { return "\(key)\(separator)\(text)" }
        if let missing { return "\(key)\(separator)\(missing)" }
        return hasTrailingSeparator ? "\(key)\(separator)" : "\(key)"
      }
    default: return nil
    }
  }

  private var empty: TemplateError {
    TemplateError(
      .other, "the key gives nothing that a group could be named after", at: range,
      help: "give a `default_value`, or leave `strict` out")
  }

  private func unusable(_ value: Value) -> TemplateError {
    TemplateError(
      .type, "no group can be named after \(value)", at: range,
      help: "a key must give text, a list of texts or a dictionary of them: use `| string`")
  }
}

extension Expression {
  /// Text and numbers as they stand in a name.
  fileprivate var shown: String? {
    if case .literal(.null, _) = self { return nil }
    if case .literal(let value, _) = self { return value.description }
    return writtenText
  }
}
