internal import Values

extension Evaluator {
  /// What plain Jinja2's tests of the type say of something undefined, or of `Markup`.
  func answer(to test: LibraryFunction, of operand: Operand) -> Bool? {
    if dialect.isAnsible { return nil }
    switch (test.name, operand) {
    case ("escaped", _): return operand.isMarkup
    case ("iterable", .undefined): return isStrict ? nil : true
    case ("sequence", .undefined): return !isStrict
    case ("sameas", .undefined): return false
    case ("callable", .object(is BoundMethod)): return true
    case ("none", .undefined), ("boolean", .undefined), ("true", .undefined),
      ("false", .undefined), ("integer", .undefined), ("float", .undefined),
      ("number", .undefined), ("string", .undefined), ("mapping", .undefined):
      return false
    default: return nil
    }
  }
}

extension Evaluator {
  /// What plain Jinja2's filters make of something undefined, where that isn't what they make of
  /// empty text; nil for all others.
  func answer(
    to function: LibraryFunction, of undefined: Undefined
  ) throws(TemplateError) -> Operand? {
    let type = dialect.undefinedName
    switch function.name {
    case "tojson":
      throw TemplateError(.type, "Object of type \(type) is not JSON serializable")
    case "abs": throw TemplateError(.type, "bad operand type for abs(): '\(type)'")
    case "round": throw TemplateError(.type, "type \(type) doesn't define __round__ method")
    case "items": return .value(.list([]))
    case "pprint": return .value(.string("Undefined"))
    case "random":
      return isStrict ? nil : self.undefined("No random item, sequence was empty.", at: 0)
    default:
      if isStrict || !function.refusesUndefined { return nil }
      throw error(for: undefined)
    }
  }
}

extension LibraryFunction {
  /// Functions that use a method which Python's undefined refuses, where others see an empty one.
  var refusesUndefined: Bool {
    switch name {
    case "int", "float", "indent", "wordwrap", "dictsort", "xmlattr", "filesizeformat", "even",
      "odd", "divisibleby":
      true
    default: false
    }
  }
}
