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
    let scalars = Array(line.unicodeScalars)
    var words: [Word] = []
    var current: Word?
    var quote: (Unicode.Scalar, column: Int)?
    var index = 0
    func begin() { if current == nil { current = Word(text: "", column: index + 1) } }
    while index < scalars.count {
      let scalar = scalars[index]
      if let (open, _) = quote {
        if scalar == open {
          quote = nil
        } else if scalar == "\\", open == "\"", index + 1 < scalars.count,
          scalars[index + 1] == "\"" || scalars[index + 1] == "\\"
        {
          index += 1
          current?.text.unicodeScalars.append(scalars[index])
        } else {
          current?.text.unicodeScalars.append(scalar)
        }
      } else if scalar == "'" || scalar == "\"" {
        begin()
        if current?.quoteColumn == nil { current?.quoteColumn = index + 1 }
        quote = (scalar, index + 1)
      } else if scalar == "\\" {
        begin()
        index += 1
        guard index < scalars.count else { throw .trailingBackslash }
        current?.text.unicodeScalars.append(scalars[index])
      } else if " \t\r\n".unicodeScalars.contains(scalar) {
        if let word = current { words.append(word) }
        current = nil
      } else if scalar == "#" {
        break
      } else {
        begin()
        current?.text.unicodeScalars.append(scalar)
      }
      index += 1
    }
    if let (_, column) = quote { throw .openQuote(column: column) }
    if let word = current { words.append(word) }
    return words
  }
}
