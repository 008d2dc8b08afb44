internal import OrderedCollections
package import Values

/// Python's literals, as `ast.literal_eval` takes them: what INI inventories' values may be.
package struct PythonLiteral {
  private var rest: Substring.UnicodeScalarView
  private var depth = 0

  /// The value of a literal; nil where the text is none, and so is text.
  package static func value(_ text: String) -> Value? {
    if isPlainText(text) { return nil }
    if let number = plainNumber(text) { return .int(number) }
    var parser = PythonLiteral(rest: Substring(text).unicodeScalars)
    parser.skipBlanks()
    guard let value = parser.tuple(), parser.rest.isEmpty else { return nil }
    return value
  }

  /// Whether the first letter tells already that a text is no literal: most are words.
  private static func isPlainText(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    switch first {
    case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "N"), UInt8(ascii: "s"): return false
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      // Strings may have a letter before their quotes.
      return !text.utf8.contains { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      // Addresses, too: digits with more than one point among them.
      let points = text.utf8.count { $0 == UInt8(ascii: ".") }
      return points > 1 && text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || isDigit($0) }
    default: return false
    }
  }

  /// The number of a text of nothing but a few digits: most numbers are.
  private static func plainNumber(_ text: String) -> Int? {
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return nil }
    // Python refuses `007`.
    return text.utf8.first == UInt8(ascii: "0") && text != "0" ? nil : Int(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Whether a scalar is a letter; the tables are for those that ASCII hasn't.
  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.isASCII else { return scalar.properties.isAlphabetic }
    return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  private mutating func skipBlanks() {
    while let scalar = rest.first {
      if scalar == "#" {
        rest = rest.drop { $0 != "\n" }
      } else if " \t\r\n\u{C}".unicodeScalars.contains(scalar) {
        rest.removeFirst()
      } else {
        return
      }
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    skipBlanks()
    return true
  }

  /// One literal, or several with commas between them.
  private mutating func tuple() -> Value? {
    guard let first = literal() else { return nil }
    guard take(",") else { return first }
    var items = [first]
    while !rest.isEmpty {
      guard let item = literal() else { return nil }
      items.append(item)
      if !take(",") { break }
    }
    return .list(items)
  }

  private mutating func literal() -> Value? {
    depth += 1
    defer { depth -= 1 }
    // Deeper nesting than anybody writes would exhaust the stack.
    guard depth <= 100, let first = rest.first else { return nil }
    switch first {
    case "[":
      rest.removeFirst()
      return items(until: "]").map { .list($0.items) }
    case "(": return parentheses()
    case "{": return braces()
    case "-", "+":
      rest.removeFirst()
      skipBlanks()
      return signed(isNegative: first == "-")
    case "0"..."9", ".": return number()
    case "'", "\"": return strings()
    default: return word()
    }
  }

  // MARK: Collections

  private mutating func items(until end: Unicode.Scalar) -> (items: [Value], hasComma: Bool)? {
    skipBlanks()
    var items: [Value] = []
    var hasComma = false
    while !take(end) {
      guard let item = literal() else { return nil }
      items.append(item)
      if take(",") { hasComma = true } else if rest.first != end { return nil }
    }
    return (items, hasComma)
  }

  private mutating func parentheses() -> Value? {
    rest.removeFirst()
    guard let (items, hasComma) = items(until: ")") else { return nil }
    return items.count == 1 && !hasComma ? items[0] : .list(items)
  }

  /// A dictionary, or a set, which becomes a list.
  private mutating func braces() -> Value? {
    rest.removeFirst()
    skipBlanks()
    if take("}") { return .dict([:]) }
    guard let first = literal() else { return nil }
    if !take(":") {
      guard take(",") || rest.first == "}", let more = items(until: "}") else { return nil }
      return .list([first] + more.items.filter { $0 != first })
    }
    var dict: OrderedDictionary<Value, Value> = [:]
    var key = first
    while true {
      guard let value = literal() else { return nil }
      dict[key] = value
      let hasComma = take(",")
      if take("}") { return .dict(dict) }
      guard hasComma, let next = literal(), take(":") else { return nil }
      key = next
    }
  }

  // MARK: Scalars

  private mutating func word() -> Value? {
    let name = String(Substring(rest.prefix(while: Self.isLetter)))
    let following = rest.dropFirst(name.unicodeScalars.count).first
    if following == "'" || following == "\"" { return strings() }
    rest.removeFirst(name.unicodeScalars.count)
    skipBlanks()
    switch name {
    case "True": return true
    case "False": return false
    case "None": return .null
    case "set": return take("(") && take(")") ? .list([]) : nil
    default: return nil
    }
  }

  /// A number behind its sign; it may stand in parentheses.
  private mutating func signed(isNegative: Bool) -> Value? {
    if take("(") {
      guard let value = signed(isNegative: isNegative), take(")") else { return nil }
      return value
    }
    guard let text = digits() else { return nil }
    // The smallest integer has no positive twin.
    if isNegative, text == "9223372036854775808" { return .int(.min) }
    let value = Self.number(text)
    guard isNegative else { return value }
    switch value {
    case .int(let number): return .int(0 &- number)
    case .float(let number): return .float(-number)
    default: return nil
    }
  }

  private mutating func number() -> Value? { digits().flatMap { Self.number($0) } }

  /// The letters, digits and signs of a number.
  private mutating func digits() -> String? {
    guard let first = rest.first, first == "." || ("0"..."9").contains(first) else { return nil }
    var text = ""
    while let scalar = rest.first {
      let isSign = scalar == "+" || scalar == "-"
      let followsExponent = text.last.map { "eE".contains($0) } == true && !text.hasPrefix("0x")
      guard
        Self.isLetter(scalar) || ("0"..."9").contains(scalar) || scalar == "."
          || scalar == "_" || isSign && followsExponent
      else { break }
      text.unicodeScalars.append(scalar)
      rest.removeFirst()
    }
    skipBlanks()
    return text
  }

  private static func number(_ text: String) -> Value? {
    let lower = text.lowercased()
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where lower.hasPrefix(prefix) {
      let digits = lower.dropFirst(2)
      guard let bare = bareDigits(digits.hasPrefix("_") ? digits.dropFirst() : digits) else {
        return nil
      }
      return Int(bare, radix: radix).map { .int($0) }
    }
    let isFloat = lower.contains { $0 == "." || $0 == "e" }
    if !isFloat {
      guard let bare = bareDigits(lower[...]), bare.allSatisfy(\.isNumber) else { return nil }
      if bare.hasPrefix("0"), bare.contains(where: { $0 != "0" }) { return nil }
      return Int(bare).map { .int($0) }
    }
    guard lower.allSatisfy({ "0123456789._e+-".contains($0) }), !lower.hasPrefix("_"),
      !lower.hasSuffix("_"), !lower.contains("__"), lower != "."
    else { return nil }
    let bare = lower.filter { $0 != "_" }
    let whole = bare.hasPrefix(".") ? "0" + bare : bare.replacing(".e", with: ".0e")
    return Double(whole.hasSuffix(".") ? whole + "0" : whole).map { .float($0) }
  }

  /// Digits with single underscores between them removed; nil where they stand elsewhere.
  private static func bareDigits(_ text: Substring) -> String? {
    guard !text.isEmpty, !text.hasPrefix("_"), !text.hasSuffix("_"), !text.contains("__") else {
      return nil
    }
    return text.filter { $0 != "_" }
  }

  /// One or more strings side by side, which are one.
  private mutating func strings() -> Value? {
    var text = ""
    while let first = rest.first, first == "'" || first == "\"" || Self.isLetter(first) {
      let prefix = rest.prefix(while: Self.isLetter)
      let kind = String(Substring(prefix)).lowercased()
      guard ["", "r", "u", "b", "br", "rb"].contains(kind) else { return nil }
      rest.removeFirst(prefix.count)
      guard let piece = string(isRaw: kind.contains("r")) else { return nil }
      text += piece
      skipBlanks()
    }
    return .string(text)
  }

  private mutating func string(isRaw: Bool) -> String? {
    guard let quote = rest.first, quote == "'" || quote == "\"" else { return nil }
    let isTriple = rest.prefix(3).count == 3 && rest.prefix(3).allSatisfy { $0 == quote }
    let closing = isTriple ? 3 : 1
    rest.removeFirst(closing)
    // Most have no escapes.
    if !isTriple, let end = rest.firstIndex(where: { $0 == quote || $0 == "\\" || $0 == "\n" }),
      rest[end] == quote
    {
      defer { rest = rest[rest.index(after: end)...] }
      return String(Substring(rest[..<end]))
    }
    var text = String.UnicodeScalarView()
    while let scalar = rest.first {
      if rest.prefix(closing).count == closing,
        rest.prefix(closing).allSatisfy({ $0 == quote })
      {
        rest.removeFirst(closing)
        return String(text)
      }
      rest.removeFirst()
      if scalar == "\n", !isTriple { return nil }
      guard scalar == "\\" else {
        text.append(scalar)
        continue
      }
      guard let escaped = rest.first else { return nil }
      rest.removeFirst()
      if isRaw {
        text.append(contentsOf: [scalar, escaped])
      } else {
        guard let piece = escape(escaped) else { return nil }
        text.append(contentsOf: piece)
      }
    }
    return nil
  }

  /// What stands behind a backslash means; unknown escapes stay as they are.
  private mutating func escape(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
    let simple: [Unicode.Scalar: Unicode.Scalar] = [
      "\\": "\\", "'": "'", "\"": "\"", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "n": "\n",
      "r": "\r", "t": "\t", "v": "\u{B}",
    ]
    if let meaning = simple[scalar] { return [meaning] }
    switch scalar {
    case "\n": return []
    case "x": return coded(2)
    case "u": return coded(4)
    case "U": return coded(8)
    case "0"..."7":
      let digits = [scalar] + rest.prefix(2).prefix { ("0"..."7").contains($0) }
      rest.removeFirst(digits.count - 1)
      let code = UInt32(String(String.UnicodeScalarView(digits)), radix: 8)
      return code.flatMap { Unicode.Scalar($0) }.map { [$0] }
    default: return ["\\", scalar]
    }
  }

  private mutating func coded(_ count: Int) -> [Unicode.Scalar]? {
    let digits = String(String.UnicodeScalarView(rest.prefix(count)))
    guard digits.unicodeScalars.count == count, let code = UInt32(digits, radix: 16) else {
      return nil
    }
    rest.removeFirst(count)
    return Unicode.Scalar(code).map { [$0] }
  }
}
