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
      "round", "precision?", "method?",
      whole: { (call) throws(TemplateError) in
        guard let number = call.input.pythonNumber else {
          throw TemplateError(
            .type, "type \(call.input.pythonTypeName) doesn't define __round__ method")
        }
        let precision = try call.int("precision") ?? 0
        let method = call.text("method") ?? "common"
        switch method {
        case "common":
          if case .int(let integer) = call.input {
            return precision >= 0
              ? call.input : .int(Int(PythonNumber.round(Double(integer), precision)))
          }
          return .float(PythonNumber.round(number, precision))
        case "ceil", "floor":
          let scale = PythonNumber.power(10, precision)
          return .float((number * scale).rounded(method == "ceil" ? .up : .down) / scale)
        default: throw call.failure("method must be common, ceil or floor")
        }
      }),
    LibraryFunction(
      "pow", "x",
      whole: { (call) throws(TemplateError) in
        guard let one = call.input.pythonNumber, let other = call.value("x").pythonNumber else {
          throw TemplateError(
            .type,
            "pow() can only be used on numbers: must be real number, not "
              + call.input.pythonTypeName)
        }
        return .float(PythonNumber.power(one, other))
      }),
    LibraryFunction(
      "log", "base?",
      whole: { (call) throws(TemplateError) in
        guard let number = call.input.pythonNumber else {
          throw TemplateError(
            .type,
            "log() can only be used on numbers: must be real number, not "
              + call.input.pythonTypeName)
        }
        guard number > 0 else {
          throw call.failure("log() can only be used on numbers: math domain error")
        }
        return .float(PythonNumber.logarithm(number, base: call["base"]?.pythonNumber))
      }),
    LibraryFunction(
      "root", "base?",
      whole: { (call) throws(TemplateError) in
        guard let number = call.input.pythonNumber else {
          throw TemplateError(
            .type,
            "root() can only be used on numbers: must be real number, not "
              + call.input.pythonTypeName)
        }
        let base = call["base"]?.pythonNumber ?? 2
        return .float(base == 2 ? number.squareRoot() : PythonNumber.power(number, 1 / base))
      }),
    LibraryFunction("bool", whole: { .bool(boolean($0.input)) }),
    LibraryFunction(
      "filesizeformat", "binary?",
      whole: { (call) throws(TemplateError) in
        guard let size = call.input.pythonNumber ?? call.input.text.flatMap(PythonNumber.float)
        else {
          throw TemplateError(
            .type, "could not convert string to float: \(PythonText.repr(call.input))")
        }
        return .string(ByteSize.jinja(size, isBinary: call.flag("binary", default: false)))
      }),
    LibraryFunction(
      "human_readable", "isbits?", "unit?",
      whole: { (call) throws(TemplateError) in
        guard let size = call.input.pythonNumber ?? call.input.text.flatMap(PythonNumber.float)
        else {
          throw call.failure("human_readable() can't interpret following string: \(call.text)")
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
