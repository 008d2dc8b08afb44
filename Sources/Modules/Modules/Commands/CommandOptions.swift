/// Options that stand within a free-form command: `touch x creates=/x chdir=/tmp`.
package struct CommandOptions: Hashable, Sendable {
  /// The command without the options.
  package var command: String
  package var values: [String: String]

  private static let names: Set<String> = [
    "creates", "removes", "chdir", "executable", "stdin", "stdin_add_newline", "strip_empty_ends",
  ]

  /// Takes the options out of `text`. What stands in quotes is one word, as Ansible has it.
  package init(in text: String) {
    var kept = ""
    values = [:]
    for piece in Self.pieces(of: text) {
      let word = piece.drop { $0.isWhitespace }
      if let equals = word.firstIndex(of: "="), Self.names.contains(String(word[..<equals])),
        let value = CommandLine(String(word[word.index(after: equals)...]))
      {
        values[String(word[..<equals])] = value.words.joined(separator: " ")
      } else {
        kept += piece
      }
    }
    command = String(kept.drop { $0.isWhitespace })
    while command.last?.isWhitespace == true { command.removeLast() }
  }

  /// The words of a text, quotes and all, each with the white space before it.
  private static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var isInWord = false
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isInWord, quote == nil, !isEscaped, character.isWhitespace {
        pieces.append(piece)
        piece = ""
        isInWord = false
      }
      piece.append(character)
      if quote == nil, character.isWhitespace, !isEscaped { continue }
      isInWord = true
      if isEscaped {
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      }
    }
    if !piece.isEmpty { pieces.append(piece) }
    return pieces
  }
}
