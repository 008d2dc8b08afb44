internal import Hosts

/// One line of ssh_config(5): a keyword and its arguments.
struct SSHConfigLine: Hashable, Sendable {
  /// In lower case.
  var keyword: String
  /// The words behind it: quotes group, `#` begins a comment.
  var arguments: [String]
  /// What stands behind the keyword, as it's written; commands are read from this.
  var rest: String
  var file: String
  /// From 1; 0 where it stands in no file.
  var line: Int

  /// `~/.ssh/config:7`, for messages.
  var place: String { line == 0 ? file : "\(file):\(line)" }

  /// The lines of a text, without comments and empty ones.
  static func lines(of text: String, file: String) throws(HostError) -> [SSHConfigLine] {
    var lines: [SSHConfigLine] = []
    for (index, row) in rows(of: text).enumerated() {
      if let line = try SSHConfigLine(row, file: file, line: index + 1) { lines.append(line) }
    }
    return lines
  }

  /// By bytes: a carriage return and a line break are one character in Swift.
  private static func rows(of text: String) -> [Substring] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { Substring($0) }
  }

  /// Reads `Keyword argument …` or `Keyword=argument`; nil where there is nothing to read.
  init?(_ row: some StringProtocol, file: String, line: Int) throws(HostError) {
    var text = Substring(row)
    while let last = text.unicodeScalars.last, " \t\r\n\u{0c}".unicodeScalars.contains(last) {
      text.unicodeScalars.removeLast()
    }
    text = text.drop(while: Self.isBlank)
    guard let first = text.first, first != "#" else { return nil }
    self.file = file
    self.line = line
    let open = HostError(
      .unreachable, "\(line == 0 ? file : "\(file):\(line)"): a quote isn't closed")
    guard let word = Self.delimited(&text) else { throw open }
    keyword = word.lowercased()
    rest = String(text.drop(while: Self.isBlank))
    guard let arguments = Self.arguments(of: rest) else { throw open }
    self.arguments = arguments
  }

  /// An option that stands in no file.
  init(_ keyword: String, _ value: String, of origin: String) {
    self.keyword = keyword
    arguments = [value]
    rest = value
    file = origin
    line = 0
  }

  /// The keyword and the criteria of `Match` end at a blank or at one `=`; double quotes group.
  /// Nil where a quote isn't closed.
  static func delimited(_ text: inout Substring) -> String? {
    let stop = text.firstIndex { isBlank($0) || $0 == "\"" || $0 == "=" } ?? text.endIndex
    var word = String(text[..<stop])
    guard stop < text.endIndex else {
      text = ""
      return word
    }
    if text[stop] == "\"" {
      let inside = text[stop...].dropFirst()
      guard let end = inside.firstIndex(of: "\"") else { return nil }
      word += inside[..<end]
      text = inside[end...].dropFirst().drop(while: isBlank)
      return word
    }
    let hasEquals = text[stop] == "="
    text = text[stop...].dropFirst().drop(while: isBlank)
    if !hasEquals, text.first == "=" { text = text.dropFirst().drop(while: isBlank) }
    return word
  }

  /// Splits into words: both kinds of quotes group, a backslash keeps a quote, a backslash or a
  /// blank. Nil where a quote isn't closed.
  static func arguments(of text: some StringProtocol) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if character == "\\", let next = rest.first,
        "\"'\\".contains(next) || (next == " " && quote == nil)
      {
        word = (word ?? "") + String(rest.removeFirst())
      } else if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if isBlank(character) {
        if let ended = word { words.append(ended) }
        word = nil
      } else if character == "#", word == nil {
        break
      } else if character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if quote != nil { return nil }
    return word.map { words + [$0] } ?? words
  }

  private static func isBlank(_ character: Character) -> Bool {
    character == " " || character == "\t"
  }

  /// An error about this line.
  func problem(_ message: String, help: String? = nil) -> HostError {
    HostError(.unreachable, "\(place): \(message)", help: help)
  }
}
