/// `src=a dest="b c" mode=0644`: words with a key, and the text between and after them.
///
/// White space in quotes and in `{{ }}`, `{% %}` and `{# #}` separates nothing.
struct KeyValueText {
  var pairs: [(key: String, value: String)] = []
  /// What is left without the pairs, trimmed.
  var rest: String

  /// Takes the words whose key `isKey` accepts.
  init(_ text: String, isKey: (String) -> Bool) {
    var rest = ""
    var taken = text.startIndex
    for word in Self.words(in: text) {
      guard let equals = word.firstIndex(of: "="), equals > word.startIndex else { continue }
      let key = String(word[..<equals])
      guard Self.isName(key), isKey(key) else { continue }
      pairs.append((key, Self.unquoted(String(word[word.index(after: equals)...]))))
      rest += text[taken..<word.startIndex]
      taken = word.endIndex
    }
    rest += text[taken...]
    self.rest = rest.trimmingSpaces
  }

  private static func isName(_ key: String) -> Bool {
    key.unicodeScalars.allSatisfy {
      $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
    }
  }

  /// The words of a text, as slices of it.
  private static func words(in text: String) -> [Substring] {
    var words: [Substring] = []
    var start: String.Index?
    var quote: Character?
    var closing: Character?
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      let next = text.index(after: index)
      let following = next < text.endIndex ? text[next] : nil
      if character.isWhitespace, quote == nil, closing == nil {
        if let begin = start { words.append(text[begin..<index]) }
        start = nil
        index = next
        continue
      }
      if start == nil { start = index }
      if let end = closing {
        if character == end, following == "}" {
          closing = nil
          index = text.index(after: next)
          continue
        }
      } else if character == "{", let following, "{%#".contains(following) {
        closing = following == "{" ? "}" : following
        index = text.index(after: next)
        continue
      } else if character == "\\", following != nil {
        index = text.index(after: next)
        continue
      } else if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      }
      index = next
    }
    if let begin = start { words.append(text[begin...]) }
    return words
  }

  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, let first = text.first, first == text.last,
      first == "\"" || first == "'"
    else { return text }
    return String(text.dropFirst().dropLast())
  }
}
