internal import Diagnostics
internal import Templates
internal import Values

extension TOMLScanner {
  /// A value that is no array and no table.
  mutating func scalar() throws(Diagnostics) -> Expression {
    let start = position
    if next == "\"" || next == "'" {
      let text = try string()
      return Expression(text: text, at: range(from: start))
    }
    var word = takeAll(while: Self.isWord)
    // A date may have a blank before its time.
    if next == " ", word.utf8.count == 10, YAMLTimestamp(word) != nil, isAtTime {
      advance()
      word += " " + takeAll(while: Self.isWord)
    }
    let range = range(from: start)
    if let value = Self.value(word) { return .literal(value, range) }
    throw Diagnostics(
      Diagnostic(
        .error,
        word.isEmpty ? "TOML: a value must stand here" : "TOML: `\(word)` isn't a value",
        at: range, help: "put text in quotes"))
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "+", ".", ":": true
    default: false
    }
  }

  private var isAtTime: Bool {
    var copy = self
    copy.advance()
    let word = copy.takeAll(while: Self.isWord)
    return word.utf8.count >= 8 && word.dropFirst(2).hasPrefix(":")
  }

  // MARK: What a word means

  private static func value(_ word: String) -> Value? {
    switch word {
    case "true": return true
    case "false": return false
    case "inf", "+inf": return .float(.infinity)
    case "-inf": return .float(-.infinity)
    case "nan", "+nan", "-nan": return .float(.nan)
    default: return number(word) ?? time(word)
    }
  }

  private static func number(_ word: String) -> Value? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
      let digits = word.dropFirst(2)
      guard hasGoodUnderscores(digits) else { return nil }
      return Int(digits.filter { $0 != "_" }, radix: radix).map { .int($0) }
    }
    let sign = word.first == "-" || word.first == "+" ? word.prefix(1) : ""
    let bare = word.dropFirst(sign.count)
    let whole = bare.prefix { $0.isASCII && $0.isNumber || $0 == "_" }
    guard hasGoodUnderscores(whole), whole == "0" || whole.first != "0" else { return nil }
    let number = (sign == "-" ? "-" : "") + bare.filter { $0 != "_" }
    if whole.endIndex == bare.endIndex { return Int(number).map { .int($0) } }
    var rest = bare[whole.endIndex...]
    if rest.first == "." {
      let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber || $0 == "_" }
      guard hasGoodUnderscores(fraction) else { return nil }
      rest = rest[fraction.endIndex...]
    }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
      guard hasGoodUnderscores(rest), rest.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "_" })
      else { return nil }
      rest = ""
    }
    return rest.isEmpty ? Double(number).map { .float($0) } : nil
  }

  /// Whether there are digits, with underscores only between them.
  private static func hasGoodUnderscores(_ digits: Substring) -> Bool {
    !digits.isEmpty && digits.first != "_" && digits.last != "_" && !digits.contains("__")
  }

  /// Dates and times as the text that Python's `str()` makes of them.
  private static func time(_ word: String) -> Value? {
    if word.dropFirst(2).first == ":" {
      guard let stamp = checked("2000-01-01T" + word),
        !word.contains(where: { "Zz+-".contains($0) })
      else { return nil }
      return .string(String(stamp.dropFirst(11)))
    }
    guard word.utf8.count == 10 || word.utf8.count >= 19 else { return nil }
    return checked(word.replacing("z", with: "Z")).map { .string($0) }
  }

  private static func checked(_ word: String) -> String? {
    guard let stamp = YAMLTimestamp(word), stamp.isValid else { return nil }
    return stamp.description
  }
}
