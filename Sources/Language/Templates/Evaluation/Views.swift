internal import OrderedCollections
internal import Values

/// What `range(…)` gives in plain Jinja2: its items, printed as Python prints it.
final class RangeObject: LazyCollection, PrintableObject {
  let typeName = "range"
  let text: String
  private let values: [Value]

  private init(_ values: [Value], text: String) {
    self.values = values
    self.text = text
  }

  var isEmpty: Bool { values.isEmpty }
  var sample: Value { .list([]) }

  func items() throws(TemplateError) -> [Operand] { values.map { .value($0) } }

  func element(_ key: Value) throws(TemplateError) -> Operand? {
    Value.list(values).pythonElement(key).map { .value($0) }
  }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value { .list(values) }

  /// `range(stop)`, `range(start, stop[, step])`.
  static func make(
    _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    let made = try Globals.range(arguments, evaluator)
    guard case .value(.list(let values)) = made else { return made }
    if evaluator.dialect.isSandboxed, values.count > 100_000 {
      throw TemplateError(
        .other, "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).")
    }
    var bounds: [String] = []
    for operand in arguments.positional {
      bounds.append(String(try evaluator.value(of: operand).unmarked().pythonInt ?? 0))
    }
    if bounds.count == 1 { bounds.insert("0", at: 0) }
    if bounds.count == 3, bounds[2] == "1" { bounds.removeLast() }
    return .object(RangeObject(values, text: "range(" + bounds.joined(separator: ", ") + ")"))
  }
}

/// What `dict.items()`, `dict.keys()` and `dict.values()` give in plain Jinja2.
final class DictView: LazyCollection, PrintableObject {
  let typeName: String
  private let values: [Value]

  /// Nil where the name is none of a view.
  init?(_ name: String, of value: Value) {
    guard case .dict(let dict) = value.unmarked() else { return nil }
    let marks = value.marks
    switch name {
    case "items": values = dict.map { .tuple([$0.key, $0.value]).marked(marks) }
    case "keys": values = dict.keys.map { $0.marked(marks) }
    case "values": values = dict.values.map { $0.marked(marks) }
    default: return nil
    }
    typeName = "dict_" + name
  }

  var text: String { "\(typeName)(\(PythonText.repr(.list(values))))" }
  var isEmpty: Bool { values.isEmpty }
  // A view has no indices: Python doesn't call it a sequence, but it can be looped over.
  var sample: Value { .list([]) }

  func items() throws(TemplateError) -> [Operand] { values.map { .value($0) } }

  func element(_ key: Value) throws(TemplateError) -> Operand? { nil }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value { .list(values) }
}
