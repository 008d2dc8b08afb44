/// One line of a `sources.list`: `deb [signed-by=…] http://… bookworm main`.
package struct AptSource: Hashable, Sendable {
  /// `deb` or `deb-src`.
  package var type: String
  /// Without brackets; empty where there are none.
  package var options: String
  package var uri: String
  /// Suite and components.
  package var rest: [String]

  /// Reads a line; nil where it is empty, a comment, or no source.
  package init?(_ line: String) {
    var words = Self.words(of: line.prefix { $0 != "#" })[...]
    guard let type = words.popFirst(), type == "deb" || type == "deb-src" else { return nil }
    self.type = type
    options = ""
    if let first = words.first, first.hasPrefix("["), first.hasSuffix("]") {
      options = Self.words(of: first.dropFirst().dropLast()).joined(separator: " ")
      words.removeFirst()
    }
    guard let uri = words.popFirst(), !words.isEmpty else { return nil }
    self.uri = uri
    rest = Array(words)
  }

  /// Words, of which one in brackets may have spaces.
  private static func words(of line: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var isBracketed = false
    for character in line {
      if character.isWhitespace, !isBracketed {
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      if character == "[", word.isEmpty { isBracketed = true }
      if character == "]" { isBracketed = false }
      word.append(character)
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// The line, with one space between words.
  package var line: String {
    ([type] + (options.isEmpty ? [] : ["[\(options)]"]) + [uri] + rest).joined(separator: " ")
  }

  /// The file that it goes to where the task names none, by Ansible's rule: the URI without its
  /// scheme and login, its letters and digits joined by `_`.
  package var fileName: String {
    var text = uri[...]
    if let scheme = text.firstRange(of: "://") { text = text[scheme.upperBound...] }
    if let login = text.firstIndex(of: "@") { text = text[text.index(after: login)...] }
    if let bracket = text.firstIndex(of: "[") { text = text[..<bracket] }
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.joined(separator: "_") + ".list"
  }
}
