/// `src=a dest="b c" mode=0644`: words with a key, and the text between and after them.
///
/// White space in quotes and in `{{ }}`, `{% %}` and `{# #}` separates nothing.
struct KeyValueText {
  var pairs: [(key: String, value: String)] = []
  /// What is left without the pairs.
  var rest: String

  /// Takes the words whose key `isKey` accepts, with the white space behind them.
  init(_ text: String, isKey: (String) -> Bool) {
    var kept = ""
    var copied = text.startIndex
    for word in Self.words(in: text) {
      guard let equals = Self.separator(in: word) else {
        kept += text[copied..<word.startIndex] + word.replacing("\\=", with: "=")
        copied = word.endIndex
        continue
      }
      let key = String(word[..<equals])
      guard Self.isName(key), isKey(key) else { continue }
      let value = Self.unquoted(String(word[word.index(after: equals)...]))
      pairs.append((key, Self.unescaped(value)))
      kept += text[copied..<word.startIndex]
      copied = text[word.endIndex...].firstIndex { !$0.isWhitespace } ?? text.endIndex
    }
    kept += text[copied...]
    // Text that is all there is stays as it is, with the line's end of a `|`.
    rest = pairs.isEmpty || copied != text.endIndex ? kept : kept.trimmingSpacesAtEnd
  }

  /// The first `=` that no backslash stands before, if something does.
  private static func separator(in word: Substring) -> String.Index? {
    var before: Character?
    for index in word.indices {
      if word[index] == "=", before != "\\" { return before == nil ? nil : index }
      before = word[index]
    }
    return nil
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

  /// The text with Python's escapes decoded; unknown ones stay.
  private static func unescaped(_ text: String) -> String {
    guard text.contains("\\") else { return text }
    let simple: [Character: Character] = [
      "n": "\n", "t": "\t", "r": "\r", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "v": "\u{B}",
      "\\": "\\", "\"": "\"", "'": "'",
    ]
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "\\", let code = rest.first else {
        result.append(character)
        continue
      }
      if let plain = simple[code] {
        result.append(plain)
        rest.removeFirst()
      } else if let digits = ["x": 2, "u": 4, "U": 8][code],
        let number = UInt32(rest.dropFirst().prefix(digits), radix: 16),
        rest.dropFirst().count >= digits, let scalar = Unicode.Scalar(number)
      {
        result.unicodeScalars.append(scalar)
        rest.removeFirst(digits + 1)
      } else {
        result.append(character)
      }
    }
    return result
  }
}
