internal import Values

/// What stands behind the colon of a replacement field: `*>+#010,.2f`.
struct BraceSpec {
  private let written: String
  private var fill = " "
  private var alignment: Character?
  private var sign: Character = "-"
  private var isAlternate = false
  private var width = 0
  private var grouping: String?
  private var precision: Int?
  private var type: Unicode.Scalar?

  init(_ text: String) throws(TemplateError) {
    written = text
    var rest = Array(text)[...]
    if rest.count > 1, "<>^=".contains(rest[rest.startIndex + 1]) {
      fill = String(rest.removeFirst())
      alignment = rest.removeFirst()
    } else if let first = rest.first, "<>^=".contains(first) {
      alignment = rest.removeFirst()
    }
    if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
    if rest.first == "#" {
      isAlternate = true
      rest.removeFirst()
    }
    if rest.first == "0" {
      rest.removeFirst()
      if alignment == nil { (fill, alignment) = ("0", "=") }
    }
    func number() -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      return Int(String(digits))
    }
    width = number() ?? 0
    if let first = rest.first, ",_".contains(first) { grouping = String(rest.removeFirst()) }
    if rest.first == "." {
      rest.removeFirst()
      precision = number()
      if precision == nil { throw TemplateError(.other, "Format specifier missing precision") }
    }
    if let last = rest.popFirst() { type = last.unicodeScalars.first }
    guard rest.isEmpty, width <= Session.itemLimit, precision ?? 0 <= 1000 else {
      throw TemplateError(.other, "Invalid format specifier '\(text)'")
    }
  }

  func format(_ value: Value) throws(TemplateError) -> String {
    switch value {
    case .string(let text): return try format(text)
    case .bool(let flag) where written.isEmpty: return flag ? "True" : "False"
    case .int, .bool: return try format(integer: value.pythonInt ?? 0, value)
    case .float(let number): return try format(number, value)
    default:
      guard written.isEmpty else {
        throw TemplateError(
          .type, "unsupported format string passed to \(value.pythonTypeName).__format__")
      }
      return PythonText.str(value)
    }
  }

  // MARK: Text

  private func format(_ text: String) throws(TemplateError) -> String {
    if let type, type != "s" {
      throw TemplateError(.other, "Unknown format code '\(type)' for object of type 'str'")
    }
    // `0` before a width fills text, too, but on the right.
    if alignment == "=", !written.hasPrefix("0") {
      throw TemplateError(.other, "'=' alignment not allowed in string format specifier")
    }
    let cut =
      precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
    return pad(cut, alignment == "=" ? "<" : alignment ?? "<")
  }

  // MARK: Numbers

  private static let bases: [Unicode.Scalar: (radix: Int, prefix: String)] = [
    "x": (16, "0x"), "X": (16, "0X"), "o": (8, "0o"), "b": (2, "0b"), "d": (10, ""), "n": (10, ""),
  ]

  private func format(integer: Int, _ value: Value) throws(TemplateError) -> String {
    if type == "c" {
      guard let scalar = UInt32(exactly: integer).flatMap(Unicode.Scalar.init) else {
        throw TemplateError(.other, "%c arg not in range(0x110000)")
      }
      return pad(String(scalar), alignment ?? "<")
    }
    if type == "z" {
      throw TemplateError(
        .other, "Negative zero coercion (z) not allowed in integer format specifier")
    }
    guard let base = Self.bases[type ?? "d"] else { return try format(Double(integer), value) }
    if precision != nil {
      throw TemplateError(.other, "Precision not allowed in integer format specifier")
    }
    let digits = String(integer.magnitude, radix: base.radix, uppercase: type == "X")
    return laid(
      digits, prefix: isAlternate ? base.prefix : "", isNegative: integer < 0,
      group: base.radix == 10 ? 3 : 4)
  }

  private func format(_ number: Double, _ value: Value) throws(TemplateError) -> String {
    let digits: String
    switch type {
    case nil, "n":
      digits =
        precision.map { FormatSpec.float(abs(number), $0, "g") } ?? abs(number).pythonDescription
    case "%":
      let hundred = FormatSpec.float(abs(number) * 100, precision ?? 6, "f")
      digits = hundred + "%"
    case "e", "E", "f", "F", "g", "G":
      digits = FormatSpec.float(
        abs(number), precision ?? 6, type ?? "g", isAlternate: isAlternate)
    case let other?:
      throw TemplateError(
        .other, "Unknown format code '\(other)' for object of type '\(value.pythonTypeName)'")
    }
    return laid(digits, prefix: "", isNegative: number.sign == .minus, group: 3)
  }

  /// The sign, the prefix and the digits, in groups, filled between them where `=` says so.
  private func laid(
    _ digits: String, prefix: String, isNegative: Bool, group: Int
  ) -> String {
    let head = (isNegative ? "-" : sign == "-" ? "" : String(sign)) + prefix
    guard alignment == "=" else { return pad(head + grouped(digits, group), alignment ?? ">") }
    let body = grouped(digits, group)
    guard fill == "0", grouping != nil else {
      let missing = max(0, width - body.count - head.count)
      return head + String(repeating: fill, count: missing) + body
    }
    // Zeros are grouped with the digits, so they may be one more than asked for.
    let whole = digits.prefix(while: \.isHexDigit).count
    var wanted = whole
    let rest = head.count + digits.count - whole
    while wanted + (wanted - 1) / group + rest < width { wanted += 1 }
    return head + grouped(String(repeating: "0", count: wanted - whole) + digits, group)
  }

  private func grouped(_ digits: String, _ size: Int) -> String {
    guard let grouping else { return digits }
    let whole = digits.prefix { $0.isHexDigit }
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: size) { result += grouping }
      result.append(digit)
    }
    return result + digits.dropFirst(whole.count)
  }

  private func pad(_ text: String, _ alignment: Character) -> String {
    let missing = width - text.unicodeScalars.count
    guard missing > 0 else { return text }
    switch alignment {
    case "<": return text + String(repeating: fill, count: missing)
    case "^":
      return String(repeating: fill, count: missing / 2) + text
        + String(repeating: fill, count: missing - missing / 2)
    default: return String(repeating: fill, count: missing) + text
    }
  }
}
