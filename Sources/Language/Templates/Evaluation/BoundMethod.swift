internal import Values

/// A method of a value that is named but not called: `{% set up = name.upper %}`.
final class BoundMethod: PrintableObject {
  let typeName = "builtin_function_or_method"
  private let receiver: Value
  private let method: LibraryFunction

  /// Nil where the operand has no such method.
  init?(_ name: String, of operand: Operand, _ evaluator: Evaluator) {
    guard case .value(let value) = operand,
      let method = MethodLibrary.method(name, of: value.unmarked())
    else { return nil }
    receiver = value
    self.method = method
  }

  var text: String {
    "<built-in method \(method.name) of \(receiver.pythonTypeName) object>"
  }

  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand {
    try evaluator.apply(method, to: .value(receiver), arguments)
  }
}

extension Operand {
  /// What Jinja2's messages about missing attributes call this.
  var jinjaTypeName: String {
    switch self {
    case .value(let value):
      if case .null = value.unmarked() { return "None" }
      return value.pythonTypeName + " object"
    case .sequence: return "list object"
    case .object(let object as any LazyCollection): return object.sample.pythonTypeName + " object"
    case .object(let object):
      let modules = [
        "LoopContext": "jinja2.runtime.LoopContext", "Macro": "jinja2.runtime.Macro",
        "Namespace": "jinja2.utils.Namespace", "Cycler": "jinja2.utils.Cycler",
        "Joiner": "jinja2.utils.Joiner", "TemplateModule": "jinja2.environment.TemplateModule",
        "TemplateReference": "jinja2.runtime.TemplateReference",
      ]
      return (modules[object.typeName] ?? object.typeName) + " object"
    default: return typeName
    }
  }
}
