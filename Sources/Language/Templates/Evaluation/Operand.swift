internal import Values

/// What an expression gives inside of the evaluator: a value, or what no value can be.
enum Operand {
  case value(Value)
  /// Strict where it is used; `default` and `is defined` see it.
  case undefined(Undefined)
  /// Ansible's `omit`: whatever it is put into leaves it out.
  case omit
  /// A list with something in it that is no value, such as an undefined item.
  case sequence([Operand])
  /// Macros, functions, namespaces, `loop`, `hostvars`.
  case object(any TemplateObject)

  /// Whether this is a dictionary's value.
  var isDict: Bool {
    if case .value(let value) = self, case .dict = value.unmarked() { return true }
    return false
  }

  static var null: Operand { .value(.null) }

  /// What this is called in Python's messages.
  var typeName: String {
    switch self {
    case .value(let value): value.pythonTypeName
    case .undefined: "Undefined"
    case .omit: "Omit"
    case .sequence: "list"
    case .object(let object): object.typeName
    }
  }
}

/// Something that isn't there, and why.
final class Undefined {
  /// Jinja2's message: `'foo' is undefined`.
  let message: String
  /// The name of the variable that isn't there; nil for attributes and items.
  let name: String?
  /// Where in which template.
  let template: Template?
  let offset: Int
  /// Whether it is printed as nothing: an `if` without `else`.
  let isSilent: Bool
  /// Whether it is there, but not for templates: `__class__`.
  let isUnsafe: Bool
  /// The error that an undefined variable inside of another variable's text made.
  let cause: TemplateError?

  init(
    message: String, name: String? = nil, template: Template? = nil, offset: Int,
    isSilent: Bool = false, isUnsafe: Bool = false, cause: TemplateError? = nil
  ) {
    self.message = message
    self.name = name
    self.template = template
    self.offset = offset
    self.isSilent = isSilent
    self.isUnsafe = isUnsafe
    self.cause = cause
  }
}

/// Something with attributes, or that can be called, that is no data.
protocol TemplateObject: AnyObject {
  /// What Python calls its type.
  var typeName: String { get }

  /// The attribute or item of this name; nil where there is none.
  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand?

  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand

  /// The data that it stands for.
  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value
}

extension TemplateObject {
  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? { nil }

  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand {
    throw TemplateError(.type, "'\(typeName)' object is not callable")
  }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value {
    throw TemplateError(
      .type, "Type '\(typeName)' is unsupported for variable storage.",
      help: "call it, or take one of its attributes")
  }
}

/// What a call hands over.
struct Arguments {
  var positional: [Operand] = []
  var keyword: [(name: String, value: Operand)] = []

  static var none: Arguments { Arguments() }

  /// Takes away a keyword argument.
  mutating func take(_ name: String) -> Operand? {
    guard let index = keyword.firstIndex(where: { $0.name == name }) else { return nil }
    return keyword.remove(at: index).value
  }
}
