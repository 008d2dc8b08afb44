/// A command as people type it, taken apart into words as Python's `shlex.split` does.
package struct CommandLine: Hashable, Sendable {
  /// The words, quotes and backslashes resolved.
  package var words: [String]

  /// Splits `text`; nil where a quotation isn't closed.
  package init?(_ text: String) {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = text.makeIterator()
    while let character = characters.next() {
      if let open = quote {
        if character == open {
          quote = nil
        } else if open == "\"", character == "\\" {
          guard let next = characters.next() else { return nil }
          // Within double quotes a backslash is itself but before a quote or a backslash.
          word?.append(contentsOf: next == "\"" || next == "\\" ? "\(next)" : "\\\(next)")
        } else {
          word?.append(character)
        }
      } else if character.isWhitespace {
        if let complete = word { words.append(complete) }
        word = nil
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == "\\" {
        guard let next = characters.next() else { return nil }
        word = (word ?? "") + "\(next)"
      } else {
        word = (word ?? "") + "\(character)"
      }
    }
    if quote != nil { return nil }
    if let complete = word { words.append(complete) }
    self.words = words
  }

  package init(words: [String]) { self.words = words }
}
