internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Python's operators on bare values.
enum Arithmetic {
  static func apply(_ operation: UnaryOperator, _ value: Value) throws(TemplateError) -> Value {
    switch (operation, value) {
    case (.negate, .float(let number)): return .float(-number)
    case (.plus, .float): return value
    default:
      guard let number = value.pythonInt else {
        throw TemplateError(
          .type, "bad operand type for unary \(operation.rawValue): '\(value.pythonTypeName)'")
      }
      if operation == .plus { return .int(number) }
      return .int(try checked(number.multipliedReportingOverflow(by: -1)))
    }
  }

  static func apply(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(TemplateError) -> Value {
    if let result = try applyToCollections(operation, left, right) { return result }
    if let one = left.pythonInt, let other = right.pythonInt {
      return try apply(operation, one, other)
    }
    guard let one = left.pythonNumber, let other = right.pythonNumber else {
      throw mismatch(operation, left, right)
    }
    return .float(try apply(operation, one, other))
  }

  private static func applyToCollections(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(TemplateError) -> Value? {
    switch (operation, left, right) {
    case (.add, .string(let one), .string(let other)): return .string(one + other)
    case (.add, .list(let one), .list(let other)): return .list(one + other)
    case (.add, .tuple(let one), .tuple(let other)): return .tuple(one + other)
    case (.multiply, .string(let text), let count), (.multiply, let count, .string(let text)):
      guard let count = count.pythonInt else { return nil }
      try limit(text.utf8.count, count)
      return .string(String(repeating: text, count: max(0, count)))
    case (.multiply, .list(let items), let count), (.multiply, let count, .list(let items)):
      guard let count = count.pythonInt else { return nil }
      try limit(items.count, count)
      return .list(Array(repeatElement(items, count: max(0, count)).joined()))
    case (.multiply, .tuple(let items), let count), (.multiply, let count, .tuple(let items)):
      guard let count = count.pythonInt else { return nil }
      try limit(items.count, count)
      return .tuple(Array(repeatElement(items, count: max(0, count)).joined()))
    default: return nil
    }
  }

  private static func limit(_ size: Int, _ count: Int) throws(TemplateError) {
    let (total, overflow) = size.multipliedReportingOverflow(by: max(0, count))
    if overflow || total > Session.itemLimit {
      throw TemplateError(.limit, "repetition makes more than \(Session.itemLimit) items")
    }
  }

  private static func apply(
    _ operation: BinaryOperator, _ one: Int, _ other: Int
  ) throws(TemplateError) -> Value {
    switch operation {
    case .add: return .int(try checked(one.addingReportingOverflow(other)))
    case .subtract: return .int(try checked(one.subtractingReportingOverflow(other)))
    case .multiply: return .int(try checked(one.multipliedReportingOverflow(by: other)))
    case .divide:
      if other == 0 { throw TemplateError(.other, "division by zero") }
      return .float(Double(one) / Double(other))
    case .floorDivide, .modulo:
      if other == 0 {
        let isModulo = operation == .modulo
        throw TemplateError(.other, "integer \(isModulo ? "modulo" : "division or modulo") by zero")
      }
      if one == .min, other == -1 { throw tooLarge }
      let (quotient, remainder) = one.quotientAndRemainder(dividingBy: other)
      // Python rounds towards minus infinity: the remainder has the divisor's sign.
      let rounds = remainder != 0 && (remainder < 0) != (other < 0)
      return .int(
        operation == .modulo
          ? (rounds ? remainder + other : remainder) : (rounds ? quotient - 1 : quotient))
    case .power:
      if other < 0 {
        if one == 0 { throw TemplateError(.other, "0.0 cannot be raised to a negative power") }
        return .float(pow(Double(one), Double(other)))
      }
      return .int(try power(one, other))
    }
  }

  private static func power(_ base: Int, _ exponent: Int) throws(TemplateError) -> Int {
    if exponent == 0 || base == 1 { return 1 }
    if base == 0 { return 0 }
    if base == -1 { return exponent.isMultiple(of: 2) ? 1 : -1 }
    if exponent > 63 { throw tooLarge }
    var result = 1
    for _ in 0..<exponent { result = try checked(result.multipliedReportingOverflow(by: base)) }
    return result
  }

  private static func apply(
    _ operation: BinaryOperator, _ one: Double, _ other: Double
  ) throws(TemplateError) -> Double {
    switch operation {
    case .add: return one + other
    case .subtract: return one - other
    case .multiply: return one * other
    case .divide:
      if other == 0 { throw TemplateError(.other, "float division by zero") }
      return one / other
    case .floorDivide:
      if other == 0 { throw TemplateError(.other, "float floor division by zero") }
      return (one / other).rounded(.down)
    case .modulo:
      if other == 0 { throw TemplateError(.other, "float modulo") }
      let remainder = fmod(one, other)
      return remainder != 0 && (remainder < 0) != (other < 0) ? remainder + other : remainder
    case .power: return pow(one, other)
    }
  }

  private static var tooLarge: TemplateError {
    TemplateError(
      .limit, "the number doesn't fit into 64 bits",
      help: "integers go from \(Int.min) to \(Int.max); use a float, such as `2.0`")
  }

  private static func checked(
    _ result: (partialValue: Int, overflow: Bool)
  ) throws(TemplateError) -> Int {
    if result.overflow { throw tooLarge }
    return result.partialValue
  }

  private static func mismatch(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) -> TemplateError {
    switch (operation, left) {
    case (.add, .string), (.add, .list), (.add, .tuple):
      let type = left.pythonTypeName
      return TemplateError(
        .type, "can only concatenate \(type) (not \"\(right.pythonTypeName)\") to \(type)",
        help: left.isText ? "use `~` to join any values as text" : nil)
    case (.multiply, .string), (.multiply, .list), (.multiply, .tuple):
      return TemplateError(
        .type, "can't multiply sequence by non-int of type '\(right.pythonTypeName)'")
    default:
      let symbol = operation == .power ? "** or pow()" : operation.rawValue
      return TemplateError(
        .type,
        "unsupported operand type(s) for \(symbol): '\(left.pythonTypeName)' and "
          + "'\(right.pythonTypeName)'",
        help: left.isText || right.isText ? "turn text into a number with `| int`" : nil)
    }
  }
}
