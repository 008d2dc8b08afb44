internal import Diagnostics
internal import ModuleKit
internal import OrderedCollections
internal import Playbooks
internal import Templates
internal import Values

extension TaskDefinition {
  /// The module's arguments in a scope; what is `omit` is left out.
  func evaluatedArguments(
    for documentation: ModuleDocumentation, defaults: [Expression], in scope: Scope
  ) throws(TemplateError) -> OrderedDictionary<String, Value> {
    var values = try Self.moduleDefaults(defaults, for: documentation, in: scope)
    switch arguments {
    case .none: break
    case .dict(let entries):
      try Self.add(entries, of: documentation, to: &values, in: scope)
    case .freeForm(let text, let also):
      guard let name = documentation.freeForm else {
        throw TemplateError(
          .other, "`\(documentation.name)` takes no free text", at: text.range,
          help: "write its arguments as a dictionary")
      }
      try Self.add(also, of: documentation, to: &values, in: scope)
      if let value = try text.evaluateUnlessOmitted(in: scope) { values[name] = value }
    case .template(let expression, let also):
      try Self.add(also, of: documentation, to: &values, in: scope)
      let value = try expression.evaluate(in: scope)
      guard case .dict(let dict) = value.unmarked() else {
        throw TemplateError(
          .type, "the arguments of `\(documentation.name)` must be a dictionary",
          at: expression.range)
      }
      for (key, item) in dict { values[key.description] = item.marked(value.marks) }
    }
    return values
  }

  private static func add(
    _ entries: [Expression.Entry], of documentation: ModuleDocumentation,
    to values: inout OrderedDictionary<String, Value>, in scope: Scope
  ) throws(TemplateError) {
    for entry in entries {
      let key = try name(of: entry, for: documentation, in: scope)
      values[key] = try evaluate(entry.value, as: key, of: documentation.name, in: scope)
      if documentation.name == "debug", key == "var", let name = entry.value.literalText {
        values["var_name"] = .string(name)
      }
    }
  }

  /// An argument's name; what `set_fact` sets may be named by a template.
  private static func name(
    of entry: Expression.Entry, for documentation: ModuleDocumentation, in scope: Scope
  ) throws(TemplateError) -> String {
    guard documentation.takesFurtherArguments, let text = entry.key.literalText,
      text.contains("{{")
    else { return try entry.key.evaluate(in: scope).description }
    return try Template(text, at: entry.key.range).evaluate(in: scope).description
  }

  /// `debug`'s `var` and `assert`'s `that` are expressions without braces.
  private static func evaluate(
    _ expression: Expression, as key: String, of module: String, in scope: Scope
  ) throws(TemplateError) -> Value? {
    switch (module, key) {
    case ("assert", "that"): return try conditions(expression, in: scope)
    case ("debug", "var"):
      guard let name = expression.literalText else { return try expression.evaluate(in: scope) }
      return try Template(name, at: expression.range, options: .condition).evaluate(in: scope)
    default: return try expression.evaluateUnlessOmitted(in: scope)
    }
  }

  /// Each condition as `{condition: text, holds: value}`.
  private static func conditions(
    _ expression: Expression, in scope: Scope
  ) throws(TemplateError) -> Value {
    let items: [Expression] =
      if case .list(let items, _) = expression { items } else { [expression] }
    var results: [Value] = []
    for item in items {
      let text: String
      var holds: Value
      if let written = item.literalText {
        text = written
        holds = try Template(written, at: item.range, options: .condition).evaluate(in: scope)
      } else {
        holds = try item.evaluate(in: scope)
        text = if case .template(let template) = item { template.text } else { holds.description }
      }
      if holds.firstUnknown == nil { holds = .bool(holds.truth(of: item.range, in: scope)) }
      results.append(["condition": .string(text), "holds": holds])
    }
    return .list(results)
  }

  /// `module_defaults` for this module, the inner over the outer.
  private static func moduleDefaults(
    _ defaults: [Expression], for documentation: ModuleDocumentation, in scope: Scope
  ) throws(TemplateError) -> OrderedDictionary<String, Value> {
    var values: OrderedDictionary<String, Value> = [:]
    for expression in defaults {
      guard case .dict(let modules) = try expression.evaluate(in: scope) else { continue }
      for (name, arguments) in modules {
        let bare = ModuleRegistry.bareName(name.description)
        guard bare == documentation.name || documentation.aliases.contains(bare),
          case .dict(let given) = arguments
        else { continue }
        for (key, value) in given { values[key.description] = value }
      }
    }
    return values
  }
}

extension Expression {
  /// Text that holds no template.
  var literalText: String? {
    guard case .literal(.string(let text), _) = self else { return nil }
    return text
  }
}
