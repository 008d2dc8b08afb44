internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Numbers as Python reads and rounds them.
enum PythonNumber {
  /// As Jinja2's `int`: text may also be a floating-point number; nil where it is none.
  static func int(_ value: Value, base: Int) -> Value? {
    switch value {
    case .bool(let flag): return .int(flag ? 1 : 0)
    case .int: return value
    case .float(let number): return Int(exactly: number.rounded(.towardZero)).map { .int($0) }
    case .string(let text):
      if let number = int(text, base: base) { return .int(number) }
      return float(text).flatMap { Int(exactly: $0.rounded(.towardZero)) }.map { .int($0) }
    default: return nil
    }
  }

  /// As Python's `int(text, base)`.
  static func int(_ text: String, base: Int) -> Int? {
    var digits = ascii(PythonString.strip(text, nil)).lowercased()
    var sign = ""
    if digits.hasPrefix("-") || digits.hasPrefix("+") { sign = String(digits.removeFirst()) }
    var base = base
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
      guard base == radix || base == 0 else { continue }
      digits.removeFirst(2)
      base = radix
    }
    if base == 0 { base = 10 }
    guard (2...36).contains(base), !digits.hasPrefix("_"), !digits.hasSuffix("_"),
      !digits.contains("__"), !digits.hasPrefix("-"), !digits.hasPrefix("+")
    else { return nil }
    return Int(sign + digits.replacing("_", with: ""), radix: base)
  }

  /// Digits of all scripts as those of ASCII.
  private static func ascii(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 128 }) { return text }
    return text.unicodeScalars.map { scalar in
      guard scalar.properties.numericType == .decimal, let digit = scalar.properties.numericValue
      else { return String(scalar) }
      return String(Int(digit))
    }.joined()
  }

  /// As Python's `float(text)`.
  static func float(_ text: String) -> Double? {
    let text = ascii(PythonString.strip(text, nil)).lowercased()
    guard let first = text.utf8.first, !text.contains("x"), !text.contains("p") else { return nil }
    if first == UInt8(ascii: "_") || text.hasSuffix("_") { return nil }
    let digits = text.replacing("_", with: "")
    if digits.contains("n") {
      let sign = digits.hasPrefix("-") ? -1.0 : 1.0
      let name = digits.drop { $0 == "-" || $0 == "+" }
      if name == "inf" || name == "infinity" { return sign * .infinity }
      return name == "nan" ? .nan : nil
    }
    if let number = Double(digits) { return number }
    if digits.hasSuffix(".") { return Double(digits + "0") }
    return nil
  }

  /// Half to even, at `precision` digits behind the point.
  static func round(_ number: Double, _ precision: Int) -> Double {
    guard number.isFinite else { return number }
    if precision >= 0 {
      // `printf` rounds the exact binary value, as Python does.
      return Double(FormatSpec.float(abs(number), min(precision, 300), "f")).map {
        number.sign == .minus ? -$0 : $0
      } ?? number
    }
    let scale = pow(10, Double(-precision))
    return (number / scale).rounded(.toNearestOrEven) * scale
  }

  static func power(_ base: Double, _ exponent: Int) -> Double { pow(base, Double(exponent)) }

  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// The natural logarithm without a base.
  static func logarithm(_ number: Double, base: Double?) -> Double {
    guard let base else { return log(number) }
    return base == 10 ? log10(number) : log(number) / log(base)
  }
}
