internal import OrderedCollections
internal import Values

/// A function that templates can call.
final class Function: TemplateObject {
  let typeName = "function"
  private let name: String
  private let body: (Arguments, Evaluator) throws(TemplateError) -> Operand

  init(
    _ name: String, _ body: @escaping (Arguments, Evaluator) throws(TemplateError) -> Operand
  ) {
    self.name = name
    self.body = body
  }

  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand {
    try body(arguments, evaluator)
  }
}

/// `namespace(…)`: the only thing whose attributes a template can set.
final class Namespace: TemplateObject {
  let typeName = "Namespace"
  var attributes: [String: Operand] = [:]

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    attributes[name]
  }
}

/// The variables of another scope: `hostvars`, a host in it, `vars`.
final class ScopeObject: TemplateObject {
  let typeName = "HostVars"
  let context: ScopeContext
  private let name: String

  init(_ context: ScopeContext, name: String) {
    self.context = context
    self.name = name
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    if let found = try context.lookUp(name) { return found }
    switch name {
    case "get":
      return .object(
        Function("get") { (arguments, evaluator) throws(TemplateError) -> Operand in
          guard let key = arguments.positional.first else {
            throw TemplateError(.type, "get expected at least 1 argument, got 0")
          }
          guard case .string(let name) = try evaluator.value(of: key).unmarked() else {
            return .null
          }
          return try self.context.lookUp(name)
            ?? (arguments.positional.count > 1 ? arguments.positional[1] : .null)
        })
    case "keys":
      return .object(
        Function("keys") { (_, _) throws(TemplateError) -> Operand in
          .value(.strings(self.context.variables.names.sorted()))
        })
    default: return nil
    }
  }

  /// Whether there is a variable of this name.
  func contains(_ name: Value) throws(TemplateError) -> Bool {
    guard case .string(let name) = name.unmarked() else { return false }
    return context.variables.variable(named: name) != nil
  }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value {
    var dict = Value.Dictionary()
    for name in context.variables.names.sorted() {
      guard let operand = try context.lookUp(name) else { continue }
      dict[.string(name)] = try evaluator.value(of: operand)
    }
    return .dict(dict)
  }
}

/// The names that an imported template has set.
final class ImportedTemplate: TemplateObject {
  let typeName = "TemplateModule"
  let frame: Frame

  init(_ frame: Frame) { self.frame = frame }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    name.hasPrefix("_") ? nil : frame.names[name]
  }
}

/// A macro, with the names around its definition.
final class Macro: TemplateObject {
  let typeName = "Macro"
  private let node: MacroNode
  private let template: Template
  private let definition: Frame

  init(_ node: MacroNode, _ template: Template, in frame: Frame) {
    self.node = node
    self.template = template
    definition = frame
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    switch name {
    case "name": .value(.string(node.name))
    case "arguments": .value(.strings(node.parameters.map(\.name)))
    default: nil
    }
  }

  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand {
    let (frame, template) = (evaluator.frame, evaluator.template)
    evaluator.frame = Frame(in: definition)
    evaluator.template = self.template
    defer {
      evaluator.frame = frame
      evaluator.template = template
    }
    try bind(arguments, evaluator)
    return try evaluator.capturing { () throws(TemplateError) in
      _ = try evaluator.execute(node.body)
    }
  }

  private func bind(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) {
    var rest = arguments
    let frame = evaluator.frame
    if let caller = rest.take("caller") { frame.names["caller"] = caller }
    for (index, parameter) in node.parameters.enumerated() {
      let keyword = rest.take(parameter.name)
      if index < arguments.positional.count {
        if keyword != nil {
          throw TemplateError(
            .type, "macro '\(node.name)' got multiple values for argument '\(parameter.name)'")
        }
        frame.names[parameter.name] = arguments.positional[index]
      } else if let keyword {
        frame.names[parameter.name] = keyword
      } else if let standard = parameter.defaultValue {
        frame.names[parameter.name] = try evaluator.evaluate(standard)
      } else {
        frame.names[parameter.name] = evaluator.undefined(
          "parameter '\(parameter.name)' was not provided", at: node.offset)
      }
    }
    let more = arguments.positional.dropFirst(node.parameters.count)
    frame.names["varargs"] = Operand(list: Array(more))
    var dict = Value.Dictionary()
    for (name, operand) in rest.keyword { dict[.string(name)] = try evaluator.value(of: operand) }
    frame.names["kwargs"] = .value(.dict(dict))
    try refuseSurplus(Array(more), rest)
  }

  /// A macro takes more arguments than it names only if its body speaks of them.
  private func refuseSurplus(_ more: [Operand], _ rest: Arguments) throws(TemplateError) {
    let used = NameCollector.names(in: node.body)
    if !more.isEmpty, !used.contains("varargs") {
      throw TemplateError(
        .type, "macro '\(node.name)' takes not more than \(node.parameters.count) argument(s)")
    }
    if let first = rest.keyword.first, !used.contains("kwargs") {
      throw TemplateError(
        .type, "macro '\(node.name)' takes no keyword argument '\(first.name)'")
    }
  }
}
