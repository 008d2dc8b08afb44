/// Cuts a template's text into tokens, with Jinja2's rules of white space.
struct Lexer {
  let bytes: [UInt8]
  let options: TemplateOptions
  var tokens: [Token] = []
  var position = 0
  /// Whether what was cut last ended a line, so that `lstripBlocks` may strip what follows.
  private var startsLine = true

  private let delimiters: [(Delimiter, [UInt8])]
  /// Whether a byte begins a delimiter.
  private let begins: [Bool]
  private let variableStart: [UInt8]
  private let blockStart: [UInt8]
  private let commentStart: [UInt8]

  /// `text` has `\n` for line ends already.
  init(_ text: String, options: TemplateOptions) {
    bytes = Array(text.utf8)
    self.options = options
    variableStart = Array(options.variableStart.utf8)
    blockStart = Array(options.blockStart.utf8)
    commentStart = Array(options.commentStart.utf8)
    // Where several begin at one place, the longest counts.
    delimiters = [
      (Delimiter.block, blockStart), (.variable, variableStart), (.comment, commentStart),
    ].sorted { $0.1.count > $1.1.count }
    var begins = [Bool](repeating: false, count: 256)
    for (_, text) in delimiters { begins[Int(text[0])] = true }
    self.begins = begins
  }

  /// All tokens, the last being `.end`.
  mutating func tokenize() -> [Token] {
    do throws(SyntaxError) {
      if options.form == .expression {
        try lexExpression(until: nil)
      } else {
        while try lexDelimited() {}
      }
    } catch {
      tokens.append(Token(kind: .failure(error), offset: error.offset))
    }
    // As in Jinja2, the end is where the last token begins.
    tokens.append(Token(kind: .end, offset: tokens.last?.offset ?? 0))
    return tokens
  }

  private enum Delimiter { case variable, block, comment }

  /// Text up to the next delimiter and what stands between it and its end; false at the end.
  private mutating func lexDelimited() throws(SyntaxError) -> Bool {
    let start = position
    guard let (delimiter, at) = nextDelimiter() else {
      appendData(start..<bytes.count, at: start)
      position = bytes.count
      return false
    }
    let length =
      switch delimiter {
      case .variable: variableStart.count
      case .block: blockStart.count
      case .comment: commentStart.count
      }
    position = at + length
    let sign = position < bytes.count ? bytes[position] : 0
    let hasSign = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
    let end = stripped(start..<at, sign: sign, delimiter: delimiter)
    appendData(start..<end, at: start)
    if hasSign { position += 1 }
    switch delimiter {
    case .comment: try skipComment(from: at)
    case .variable: try lexVariable(from: at)
    case .block: try lexBlock(from: at)
    }
    startsLine = position > 0 && bytes[position - 1] == UInt8(ascii: "\n")
    return true
  }

  /// The nearest delimiter; where several begin at one place, the longest.
  private func nextDelimiter() -> (Delimiter, Int)? {
    for index in position..<bytes.count where begins[Int(bytes[index])] {
      for (delimiter, text) in delimiters where hasPrefix(text, at: index) {
        return (delimiter, index)
      }
    }
    return nil
  }

  /// Where the text before a delimiter ends after `{%-` or `lstripBlocks` took their part.
  private func stripped(_ range: Range<Int>, sign: UInt8, delimiter: Delimiter) -> Int {
    var end = range.upperBound
    if sign == UInt8(ascii: "-") {
      while true {
        let length = spaceLength(before: end, from: range.lowerBound)
        if length == 0 { return end }
        end -= length
      }
    }
    guard options.lstripBlocks, sign != UInt8(ascii: "+"), delimiter != .variable else {
      return end
    }
    while end > range.lowerBound, bytes[end - 1] != UInt8(ascii: "\n") {
      let length = spaceLength(before: end, from: range.lowerBound)
      if length == 0 { return range.upperBound }
      end -= length
    }
    return end > range.lowerBound || startsLine ? end : range.upperBound
  }

  private mutating func appendData(_ range: Range<Int>, at offset: Int) {
    guard !range.isEmpty else { return }
    var text = String(decoding: bytes[range], as: UTF8.self)
    if options.newline != "\n" { text = text.replacing("\n", with: options.newline) }
    tokens.append(Token(kind: .data(text), offset: offset))
  }

