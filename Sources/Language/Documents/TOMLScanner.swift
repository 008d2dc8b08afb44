internal import Diagnostics
internal import Templates
internal import Values

/// Walks over a TOML text and reads its smallest parts.
struct TOMLScanner {
  let file: SourceFile
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private(set) var position = SourcePosition(line: 1, column: 1)
  private var depth = 0

  init(_ file: SourceFile) {
    self.file = file
    scalars = Array(file.text.unicodeScalars)
  }

  // MARK: Walking

  /// The scalar at hand; nil at the end.
  var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  /// Whether a text stands here.
  func isAt(_ text: String) -> Bool {
    scalars[index...].starts(with: text.unicodeScalars)
  }

  mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where index < scalars.count {
      if scalars[index] == "\n" {
        position = SourcePosition(line: position.line + 1, column: 1)
      } else {
        position.column += 1
      }
      index += 1
    }
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    advance()
    return true
  }

  /// The longest run of scalars that are as asked for.
  mutating func takeAll(while isWanted: (Unicode.Scalar) -> Bool) -> String {
    var text = String.UnicodeScalarView()
    while let scalar = next, isWanted(scalar) {
      text.append(scalar)
      advance()
    }
    return String(text)
  }

  mutating func skipBlanks() {
    while next == " " || next == "\t" { advance() }
  }

  mutating func expect(_ scalar: Unicode.Scalar, _ what: String) throws(Diagnostics) {
    skipBlanks()
    guard take(scalar) else { throw failure("there must be \(what)") }
  }

  // MARK: Lines

  /// Passes over a comment and a line break; nothing else may stand here.
  mutating func endLine() throws(Diagnostics) {
    if next == "#" {
      let comment = takeAll { $0 != "\n" }
      if comment.unicodeScalars.dropLast().contains(where: Self.isControl) {
        throw failure("a comment can't hold control characters")
      }
      _ = take("\n")
      return
    }
    if next == "\r", isAt("\r\n") { advance() }
    guard next == nil || take("\n") else {
      throw failure("there must be nothing more on the line")
    }
  }

  /// Passes over blanks, line breaks and comments.
  mutating func skipBlankLines() throws(Diagnostics) {
    skipBlanks()
    while next == "\n" || next == "#" || isAt("\r\n") {
      try endLine()
      skipBlanks()
    }
  }

  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 32 && scalar != "\t" || scalar.value == 127
  }

  // MARK: Keys

  /// One name of a key: bare or in quotes.
  mutating func keyPart() throws(Diagnostics) -> Located<String> {
    let start = position
    if next == "\"" || next == "'" {
      if isAt("\"\"\"") || isAt("'''") { throw failure("a key can't have several lines") }
      let text = try string()
      return Located(text, at: range(from: start))
    }
    let text = takeAll { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
      default: false
      }
    }
    guard !text.isEmpty else {
      throw failure("a key must stand here", help: "put names with other letters in quotes")
    }
    return Located(text, at: range(from: start))
  }

  // MARK: Nesting and places

  /// Goes into an array or a table; deeper nesting than anybody writes would exhaust the stack.
  mutating func descend() throws(Diagnostics) {
    depth += 1
    if depth > 100 { throw failure("nested too deeply") }
  }

  mutating func ascend() { depth -= 1 }

  /// From a position up to here.
  func range(from start: SourcePosition) -> SourceRange {
    SourceRange(file: file, start: start, end: position)
  }

  func failure(
    _ message: String, from start: SourcePosition? = nil, help: String? = nil
  ) -> Diagnostics {
    let range =
      start.map { self.range(from: $0) }
      ?? SourceRange(file: file, line: position.line, column: position.column)
    return Diagnostics(Diagnostic(.error, "TOML: " + message, at: range, help: help))
  }
}
