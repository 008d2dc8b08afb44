internal import OrderedCollections
internal import Values

/// Tests of what something is.
enum TypeTests {
  static let all: [LibraryFunction] = [
    LibraryFunction("defined") { (call: OperandCall) throws(TemplateError) -> Operand in
      if case .undefined = call.input { return .value(.bool(false)) }
      return try known(call, .bool(true))
    },
    LibraryFunction("undefined") { (call: OperandCall) throws(TemplateError) -> Operand in
      if case .undefined = call.input { return .value(.bool(true)) }
      return try known(call, .bool(false))
    },
    LibraryFunction("callable") { (call: OperandCall) throws(TemplateError) -> Operand in
      switch call.input {
      case .object(is Function), .object(is Macro), .object(is Joiner): return .value(.bool(true))
      case .undefined(let undefined): throw call.evaluator.error(for: undefined)
      default: return .value(.bool(false))
      }
    },
    LibraryFunction("filter") { (call: OperandCall) throws(TemplateError) -> Operand in
      let name = try call.evaluator.value(of: call.input)
      return .value(.bool(name.unmarked().text.flatMap(FilterLibrary.filter) != nil))
    },
    LibraryFunction("test") { (call: OperandCall) throws(TemplateError) -> Operand in
      let name = try call.evaluator.value(of: call.input)
      return .value(.bool(name.unmarked().text.flatMap(TestLibrary.test) != nil))
    },
    type("none") { $0 == .null },
    type("boolean") { if case .bool = $0 { true } else { false } },
    type("true") { $0 == .bool(true) },
    type("false") { $0 == .bool(false) },
    type("integer") { if case .int = $0 { true } else { false } },
    type("float") { if case .float = $0 { true } else { false } },
    type("number") { $0.pythonNumber != nil },
    type("string") { $0.isText },
    type("mapping") { if case .dict = $0 { true } else { false } },
    type("sequence") { $0.pythonCount != nil },
    type("iterable") { $0.pythonCount != nil },
    type("escaped") { _ in false },
    LibraryFunction(
      "lower",
      whole: { (call) in
        .bool(call.text == call.text.lowercased() && call.text != call.text.uppercased())
      }),
    LibraryFunction(
      "upper",
      whole: { (call) in
        .bool(call.text == call.text.uppercased() && call.text != call.text.lowercased())
      }),
    LibraryFunction("truthy", "convert_bool?", whole: { (call) in .bool(truthy(call)) }),
    LibraryFunction("falsy", "convert_bool?", whole: { (call) in .bool(!truthy(call)) }),
    LibraryFunction(
      "nan",
      whole: { (call) in
        .bool(call.input.pythonNumber?.isNaN ?? false)
      }),
    LibraryFunction(
      "isnan",
      whole: { (call) in
        .bool(call.input.pythonNumber?.isNaN ?? false)
      }),
  ]

  /// An attribute of what only `apply` can tell may be there or not.
  private static func known(_ call: OperandCall, _ answer: Value) throws(TemplateError) -> Operand {
    if case .value(let value) = call.input, case .unknown = value.unmarked() { return call.input }
    return .value(answer)
  }

  private static func type(
    _ name: String, _ test: @escaping @Sendable (Value) -> Bool
  ) -> LibraryFunction {
    LibraryFunction(name) { (call: OperandCall) throws(TemplateError) -> Operand in
      switch call.input {
      case .sequence: return .value(.bool(test(.list([]))))
      case .object(is ScopeObject): return .value(.bool(test(.dict([:]))))
      case .object(let object as any LazyCollection): return .value(.bool(test(object.sample)))
      case .object, .omit: return .value(.bool(false))
      case .undefined, .value:
        let value = try call.evaluator.value(of: call.input)
        if case .unknown = value.unmarked() { return .value(value) }
        return .value(.bool(test(value.unmarked())))
      }
    }
  }

  private static func truthy(_ call: Call) -> Bool {
    guard call.flag("convert_bool", default: false), case .string(let text) = call.input else {
      return call.input.isTruthy
    }
    switch text.lowercased() {
    case "yes", "on", "1", "true", "t", "y": return true
    case "no", "off", "0", "false", "f", "n": return false
    default: return !text.isEmpty
    }
  }
}
