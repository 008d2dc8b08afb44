/// A line in words as Python's `shlex` splits it: quotes, backslashes, comments.
package enum ShellWords {
  /// One word, with the column of the line where it begins, counted from 1.
  package struct Word: Sendable {
    package var text: String
    package var column: Int
    /// Where the word's quotes, if any, are opened: a column of the line.
    package var quoteColumn: Int?
  }

  /// Why a line can't be split.
  package enum Problem: Error {
    /// A quote opened at this column is never closed.
    case openQuote(column: Int)
    case trailingBackslash
  }

  /// The words of a line; `#` anywhere outside of quotes begins a comment.
  package static func split(_ line: some StringProtocol) throws(Problem) -> [Word] {
    var splitter = ShellSplitter(bytes: Array(line.utf8))
    return try splitter.split()
  }
}

/// Goes over the bytes of a line: whatever means something is ASCII.
private struct ShellSplitter {
  let bytes: [UInt8]
  private var index = 0
  /// The column of the scalar at hand.
  private var column = 1
  private var words: [ShellWords.Word] = []
  /// The word so far; its start is 0 between words.
  private var word: [UInt8] = []
  private var start = 0
  private var quoteColumn: Int?

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func split() throws(ShellWords.Problem) -> [ShellWords.Word] {
    loop: while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "'"): try takeQuoted(by: UInt8(ascii: "'"))
      case UInt8(ascii: "\""): try takeQuoted(by: UInt8(ascii: "\""))
      case UInt8(ascii: "\\"):
        begin()
        advance()
        guard index < bytes.count else { throw .trailingBackslash }
        take()
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        finish()
        advance()
      case UInt8(ascii: "#"): break loop
      default:
        begin()
        take()
      }
    }
    finish()
    return words
  }

  private mutating func takeQuoted(by quote: UInt8) throws(ShellWords.Problem) {
    begin()
    let opening = column
    if quoteColumn == nil { quoteColumn = column }
    advance()
    while index < bytes.count {
      let byte = bytes[index]
      if byte == quote { return advance() }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), index + 1 < bytes.count,
        bytes[index + 1] == UInt8(ascii: "\"") || bytes[index + 1] == UInt8(ascii: "\\")
      {
        advance()
      }
      take()
    }
    throw .openQuote(column: opening)
  }

  private mutating func begin() {
    if start == 0 { start = column }
  }

  private mutating func finish() {
    if start == 0 { return }
    words.append(
      ShellWords.Word(
        text: String(decoding: word, as: UTF8.self), column: start, quoteColumn: quoteColumn))
    word.removeAll(keepingCapacity: true)
    (start, quoteColumn) = (0, nil)
  }

  private mutating func take() {
    word.append(bytes[index])
    advance()
  }

  private mutating func advance() {
    index += 1
    // The bytes behind a scalar's first take no column.
    if index == bytes.count || bytes[index] & 0xC0 != 0x80 { column += 1 }
  }
}