  private mutating func skipComment(from start: Int) throws(SyntaxError) {
    let end = Array(options.commentEnd.utf8)
    while position < bytes.count {
      if try takeEnd(end, trims: true) { return }
      position += 1
    }
    throw SyntaxError("Missing end of comment tag", at: start)
  }

  private mutating func lexVariable(from start: Int) throws(SyntaxError) {
    tokens.append(Token(kind: .variableBegin, offset: start))
    try lexExpression(until: (Array(options.variableEnd.utf8), .variableEnd))
  }

  private mutating func lexBlock(from start: Int) throws(SyntaxError) {
    if try lexRaw(from: start) { return }
    tokens.append(Token(kind: .blockBegin, offset: start))
    try lexExpression(until: (Array(options.blockEnd.utf8), .blockEnd))
  }

  /// Takes an end delimiter with its white space control, if one is here.
  mutating func takeEnd(_ end: [UInt8], trims: Bool) throws(SyntaxError) -> Bool {
    guard position < bytes.count else { return false }
    let sign = bytes[position]
    if sign == UInt8(ascii: "-"), hasPrefix(end, at: position + 1) {
      position += 1 + end.count
      skipSpace()
      return true
    }
    if trims, sign == UInt8(ascii: "+"), hasPrefix(end, at: position + 1) {
      position += 1 + end.count
      return true
    }
    guard hasPrefix(end, at: position) else { return false }
    position += end.count
    if trims, options.trimBlocks, position < bytes.count, bytes[position] == UInt8(ascii: "\n") {
      position += 1
    }
    return true
  }

  /// `{% raw %}…{% endraw %}`, if that is what begins here.
  private mutating func lexRaw(from start: Int) throws(SyntaxError) -> Bool {
    let before = position
    let blockEnd = Array(options.blockEnd.utf8)
    skipSpace()
    guard takeWord("raw") else {
      position = before
      return false
    }
    skipSpace()
    guard try takeEnd(blockEnd, trims: false) else {
      position = before
      return false
    }
    let textStart = position
    while position < bytes.count {
      let at = position
      if hasPrefix(blockStart, at: position) {
        position += blockStart.count
        let sign = position < bytes.count ? bytes[position] : 0
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
        skipSpace()
        if takeWord("endraw") {
          skipSpace()
          if try takeEnd(blockEnd, trims: true) {
            startsLine = textStart > 0 && bytes[textStart - 1] == UInt8(ascii: "\n")
            appendData(textStart..<stripped(textStart..<at, sign: sign, delimiter: .block), at: at)
            return true
          }
        }
      }
      position = at + 1
    }
    throw SyntaxError("Missing end of raw directive", at: start)
  }

  private mutating func takeWord(_ word: String) -> Bool {
    guard hasPrefix(Array(word.utf8), at: position) else { return false }
    position += word.utf8.count
    return true
  }

  mutating func skipSpace() {
    while position < bytes.count {
      let length = spaceLength(at: position)
      if length == 0 { return }
      position += length
    }
  }

  /// How many bytes the white space at an index takes; 0 where there is none.
  private func spaceLength(at index: Int) -> Int {
    let byte = bytes[index]
    if byte < 128 { return Self.isSpace(byte) ? 1 : 0 }
    guard byte == 0xC2 || byte == 0xE1 || byte == 0xE2 || byte == 0xE3 else { return 0 }
    let rest = bytes[index..<min(index + 3, bytes.count)]
    return Self.wideSpaces.first { rest.starts(with: $0) }?.count ?? 0
  }

  /// The same of the white space that ends at an index.
  private func spaceLength(before index: Int, from start: Int) -> Int {
    guard index > start else { return 0 }
    let byte = bytes[index - 1]
    if byte < 128 { return Self.isSpace(byte) ? 1 : 0 }
    for length in 2...3 where index - length >= start {
      if spaceLength(at: index - length) == length { return length }
    }
    return 0
  }

  /// What Python's `\s` matches beyond ASCII, in UTF-8.
  private static let wideSpaces: [[UInt8]] =
    ([0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000] + Array(0x2000...0x200A))
    .compactMap { Unicode.Scalar(UInt32($0)).map { Array(String($0).utf8) } }

  func hasPrefix(_ prefix: [UInt8], at index: Int) -> Bool {
    guard index + prefix.count <= bytes.count else { return false }
    for offset in prefix.indices where bytes[index + offset] != prefix[offset] { return false }
    return true
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 32 || (9...13).contains(byte) || (28...31).contains(byte)
  }
}
