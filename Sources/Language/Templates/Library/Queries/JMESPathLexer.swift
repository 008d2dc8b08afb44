internal import Values

/// A token of JMESPath, and where it begins, in bytes.
struct JMESPathToken {
  enum Kind: Hashable {
    case name(String)
    case quotedName(String)
    case literal(Value)
    case number(Int)
    /// `.`, `[`, `[]`, `[?`, `&&`, `==` and their like.
    case symbol(String)
    case end
  }

  var kind: Kind
  var offset: Int
}

/// Takes an expression of JMESPath apart.
struct JMESPathLexer {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// All tokens, the last of which is the end.
  mutating func tokens() throws(TemplateError) -> [JMESPathToken] {
    var tokens: [JMESPathToken] = []
    while position < bytes.count {
      let start = position
      if [32, 9, 10, 13].contains(bytes[position]) {
        position += 1
        continue
      }
      tokens.append(JMESPathToken(kind: try next(), offset: start))
    }
    tokens.append(JMESPathToken(kind: .end, offset: position))
    return tokens
  }

  private mutating func next() throws(TemplateError) -> JMESPathToken.Kind {
    let byte = bytes[position]
    switch byte {
    case _ where Self.isLetter(byte):
      return .name(takeWhile { Self.isLetter($0) || Self.isDigit($0) })
    case _ where Self.isDigit(byte), UInt8(ascii: "-"): return try number()
    case UInt8(ascii: "'"):
      return .literal(.string(try quoted(by: byte).replacing("\\'", with: "'")))
    case UInt8(ascii: "\""):
      guard case .string(let name) = try json("\"" + quoted(by: byte) + "\"") else { return .end }
      return .quotedName(name)
    case UInt8(ascii: "`"): return .literal(try literal())
    default: return .symbol(try symbol())
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == 95 || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private mutating func takeWhile(_ belongs: (UInt8) -> Bool) -> String {
    let start = position
    while position < bytes.count, belongs(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func number() throws(TemplateError) -> JMESPathToken.Kind {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    _ = takeWhile(Self.isDigit)
    guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw failure("this is no number", at: start)
    }
    return .number(number)
  }

  /// What stands between two quotes; a backslash keeps what follows it from ending it.
  private mutating func quoted(by quote: UInt8) throws(TemplateError) -> String {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != quote {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < bytes.count else { throw failure("this has no end", at: start) }
    position += 1
    return String(decoding: bytes[start + 1..<position - 1], as: UTF8.self)
  }

  /// JSON between backticks; what is none is text, as it was in early versions.
  private mutating func literal() throws(TemplateError) -> Value {
    let text = try quoted(by: UInt8(ascii: "`")).replacing("\\`", with: "`")
    if let value = try? Value(json: text) { return value }
    return try json("\"" + text.drop { $0 == " " } + "\"")
  }

  private func json(_ text: String) throws(TemplateError) -> Value {
    do throws(JSONError) {
      return try Value(json: text)
    } catch {
      throw failure("\(text) is no JSON", at: position)
    }
  }

  private mutating func symbol() throws(TemplateError) -> String {
    let pairs = ["[]", "[?", "||", "&&", "<=", ">=", "==", "!="]
    let two = String(decoding: bytes[position...].prefix(2), as: UTF8.self)
    if pairs.contains(two) {
      position += 2
      return two
    }
    let one = String(two.prefix(1))
    guard ".*[],:@(){}|&<>!".contains(one), !one.isEmpty else {
      throw failure("`\(one)` means nothing here", at: position)
    }
    position += 1
    return one
  }

  private func failure(_ message: String, at offset: Int) -> TemplateError {
    .query("\(message), at column \(offset + 1)")
  }
}

extension TemplateError {
  /// What is wrong with a query of `json_query`.
  static func query(_ message: String) -> TemplateError {
    TemplateError(.other, "JMESPathError in json_query filter plugin:", help: message)
  }
}
