/// Breaks lines between words, as Python's `textwrap`.
struct WordWrap {
  let width: Int
  let breaksLongWords: Bool
  let breaksOnHyphens: Bool

  /// The lines of a text that has none of its own.
  func lines(_ text: String) -> [String] {
    var chunks = self.chunks(text)[...]
    var lines: [String] = []
    while let first = chunks.first {
      if first.allSatisfy({ $0 == " " }), !lines.isEmpty {
        chunks.removeFirst()
        if chunks.isEmpty { break }
      }
      var line = ""
      while let chunk = chunks.first,
        line.unicodeScalars.count + chunk.unicodeScalars.count <= width
      {
        line += chunk
        chunks.removeFirst()
      }
      if let chunk = chunks.first, chunk.unicodeScalars.count > width {
        let room = max(1, width) - line.unicodeScalars.count
        if breaksLongWords, room > 0 {
          let scalars = chunk.unicodeScalars
          let cut = scalars.index(scalars.startIndex, offsetBy: room)
          line += String(scalars[..<cut])
          chunks[chunks.startIndex] = String(scalars[cut...])
        } else if line.isEmpty {
          line = chunk
          chunks.removeFirst()
        }
      }
      while line.hasSuffix(" ") { line.removeLast() }
      if !line.isEmpty { lines.append(line) }
    }
    return lines
  }

  /// Words and the blanks between them; words end after a hyphen between letters.
  private func chunks(_ text: String) -> [String] {
    var chunks: [String] = []
    var current = String.UnicodeScalarView()
    let scalars = text.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
    for (index, scalar) in scalars.enumerated() {
      if let last = current.last, (last == " ") != (scalar == " ") {
        chunks.append(String(current))
        current = .init()
      }
      current.append(scalar)
      if breaksOnHyphens, scalar == "-", current.count > 1, index + 1 < scalars.count,
        index > 0, scalars[index - 1].properties.isAlphabetic,
        scalars[index + 1].properties.isAlphabetic
      {
        chunks.append(String(current))
        current = .init()
      }
    }
    if !current.isEmpty { chunks.append(String(current)) }
    return chunks
  }
}
