internal import Values

/// Filters that make or change numbers.
enum NumberFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "int", "default?", "base?",
      whole: { (call) throws(TemplateError) in
        let standard = call["default"] ?? .int(0)
        return PythonNumber.int(call.input, base: try call.int("base") ?? 10) ?? standard
      }),
    LibraryFunction(
      "float", "default?",
      whole: { (call) throws(TemplateError) in
        if let number = call.input.pythonNumber { return .float(number) }
        if case .string(let text) = call.input, let number = PythonNumber.float(text) {
          return .float(number)
        }
        return call["default"] ?? .float(0)
      }),
    LibraryFunction(
      "abs",
      whole: { (call) throws(TemplateError) in
        switch call.input {
        case .float(let number): return .float(abs(number))
        default:
          guard let number = call.input.pythonInt else {
            throw TemplateError(
              .type, "bad operand type for abs(): '\(call.input.pythonTypeName)'")
          }
          return number < 0 ? try Arithmetic.apply(.negate, .int(number)) : .int(number)
        }
      }),
    LibraryFunction(
      "round", "precision?", "method?", whole: { (call) throws(TemplateError) in try round(call) }),
    mathematical("pow", "x") { (number, other) throws(TemplateError) in
      let result = PythonNumber.power(number, other ?? 1)
      if result.isInfinite, number.isFinite, other?.isFinite ?? true {
        throw TemplateError(.other, number == 0 ? "math domain error" : "math range error")
      }
      return result
    },
    mathematical("log", "base?") { (number, base) throws(TemplateError) in
      guard number > 0, base.map({ $0 > 0 }) ?? true else {
        throw TemplateError(.other, "math domain error")
      }
      return PythonNumber.logarithm(number, base: base)
    },
    mathematical("root", "base?") { (number, base) throws(TemplateError) in
      let base = base ?? 2
      if base == 0 { throw TemplateError(.other, "float division by zero") }
      if number < 0 { throw TemplateError(.other, "math domain error") }
      return base == 2 ? number.squareRoot() : PythonNumber.power(number, 1 / base)
    },
    LibraryFunction("bool", whole: { .bool(isTrue($0.input)) }),
    LibraryFunction(
      "filesizeformat", "binary?",
      whole: { (call) throws(TemplateError) in
        guard let size = call.input.pythonNumber ?? call.input.text.flatMap(PythonNumber.float)
        else {
          throw TemplateError(
            .type,
            call.input.isText
              ? "could not convert string to float: \(PythonText.repr(call.input))"
              : "float() argument must be a string or a real number, not "
                + "'\(call.input.pythonTypeName)'")
        }
        return .string(ByteSize.jinja(size, isBinary: call.flag("binary", default: false)))
      }),
    LibraryFunction(
      "human_readable", "isbits?", "unit?",
      whole: { (call) throws(TemplateError) in
        guard let size = call.input.pythonNumber else {
          throw call.failure(
            "human_readable() failed on bad input: '>=' not supported between instances of "
              + "'\(call.input.pythonTypeName)' and 'int'")
        }
        return .string(
          ByteSize.ansible(
            size, isBits: call.flag("isbits", default: false), unit: call.text("unit")))
      }),
    LibraryFunction(
      "human_to_bytes", "default_unit?", "isbits?",
      whole: { (call) throws(TemplateError) in
        .int(
          try ByteSize.parse(
            call.text, defaultUnit: call.text("default_unit"),
            isBits: call.flag("isbits", default: false)))
      }),
  ]

  private static func round(_ call: Call) throws(TemplateError) -> Value {
    let method = call.text("method") ?? "common"
    guard ["common", "ceil", "floor"].contains(method) else {
      throw call.failure("method must be common, ceil or floor")
    }
    guard let number = call.input.pythonNumber else {
      throw TemplateError(
        .type, "type \(call.input.pythonTypeName) doesn't define __round__ method")
    }
    let precision = try call.int("precision") ?? 0
    if method == "common" {
      guard let integer = call.input.pythonInt else {
        return .float(PythonNumber.round(number, precision))
      }
      return .int(precision >= 0 ? integer : Int(PythonNumber.round(Double(integer), precision)))
    }
    let scale = PythonNumber.power(10, precision)
    return .float((number * scale).rounded(method == "ceil" ? .up : .down) / scale)
  }

  /// A filter that computes with the input and one argument, both numbers.
  private static func mathematical(
    _ name: String, _ parameter: String,
    _ compute: @escaping @Sendable (Double, Double?) throws(TemplateError) -> Double
  ) -> LibraryFunction {
    let key = parameter.hasSuffix("?") ? String(parameter.dropLast()) : parameter
    return LibraryFunction(
      name, parameter,
      whole: { (call) throws(TemplateError) in
        func number(_ value: Value) throws(TemplateError) -> Double {
          if let number = value.pythonNumber { return number }
          throw TemplateError(
            .type,
            "\(name)() can only be used on numbers: must be real number, not "
              + value.pythonTypeName)
        }
        let argument = try call[key].map { (value) throws(TemplateError) in try number(value) }
        return .float(try compute(try number(call.input), argument))
      })
  }

  /// What the filter `bool` takes for true; all else is false.
  private static func isTrue(_ value: Value) -> Bool {
    if case .string(let text) = value {
      return ["yes", "on", "1", "true"].contains(text.lowercased())
    }
    return boolean(value)
  }

  /// Ansible's booleans; anything else is false.
  static func boolean(_ value: Value) -> Bool {
    switch value {
    case .bool(let flag): flag
    case .int(let number): number == 1
    case .float(let number): number == 1
    case .string(let text):
      ["yes", "on", "1", "true", "t", "y"].contains(PythonString.strip(text, nil).lowercased())
    default: false
    }
  }
}
