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

extension Operand {
  /// The operand with marks added to its value.
  func marked(_ marks: Marks) -> Operand {
    if marks.isEmpty { return self }
    switch self {
    case .value(let value): return .value(value.marked(marks))
    case .sequence(let operands): return .sequence(operands.map { $0.marked(marks) })
    default: return self
    }
  }
}

/// Something that isn't there, and why.
final class Undefined {
  /// The name of the variable that isn't there; nil for attributes and items.
  let name: String?
  private let words: String?
  /// Where in which template.
  let template: Template?
  let offset: Int
  /// Whether it is printed as nothing: an `if` without `else`.
  let isSilent: Bool
  /// Whether it is there, but not for templates: `__class__`.
  let isUnsafe: Bool
  /// The error that an undefined variable inside of another variable's text made.
  let cause: TemplateError?

  /// Jinja2's message; what a name's is nobody asks where there is a default.
  var message: String { words ?? "'\(name ?? "")' is undefined" }

  /// A variable that isn't there.
  init(name: Name, template: Template, offset: Int) {
    self.name = name.text
    self.template = template
    self.offset = offset
    words = nil
    isSilent = false
    isUnsafe = false
    cause = nil
  }

  init(
    message: String, name: String? = nil, template: Template? = nil, offset: Int,
    isSilent: Bool = false, isUnsafe: Bool = false, cause: TemplateError? = nil
  ) {
    words = message
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

  /// Prints what a call gives where that needs no value made of it; false where it does.
  func write(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Bool

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

  func write(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Bool {
    false
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
