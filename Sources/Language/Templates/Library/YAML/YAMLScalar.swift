package import Values

/// What a plain scalar means in YAML 1.1, exactly as PyYAML takes it.
package enum YAMLScalar {
  /// Why text isn't what its tag or its form says.
  package struct Problem: Error {
    package var message: String
    package var help: String

    package init(message: String, help: String) {
      self.message = message
      self.help = help
    }
  }

  /// The value of a plain scalar; nil where it is text.
  package static func resolve(_ text: String) throws(Problem) -> Value? {
    if let word = words[text] { return word }
    if text == "=" {
      throw Problem(
        message: "`=` alone has a meaning in YAML 1.1 that nobody takes",
        help: "put it in quotes if it is text")
    }
    guard let first = text.utf8.first else { return .null }
    guard
      isDigit(first) || first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
        || first == UInt8(ascii: ".")
    else { return nil }
    if let number = try integer(text) { return .int(number) }
    if let number = float(text) { return .float(number) }
    if let time = YAMLTimestamp(text) {
      guard time.isValid else {
        throw Problem(
          message: "`\(text)` looks like a date but isn't one",
          help: "put it in quotes if it is text")
      }
      return .string(time.description)
    }
    return nil
  }

  /// A boolean of YAML 1.1; nil for any other text.
  package static func boolean(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "yes", "true", "on": true
    case "no", "false", "off": false
    default: nil
    }
  }

  /// `y` and `n` are text in PyYAML, whatever YAML 1.1 says.
  private static let words: [String: Value] = {
    var words: [String: Value] = ["": .null, "~": .null]
    for word in ["null", "yes", "no", "true", "false", "on", "off"] {
      let value: Value = boolean(word).map { .bool($0) } ?? .null
      let capitalized = word.prefix(1).uppercased() + word.dropFirst()
      for form in [word, capitalized, word.uppercased()] { words[form] = value }
    }
    return words
  }()

  /// An integer: decimal, `0b`, `0x`, octal with a leading 0, or sexagesimal `1:30:00`.
  package static func integer(_ text: String) throws(Problem) -> Int? {
    var digits = Substring(text)
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits.removeFirst() }
    let value: Int??
    if digits.hasPrefix("0b") {
      value = parse(digits.dropFirst(2), radix: 2)
    } else if digits.hasPrefix("0x") {
      value = parse(digits.dropFirst(2), radix: 16)
    } else if digits.hasPrefix("0"), digits.utf8.count > 1 {
      value = parse(digits.dropFirst(), radix: 8)
    } else if digits.contains(":") {
      value = sexagesimal(digits)
    } else {
      value = digits.utf8.first.map(isDigit) == true ? parse(digits, radix: 10) : nil
    }
    guard let value else { return nil }
    guard let value else {
      throw Problem(
        message: "`\(text)` is too large: integers have 64 bits here",
        help: "put it in quotes to keep it as text")
    }
    return isNegative ? -value : value
  }

  /// Digits and `_`; nil for other characters, `.some(nil)` for more than 64 bits.
  private static func parse(_ text: Substring, radix: Int) -> Int?? {
    if text.isEmpty { return nil }
    let allowed = "0123456789abcdef_".prefix(radix)
    guard text.lowercased().allSatisfy({ allowed.contains($0) || $0 == "_" }) else { return nil }
    let bare = text.filter { $0 != "_" }
    if bare.isEmpty { return radix == 8 ? .some(0) : nil }
    return .some(Int(bare, radix: radix))
  }

  private static func sexagesimal(_ text: Substring) -> Int?? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = parts.first, first.first.map({ "123456789".contains($0) }) == true,
      first.allSatisfy({ "0123456789_".contains($0) }), parts.dropFirst().allSatisfy(isBelow60)
    else { return nil }
    var total = 0
    for part in parts {
      let (product, overflowed) = total.multipliedReportingOverflow(by: 60)
      guard !overflowed, let digit = Int(part.filter { $0 != "_" }) else { return .some(nil) }
      total = product + digit
    }
    return .some(total)
  }

  private static func isBelow60(_ part: Substring) -> Bool {
    let digits = Array(part.utf8)
    return (digits.count == 1 || digits.count == 2 && digits[0] < UInt8(ascii: "6"))
      && digits.allSatisfy(isDigit)
  }

  /// A number with a point: an exponent needs a sign in YAML 1.1.
  package static func float(_ text: String) -> Double? {
    var body = Substring(text)
    let isNegative = body.first == "-"
    let isSigned = isNegative || body.first == "+"
    if isSigned { body.removeFirst() }
    if [".inf", ".Inf", ".INF"].contains(body) { return isNegative ? -.infinity : .infinity }
    if !isSigned, [".nan", ".NaN", ".NAN"].contains(body) { return .nan }
    guard let point = body.firstIndex(of: ".") else { return nil }
    let whole = body[..<point]
    var fraction = body[body.index(after: point)...]
    if whole.contains(":") {
      let parts = whole.split(separator: ":", omittingEmptySubsequences: false)
      guard isDigits(parts[0]), parts.dropFirst().allSatisfy(isBelow60), isDigitsOrNone(fraction)
      else { return nil }
      let seconds = parts.reduce(0.0) { $0 * 60 + (Double($1.filter { $0 != "_" }) ?? 0) }
      let value = seconds + (Double("0." + fraction.filter { $0 != "_" } + "0") ?? 0)
      return isNegative ? -value : value
    }
    var exponent = Substring()
    if let mark = fraction.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      exponent = fraction[mark...].dropFirst()
      guard let sign = exponent.first, "+-".contains(sign), exponent.count > 1,
        exponent.dropFirst().utf8.allSatisfy(isDigit)
      else { return nil }
      fraction = fraction[..<mark]
    }
    let isNumber =
      whole.isEmpty ? !isSigned && isDigits(fraction) : isDigits(whole) && isDigitsOrNone(fraction)
    guard isNumber else { return nil }
    let digits = "0\(whole).\(fraction)0".filter { $0 != "_" }
    let plain = exponent.isEmpty ? digits : "\(digits)e\(exponent)"
    return Double(plain).map { isNegative ? -$0 : $0 }
  }

  /// A number of JSON with an exponent; nil for anything else.
  package static func jsonFloat(_ text: String) -> Value? {
    guard text.contains(where: { "eE".contains($0) }),
      text.first.map({ "-0123456789".contains($0) }) == true,
      text.allSatisfy({ "0123456789+-.eE".contains($0) })
    else { return nil }
    return Double(text).map { .float($0) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isDigitsOrNone(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  private static func isDigits(_ text: Substring) -> Bool {
    text.utf8.first.map(isDigit) == true && isDigitsOrNone(text)
  }
}
