/// Python's methods of text, on code points.
enum PythonString {
  static func upper(_ text: String) -> String { text.uppercased() }

  /// A sigma that ends a word has a form of its own; all else is Unicode's lowercase.
  static func lower(_ text: String) -> String {
    let lowercase = text.lowercased()
    guard text.unicodeScalars.contains("Σ") else { return lowercase }
    let scalars = Array(text.unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      result +=
        scalar == "Σ" && endsWord(scalars, index) ? "ς" : scalar.properties.lowercaseMapping
    }
    return result
  }

  private static func endsWord(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
    func isCased(_ found: Unicode.Scalar?) -> Bool { found?.properties.isCased ?? false }
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return isCased(before) && !isCased(after)
  }

  static func capitalize(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return text }
    let rest = String(String.UnicodeScalarView(text.unicodeScalars.dropFirst()))
    return first.properties.titlecaseMapping + rest.lowercased()
  }

  /// Python's `str.title`: a word is a run of letters.
  static func title(_ text: String) -> String {
    var result = ""
    var isInWord = false
    for scalar in text.unicodeScalars {
      result +=
        isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
      isInWord = scalar.properties.isAlphabetic
    }
    return result
  }

  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  /// A letter as `str.isalpha` takes it: roman numerals are none.
  static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  static func strip(
    _ text: String, _ characters: String?, left: Bool = true, right: Bool = true
  ) -> String {
    let set = characters.map { Set($0.unicodeScalars) }
    func strips(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? isSpace(scalar) }
    var scalars = text.unicodeScalars[...]
    if left { scalars = scalars.drop(while: strips) }
    if right { while let last = scalars.last, strips(last) { scalars.removeLast() } }
    return String(scalars)
  }

  /// All places where `part` is, from left to right, as ranges of bytes.
  static func ranges(of part: String, in text: String) -> [Range<String.Index>] {
    guard !part.isEmpty else { return [] }
    var ranges: [Range<String.Index>] = []
    let bytes = text.utf8
    let wanted = Array(part.utf8)
    var start = bytes.startIndex
    while let found = bytes[start...].firstIndex(of: wanted[0]) {
      if bytes[found...].starts(with: wanted) {
        let end = bytes.index(found, offsetBy: wanted.count)
        ranges.append(found..<end)
        start = end
      } else {
        start = bytes.index(after: found)
      }
    }
    return ranges
  }

  /// The last place where `part` is.
  static func lastRange(of part: String, in text: String) -> Range<String.Index>? {
    let (bytes, wanted) = (text.utf8, Array(part.utf8))
    guard let first = wanted.first else { return nil }
    var end = bytes.endIndex
    while let found = bytes[..<end].lastIndex(of: first) {
      if bytes[found...].starts(with: wanted) {
        return found..<bytes.index(found, offsetBy: wanted.count)
      }
      end = found
    }
    return nil
  }

  /// `count` below 0 is all.
  static func replace(_ text: String, _ old: String, _ new: String, count: Int) -> String {
    if old.isEmpty { return interleave(text, new, count: count) }
    var result = ""
    var end = text.startIndex
    for range in ranges(of: old, in: text).prefix(count < 0 ? Int.max : count) {
      result += text[end..<range.lowerBound]
      result += new
      end = range.upperBound
    }
    return result + text[end...]
  }

  /// Replacing nothing puts the new text between all characters.
  private static func interleave(_ text: String, _ new: String, count: Int) -> String {
    var result = ""
    var left = count < 0 ? Int.max : count
    for scalar in text.unicodeScalars {
      if left > 0 {
        result += new
        left -= 1
      }
      result.unicodeScalars.append(scalar)
    }
    return left > 0 ? result + new : result
  }

  /// Without a separator at runs of white space; `limit` below 0 is none.
  static func split(
    _ text: String, _ separator: String?, limit: Int
  ) throws(TemplateError) -> [String] {
    let limit = limit < 0 ? Int.max : limit
    guard let separator else { return splitAtSpace(text, limit: limit) }
    if separator.isEmpty { throw TemplateError(.other, "empty separator") }
    var parts: [String] = []
    var end = text.startIndex
    for range in ranges(of: separator, in: text).prefix(limit) {
      parts.append(String(text[end..<range.lowerBound]))
      end = range.upperBound
    }
    return parts + [String(text[end...])]
  }

  private static func splitAtSpace(_ text: String, limit: Int) -> [String] {
    var rest = text.unicodeScalars.drop(while: isSpace)
    var parts: [String] = []
    while !rest.isEmpty {
      if parts.count == limit {
        parts.append(String(rest))
        break
      }
      let word = rest.prefix { !isSpace($0) }
      parts.append(String(word))
      rest = rest[word.endIndex...].drop(while: isSpace)
    }
    return parts
  }

  /// From the right.
  static func splitFromRight(
    _ text: String, _ separator: String?, limit: Int
  ) throws(TemplateError) -> [String] {
    let reversed = String(String.UnicodeScalarView(text.unicodeScalars.reversed()))
    let parts = try split(
      reversed, separator.map { String(String.UnicodeScalarView($0.unicodeScalars.reversed())) },
      limit: limit)
    return parts.reversed().map { String(String.UnicodeScalarView($0.unicodeScalars.reversed())) }
  }

  /// The lines without their ends, as `str.splitlines`.
  static func lines(_ text: String, keepsEnds: Bool = false) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar.value {
      case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029:
        var end = String.UnicodeScalarView([scalar])
        if scalar == "\r", index < scalars.count, scalars[index] == "\n" {
          end.append("\n")
          index += 1
        }
        if keepsEnds { line.append(contentsOf: end) }
        lines.append(String(line))
        line = .init()
      default: line.append(scalar)
      }
    }
    if !line.isEmpty { lines.append(String(line)) }
    return lines
  }

  static func center(_ text: String, _ width: Int, _ fill: String) -> String {
    let missing = width - text.unicodeScalars.count
    guard missing > 0 else { return text }
    // Where it doesn't come out even, CPython looks at whether the width is odd.
    let left = missing / 2 + (missing & width & 1)
    return String(repeating: fill, count: left) + text
      + String(repeating: fill, count: missing - left)
  }
}
