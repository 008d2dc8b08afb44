extension Lexer {
  /// Tokens of an expression up to its end delimiter, or to the end of the text where there is none.
  mutating func lexExpression(
    until end: (delimiter: [UInt8], kind: Token.Kind)?
  ) throws(SyntaxError) {
    // Inside of brackets `}}` closes dictionaries, not the expression.
    var open: [UInt8] = []
    while true {
      skipSpace()
      let start = position
      if let end, open.isEmpty, try takeEnd(end.delimiter, trims: end.kind == .blockEnd) {
        tokens.append(Token(kind: end.kind, offset: start))
        return
      }
      guard start < bytes.count else { return }
      let kind = try lexToken(inVariable: end?.kind == .variableEnd)
      if case .symbol(let symbol) = kind { try balance(symbol, start, &open) }
      tokens.append(Token(kind: kind, offset: start))
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
    _ symbol: Symbol, _ offset: Int, _ open: inout [UInt8]
  ) throws(SyntaxError) {
    switch symbol {
    case "(", "[", "{": open.append(bytes[offset])
    case ")", "]", "}":
      guard let last = open.popLast() else {
        throw SyntaxError("unexpected '\(symbol.text)'", at: offset)
      }
      let expected = Self.closing(last)
      guard expected == symbol.text else {
        throw SyntaxError("unexpected '\(symbol.text)', expected '\(expected)'", at: offset)
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

  private mutating func lexSymbol() throws(SyntaxError) -> Symbol {
    let first = bytes[position]
    if position + 1 < bytes.count {
      let second = bytes[position + 1]
      let isDouble =
        second == UInt8(ascii: "=")
        ? first == UInt8(ascii: "=") || first == UInt8(ascii: "!") || first == UInt8(ascii: "<")
          || first == UInt8(ascii: ">")
        : second == first && (first == UInt8(ascii: "*") || first == UInt8(ascii: "/"))
      if isDouble {
        position += 2
        return Symbol(first, second)
      }
    }
    switch first {
    case UInt8(ascii: "%")...UInt8(ascii: "/"), UInt8(ascii: ":")...UInt8(ascii: ">"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{")...UInt8(ascii: "~"):
      if first == UInt8(ascii: "&") || first == UInt8(ascii: "'") { break }
      position += 1
      return Symbol(first)
    default: break
    }
    let character = String(decoding: [first], as: UTF8.self)
    throw SyntaxError("unexpected char \(PythonText.repr(character)) at \(position)", at: position)
  }

  /// A number: integers take `_` between digits and a radix, floats a fraction or an exponent.
  private mutating func lexNumber() throws(SyntaxError) -> Token.Kind {
    let start = position
    if bytes[start] == UInt8(ascii: "0"), start + 1 < bytes.count,
      let radix = [98: 2, 66: 2, 111: 8, 79: 8, 120: 16, 88: 16][bytes[start + 1]]
    {
      let end = digits(from: start + 2, radix: radix, mayBeginWithUnderscore: true)
      if end > start + 2 {
        position = end
        return .int(try integer(text(start + 2..<end), radix: radix, at: start))
      }
    }
    let end = digits(from: start, radix: 10)
    var floatEnd = end
    // `1.x` is an attribute, `a.1.5` two items. A fraction needs digits on both sides.
    let isBehindDot = start > 0 && bytes[start - 1] == UInt8(ascii: ".")
    if !isBehindDot {
      if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "."), Self.isDigit(bytes[end + 1]) {
        floatEnd = digits(from: end + 1, radix: 10)
      }
      floatEnd = exponent(from: floatEnd)
    }
    if floatEnd > end, let number = Double(text(start..<floatEnd)) {
      position = floatEnd
      return .float(number)
    }
    // Nothing but zeros may begin with one.
    position = bytes[start] == UInt8(ascii: "0") ? zeros(from: start) : end
    return .int(try integer(text(start..<position), radix: 10, at: start))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range].filter { $0 != 95 }, as: UTF8.self)
  }

  /// Where digits with single `_` between them end.
  private func digits(from start: Int, radix: Int, mayBeginWithUnderscore: Bool = false) -> Int {
    var end = start
    while end < bytes.count {
      var next = end
      if bytes[next] == 95, end > start || mayBeginWithUnderscore { next += 1 }
      guard next < bytes.count, bytes[next] < 128,
        let value = Character(Unicode.Scalar(bytes[next])).hexDigitValue, value < radix
      else { break }
      end = next + 1
    }
    return end
  }

  private func zeros(from start: Int) -> Int {
    var end = start
    while end < bytes.count {
      let next = bytes[end] == 95 && end > start ? end + 1 : end
      guard next < bytes.count, bytes[next] == 48 else { break }
      end = next + 1
    }
    return end
  }

  /// Where an exponent ends that begins here; where it begins, if there is none.
  private func exponent(from start: Int) -> Int {
    guard start < bytes.count, bytes[start] | 32 == UInt8(ascii: "e") else { return start }
    var end = start + 1
    if end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") {
      end += 1
    }
    let last = digits(from: end, radix: 10)
    return last > end ? last : start
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
