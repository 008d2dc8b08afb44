internal import RegularExpressions
internal import Values

/// Breaks lines between words, as Python's `textwrap` does with Jinja2's settings.
struct WordWrap {
  private let width: Int
  private let breaksLongWords: Bool
  private let breaksOnHyphens: Bool

  init(width: Int, breaksLongWords: Bool, breaksOnHyphens: Bool) throws(TemplateError) {
    guard width > 0 else {
      throw TemplateError(.other, "invalid width \(width) (must be > 0)")
    }
    self.width = width
    self.breaksLongWords = breaksLongWords
    self.breaksOnHyphens = breaksOnHyphens
  }

  /// One piece of text and how many characters it has.
  private struct Chunk {
    var scalars: ArraySlice<Unicode.Scalar>
    var isBlank: Bool { scalars.allSatisfy(PythonString.isSpace) }
  }

  /// The lines of a text that has no line breaks of its own.
  func lines(_ text: String, _ call: Call) throws(TemplateError) -> [String] {
    let chunks = try chunks(text, call)
    var next = 0
    var rest: Chunk?
    func peek() -> Chunk? { rest ?? (next < chunks.count ? chunks[next] : nil) }
    func drop() { if rest != nil { rest = nil } else { next += 1 } }
    var lines: [String] = []
    while let first = peek() {
      if first.isBlank, !lines.isEmpty {
        drop()
        if peek() == nil { break }
      }
      var line: [Chunk] = []
      var length = 0
      while let chunk = peek(), length + chunk.scalars.count <= width {
        line.append(chunk)
        length += chunk.scalars.count
        drop()
      }
      if let chunk = peek(), chunk.scalars.count > width {
        if breaksLongWords {
          let end = cut(chunk, room: width - length)
          line.append(Chunk(scalars: chunk.scalars.prefix(end)))
          drop()
          rest = Chunk(scalars: chunk.scalars.dropFirst(end))
        } else if line.isEmpty {
          line.append(chunk)
          drop()
        }
      }
      if let last = line.last, last.isBlank { line.removeLast() }
      if !line.isEmpty {
        var text = String.UnicodeScalarView()
        for chunk in line { text.append(contentsOf: chunk.scalars) }
        lines.append(String(text))
      }
    }
    return lines
  }

  /// How much of a word that is too long stands on this line: up to a hyphen where there is one.
  private func cut(_ chunk: Chunk, room: Int) -> Int {
    guard breaksOnHyphens, chunk.scalars.count > room else { return room }
    let head = chunk.scalars.prefix(room)
    guard let hyphen = head.lastIndex(of: "-") else { return room }
    let before = head[..<hyphen]
    return before.contains(where: { $0 != "-" }) ? before.count + 1 : room
  }

  private static let space = "[\\t\\n\\x0b\\x0c\\r ]"
  /// Blanks, dashes between words, and words that end at blanks, dashes, or hyphens in words.
  private static let pattern =
    space + "+|(?<=[\\w!\"'&.,?])-{2,}(?=\\w)|[^\\t\\n\\x0b\\x0c\\r ]+?(?:"
    + "-(?:(?<=[^\\d\\W]{2}-)|(?<=[^\\d\\W]-[^\\d\\W]-))(?=[^\\d\\W]-?[^\\d\\W])"
    + "|(?=" + space + "|\\Z)|(?<=[\\w!\"'&.,?])(?=-{2,}\\w))"

  private func chunks(_ text: String, _ call: Call) throws(TemplateError) -> [Chunk] {
    let pattern =
      breaksOnHyphens ? Self.pattern : "\(Self.space)+|[^\\t\\n\\x0b\\x0c\\r ]+"
    let expression = try call.evaluator.session.expression(pattern, [])
    let matches = try call.matching { () throws(RegularExpressionError) in
      try expression.matches(in: text)
    }
    return matches.map { Chunk(scalars: Array($0.matched.unicodeScalars)[...]) }
      .filter { !$0.scalars.isEmpty }
  }
}
