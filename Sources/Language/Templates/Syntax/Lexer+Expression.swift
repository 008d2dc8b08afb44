extension Lexer {
  /// Tokens of an expression up to its end delimiter, or to the end of the text where there is none.
  mutating func lexExpression(
    until end: (delimiter: [UInt8], kind: Token.Kind)?
  ) throws(SyntaxError) {
    // Inside of brackets `}}` closes dictionaries, not the expression.
    var open: [(bracket: UInt8, offset: Int)] = []
    while true {
      skipSpace()
      let start = position
      if let end, open.isEmpty, try takeEnd(end.delimiter, trims: end.kind == .blockEnd) {
        tokens.append(Token(kind: end.kind, offset: start))
        return
      }
      guard start < bytes.count else { break }
      let kind = try lexToken(inVariable: end?.kind == .variableEnd)
      if case .symbol(let symbol) = kind { try balance(symbol, start, &open) }
      tokens.append(Token(kind: kind, offset: start))
    }
    if let last = open.last {
      throw SyntaxError(
        "unexpected end of template, '\(Self.closing(last.bracket))' is missing", at: last.offset)
    }
    if let end {
      throw SyntaxError(
        "unexpected end of template, '\(String(decoding: end.delimiter, as: UTF8.self))' is missing",
        at: tokens.last?.offset ?? 0)
    }
  }

  private static func closing(_ bracket: UInt8) -> String {
    switch bracket {
    case UInt8(ascii: "("): ")"
    case UInt8(ascii: "["): "]"
    default: "}"
    }
  }

  private func balance(
    _ symbol: String, _ offset: Int, _ open: inout [(bracket: UInt8, offset: Int)]
  ) throws(SyntaxError) {
    switch symbol {
    case "(", "[", "{": open.append((symbol.utf8.first!, offset))
    case ")", "]", "}":
      guard let last = open.popLast() else {
        throw SyntaxError("unexpected '\(symbol)'", at: offset)
      }
      let expected = Self.closing(last.bracket)
      guard expected == symbol else {
        throw SyntaxError("unexpected '\(symbol)', expected '\(expected)'", at: offset)
      }
    default: break
    }
  }

  private mutating func lexToken(inVariable: Bool) throws(SyntaxError) -> Token.Kind {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try lexNumber()
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      // Ansible keeps backslashes of strings between `{{` and `}}` of playbooks as they are.
      return .string(try lexString(quote: byte, isRaw: inVariable && options.form == .native))
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), 128...:
      return .name(lexName())
    default: return .symbol(try lexSymbol())
    }
  }

  private mutating func lexName() -> String {
    let start = position
    while position < bytes.count, Self.isNamePart(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 128...:
      true
    default: false
    }
  }

  private mutating func lexSymbol() throws(SyntaxError) -> String {
    for symbol in ["**", "//", "==", "!=", "<=", ">="]
    where hasPrefix(Array(symbol.utf8), at: position) {
      position += 2
      return symbol
    }
    let symbol = String(decoding: [bytes[position]], as: UTF8.self)
    guard "+-*/%~[](){}<>=.:|,;".contains(symbol) else {
      throw SyntaxError("unexpected char '\(symbol)' at \(position)", at: position)
    }
    position += 1
    return symbol
  }

  private mutating func lexNumber() throws(SyntaxError) -> Token.Kind {
    let start = position
    if bytes[position] == UInt8(ascii: "0"), position + 1 < bytes.count,
      let radix = [98: 2, 66: 2, 111: 8, 79: 8, 120: 16, 88: 16][bytes[position + 1]]
    {
      position += 2
      return .int(try integer(digits { Self.isNamePart($0) }, radix: radix, at: start))
    }
    var text = digits { (48...57).contains($0) || $0 == UInt8(ascii: "_") }
    var isFloat = false
    // `1.x` is an attribute, `1.5` a number.
    if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "."),
      (48...57).contains(bytes[position + 1])
    {
      isFloat = true
      position += 1
      text += "." + digits { (48...57).contains($0) || $0 == UInt8(ascii: "_") }
    }
    if let exponent = takeExponent() {
      isFloat = true
      text += exponent
    }
    if isFloat, let number = Double(text) { return .float(number) }
    return .int(try integer(text, radix: 10, at: start))
  }

  private mutating func takeExponent() -> String? {
    guard position < bytes.count, bytes[position] | 32 == UInt8(ascii: "e") else { return nil }
    var end = position + 1
    if end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") {
      end += 1
    }
    guard end < bytes.count, (48...57).contains(bytes[end]) else { return nil }
    let sign = String(decoding: bytes[position..<end], as: UTF8.self)
    position = end
    return sign + digits { (48...57).contains($0) }
  }

  private mutating func digits(while belongs: (UInt8) -> Bool) -> String {
    let start = position
    while position < bytes.count, belongs(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position].filter { $0 != 95 }, as: UTF8.self)
  }

  private func integer(_ text: String, radix: Int, at start: Int) throws(SyntaxError) -> Int {
    guard let number = Int(text, radix: radix) else {
      throw SyntaxError("`\(text)` isn't an integer of 64 bits", at: start)
    }
    return number
  }

  private mutating func lexString(quote: UInt8, isRaw: Bool) throws(SyntaxError) -> String {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != quote {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < bytes.count else {
      let quote = String(decoding: [quote], as: UTF8.self)
      throw SyntaxError(
        "unexpected char \(quote == "'" ? "\"'\"" : "'\"'") at \(start)", at: start,
        help: "the string that begins here isn't closed")
    }
    var content = bytes[(start + 1)..<position]
    position += 1
    if options.newline != "\n", content.contains(10) {
      content =
        Array(
          String(decoding: content, as: UTF8.self).replacing("\n", with: options.newline).utf8)[...]
    }
    if !content.contains(UInt8(ascii: "\\")) { return String(decoding: content, as: UTF8.self) }
    if isRaw {
      // A quote behind a backslash doesn't end the text; Ansible doubles every backslash, so that
      // the backslash stays.
      return String(decoding: content, as: UTF8.self)
    }
    return try StringEscapes.decode(String(decoding: content, as: UTF8.self), at: start)
  }
}
