internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// How one value is laid out: flags, width, precision.
struct FormatSpec {
  var isLeft = false
  var hasZeros = false
  var hasSign = false
  var hasBlank = false
  var isAlternate = false
  var width: Int?
  var precision: Int?

  mutating func takeFlags(_ rest: inout ArraySlice<Unicode.Scalar>) {
    while let flag = rest.first {
      switch flag {
      case "-": isLeft = true
      case "0": hasZeros = true
      case "+": hasSign = true
      case " ": hasBlank = true
      case "#": isAlternate = true
      default: return
      }
      rest.removeFirst()
    }
  }

  /// The value as `%` with this letter prints it.
  func format(_ value: Value, as type: Unicode.Scalar) throws(TemplateError) -> String {
    switch type {
    case "s": return pad(cut(PythonText.str(value)))
    case "r": return pad(cut(PythonText.repr(value)))
    case "a": return pad(cut(PythonText.ascii(value)))
    case "d", "i", "u": return number(try integer(value, "d"), radix: 10, prefix: "")
    case "x": return number(try integer(value, "x"), radix: 16, prefix: "0x")
    case "X": return number(try integer(value, "X"), radix: 16, prefix: "0X", isUpper: true)
    case "o": return number(try integer(value, "o"), radix: 8, prefix: "0o")
    case "e", "E", "f", "F", "g", "G":
      guard let number = value.pythonNumber else {
        throw TemplateError(.type, "must be real number, not \(value.pythonTypeName)")
      }
      return padded(
        Self.float(abs(number), precision ?? 6, type, isAlternate: isAlternate),
        isNegative: number.sign == .minus)
    case "c":
      if case .string(let text) = value, text.unicodeScalars.count == 1 { return pad(text) }
      guard let code = value.pythonInt,
        let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init)
      else { throw TemplateError(.type, "%c requires int or char") }
      return pad(String(scalar))
    default:
      let code = String(type.value, radix: 16)
      throw TemplateError(.other, "unsupported format character '\(type)' (0x\(code))")
    }
  }

  /// Digits of a floating-point number that isn't negative, as C's `printf` makes them.
  static func float(
    _ number: Double, _ precision: Int, _ type: Unicode.Scalar, isAlternate: Bool = false
  ) -> String {
    if number.isNaN || number.isInfinite {
      let text = number.isNaN ? "nan" : "inf"
      return type.properties.isUppercase ? text.uppercased() : text
    }
    let format = "%\(isAlternate ? "#" : "").\(precision)\(type)"
    return withVaList([number]) { arguments in
      var buffer = [CChar](repeating: 0, count: 400 + precision)
      let length = vsnprintf(&buffer, buffer.count, format, arguments)
      return String(
        decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  private func integer(_ value: Value, _ type: String) throws(TemplateError) -> Int {
    if let number = value.pythonInt { return number }
    if type == "d", case .float(let number) = value,
      let integer = Int(exactly: number.rounded(.towardZero))
    {
      return integer
    }
    throw TemplateError(
      .type,
      type == "d"
        ? "%d format: a real number is required, not \(value.pythonTypeName)"
        : "%\(type) format: an integer is required, not \(value.pythonTypeName)",
      help: value.isText ? "turn text into a number with `| int`" : nil)
  }

  private func number(_ value: Int, radix: Int, prefix: String, isUpper: Bool = false) -> String {
    var digits = String(value.magnitude, radix: radix, uppercase: isUpper)
    if let precision, digits.count < precision {
      digits = String(repeating: "0", count: precision - digits.count) + digits
    }
    return padded((isAlternate ? prefix : "") + digits, isNegative: value < 0)
  }

  private func padded(_ digits: String, isNegative: Bool) -> String {
    let sign = isNegative ? "-" : hasSign ? "+" : hasBlank ? " " : ""
    guard hasZeros, !isLeft, let width, sign.count + digits.count < width else {
      return pad(sign + digits)
    }
    return sign + String(repeating: "0", count: width - sign.count - digits.count) + digits
  }

  private func cut(_ text: String) -> String {
    guard let precision else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(precision)))
  }

  private func pad(_ text: String) -> String {
    let count = text.unicodeScalars.count
    guard let width, count < width else { return text }
    let fill = String(repeating: " ", count: width - count)
    return isLeft ? text + fill : fill + text
  }
}
