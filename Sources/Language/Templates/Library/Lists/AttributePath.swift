internal import Values

/// `a.b.0`: the way to an item inside of another.
struct AttributePath {
  private let keys: [Value]

  /// The way as it was written.
  var name: String { keys.map(PythonText.str).joined(separator: ".") }

  init(_ path: Value) throws(TemplateError) {
    switch path.unmarked() {
    case .string(let text):
      keys = text.split(separator: ".", omittingEmptySubsequences: false).map {
        Int($0).map { .int($0) } ?? .string(String($0))
      }
    case .int(let index): keys = [.int(index)]
    case .null: keys = []
    default:
      throw TemplateError(.type, "an attribute is text or a number, not '\(path.pythonTypeName)'")
    }
  }

  /// What the way leads to.
  func resolve(in operand: Operand, _ evaluator: Evaluator) throws(TemplateError) -> Operand {
    var found = operand
    for key in keys {
      let element = try evaluator.element(.value(key), of: found, at: 0)
      if case .undefined = element, case .object(let object) = found, case .string(let name) = key,
        let attribute = try object.attribute(name, evaluator)
      {
        found = attribute
      } else {
        found = element
      }
    }
    return found
  }

  /// What the way leads to in a value; an error in the words of the dialect where there is nothing.
  func require(in value: Value, _ dialect: Dialect) throws(TemplateError) -> Value {
    var found = value
    for key in keys {
      guard let next = found.unmarked().pythonElement(key) else {
        let name = PythonText.str(key)
        let type = found.pythonTypeName
        let object = dialect.isAnsible ? type + " object" : Operand.value(found).jinjaTypeName
        guard key.isText else {
          throw TemplateError(.undefined, "\(object) has no element \(name)")
        }
        throw TemplateError(
          .undefined,
          dialect.isAnsible
            ? "object of type '\(type)' has no attribute '\(name)'"
            : "'\(object)' has no attribute '\(name)'")
      }
      found = next.marked(found.marks)
    }
    return found
  }

  /// What the way leads to in a value; nil where there is nothing.
  func resolve(in value: Value) -> Value? {
    var found = value
    for key in keys {
      guard let next = found.unmarked().pythonElement(key) else { return nil }
      found = next.marked(found.marks)
    }
    return found
  }
}
