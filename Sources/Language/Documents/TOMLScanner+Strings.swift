internal import Diagnostics

extension TOMLScanner {
  /// The text of a string, in one line or several.
  mutating func string() throws(Diagnostics) -> String {
    let start = position
    guard let quote = next else { throw failure("a string must stand here") }
    let triple = String(repeating: Character(quote), count: 3)
    let hasLines = isAt(triple)
    advance(hasLines ? 3 : 1)
    if hasLines {
      if isAt("\r\n") { advance() }
      _ = take("\n")
    }
    var text = String.UnicodeScalarView()
    while let scalar = next {
      if scalar == quote {
        guard hasLines else {
          advance()
          return String(text)
        }
        if isAt(triple) {
          // Up to two quotes more belong to the text.
          advance(3)
          for _ in 0..<2 where take(quote) { text.append(quote) }
          return String(text)
        }
      }
      if scalar == "\\", quote == "\"" {
        try readEscape(into: &text, hasLines: hasLines)
        continue
      }
      if scalar == "\n" || isAt("\r\n") {
        guard hasLines else { break }
        if scalar == "\r" { advance() }
        text.append("\n")
      } else if Self.isControl(scalar) {
        throw failure("a string can't hold control characters", help: "write `\\u0000` or alike")
      } else {
        text.append(scalar)
      }
      advance()
    }
    throw failure("a string is opened and never closed", from: start, help: "close its quotes")
  }

  private mutating func readEscape(
    into text: inout String.UnicodeScalarView, hasLines: Bool
  ) throws(Diagnostics) {
    let start = position
    advance()
    let simple: [Unicode.Scalar: Unicode.Scalar] = [
      "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{C}", "r": "\r", "\"": "\"", "\\": "\\",
    ]
    if let scalar = next, let meaning = simple[scalar] {
      advance()
      return text.append(meaning)
    }
    if next == "u" || next == "U" {
      let count = next == "u" ? 4 : 8
      advance()
      var digits = ""
      while digits.count < count, let scalar = next, scalar.properties.isASCIIHexDigit {
        digits.unicodeScalars.append(scalar)
        advance()
      }
      if digits.count == count, let code = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(code)
      {
        return text.append(scalar)
      }
    } else if hasLines {
      // A backslash at a line's end takes away the break and what is blank behind it.
      let blanks = takeAll { $0 == " " || $0 == "\t" }
      if next == "\n" || isAt("\r\n") {
        _ = takeAll { " \t\r\n".unicodeScalars.contains($0) }
        return
      }
      if blanks.isEmpty, next == nil { return }
    }
    throw failure(
      "this isn't an escape", from: start, help: "write `\\\\` for a backslash, or use '…'")
  }
}
