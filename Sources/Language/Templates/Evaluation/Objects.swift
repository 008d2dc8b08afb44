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
final class Namespace: PrintableObject {
  let typeName = "Namespace"
  var attributes: OrderedDictionary<String, Operand> = [:]

  var text: String {
    let entries = attributes.map { name, operand in
      guard case .value(let value) = operand else { return "\(PythonText.repr(name)): …" }
      return "\(PythonText.repr(name)): \(PythonText.repr(value))"
    }
    return "<Namespace {" + entries.joined(separator: ", ") + "}>"
  }

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

  /// How many variables there are; none of them is evaluated.
  var count: Int {
    Set(context.variables.names).count { context.variables.variable(named: $0) != nil }
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
final class ImportedTemplate: PrintableObject {
  let typeName = "TemplateModule"
  let frame: Frame
  let name: String
  /// What it printed.
  let text: String

  init(_ frame: Frame, named name: String, text: String) {
    self.frame = frame
    self.name = name
    self.text = text
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    name.hasPrefix("_") ? nil : frame[Name(name)]
  }
}

/// `super` in a block: what the block of the template above prints, and `super.super` its own.
final class SuperReference: TemplateObject {
  let typeName = "BlockReference"
  private let rest: ArraySlice<Evaluator.BlockDefinition>
  private let outermost: BlockNode

  init(_ rest: ArraySlice<Evaluator.BlockDefinition>, of outermost: BlockNode) {
    self.rest = rest
    self.outermost = outermost
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    guard name == "super", rest.count > 1 else { return nil }
    return .object(SuperReference(rest.dropFirst(), of: outermost))
  }

  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand {
    try evaluator.capturing { () throws(TemplateError) in
      try evaluator.execute(rest, scopedBy: outermost)
    }
  }

  func write(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Bool {
    try evaluator.execute(rest, scopedBy: outermost)
    return true
  }
}

/// `self`: the blocks of a template by their names.
final class TemplateReference: PrintableObject {
  let typeName = "TemplateReference"
  let text = "<TemplateReference None>"

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    guard let definitions = evaluator.blocks[name], let first = definitions.first else {
      return nil
    }
    return .object(SuperReference(definitions[...], of: first.node))
  }
}
