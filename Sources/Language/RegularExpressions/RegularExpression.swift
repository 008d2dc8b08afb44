internal import CPCRE2

/// A regular expression as Python's `re` writes them, compiled once; PCRE2 does the work.
package struct RegularExpression: Sendable {
  /// How a pattern is read.
  package struct Options: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Letters match in either case.
    package static let ignoreCase = Options(rawValue: 1)
    /// `^` and `$` also match at the lines' ends inside the text.
    package static let multiline = Options(rawValue: 2)
    /// `.` also matches a newline.
    package static let dotAll = Options(rawValue: 4)
  }

  /// The pattern as it was written.
  package let pattern: String
  package let options: Options
  /// How many groups the pattern has, without the whole match.
  package var groupCount: Int { code.groupCount }
  /// The named groups, by name.
  package var groupNumbers: [String: Int] { code.groupNumbers }

  let code: CompiledPattern

  package init(_ pattern: String, _ options: Options = []) throws(RegularExpressionError) {
    self.pattern = pattern
    self.options = options
    code = try CompiledPattern(PythonPattern.translate(pattern), options)
  }

  /// The first match at or after `start`; nil where there is none.
  package func firstMatch(
    in text: String, from start: String.Index? = nil
  ) throws(RegularExpressionError) -> Match? {
    let subject = Subject(text)
    return try code.match(subject, from: subject.offset(of: start ?? text.startIndex))
  }

  /// The match that begins where the text begins, as Python's `re.match`.
  package func prefixMatch(in text: String) throws(RegularExpressionError) -> Match? {
    try code.match(Subject(text), from: 0, PCRE2_ANCHORED)
  }

  /// The match of the whole text, as Python's `re.fullmatch`.
  package func fullMatch(_ text: String) throws(RegularExpressionError) -> Match? {
    try code.match(Subject(text), from: 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED)
  }

  /// Whether there is a match anywhere.
  package func matches(anywhereIn text: String) throws(RegularExpressionError) -> Bool {
    try firstMatch(in: text) != nil
  }

  /// All matches from left to right that don't overlap, as Python's `re.finditer`.
  package func matches(in text: String) throws(RegularExpressionError) -> [Match] {
    let subject = Subject(text)
    var found: [Match] = []
    var start = 0
    var mayBeEmpty = true
    while start <= subject.bytes.count {
      let options = mayBeEmpty ? 0 : PCRE2_NOTEMPTY_ATSTART
      guard let match = try code.match(subject, from: start, options) else { break }
      found.append(match)
      let range = match.offsets[0]!
      // After an empty match Python wants the next one to get on; after any other it may be empty.
      mayBeEmpty = !range.isEmpty
      start = range.upperBound
    }
    return found
  }

  /// The text with matches replaced; `count` bounds how many (0: all), as Python's `re.sub`.
  package func replacing(
    in text: String, with template: String, count: Int = 0
  ) throws(RegularExpressionError) -> String {
    let replacement = try ReplacementTemplate(template, for: self)
    return try replacing(in: text, count: count) { replacement.expand($0) }
  }

  /// The text with each match replaced by what `replacement` makes of it (`count` 0: all).
  package func replacing(
    in text: String, count: Int = 0, by replacement: (Match) -> String
  ) throws(RegularExpressionError) -> String {
    var result = ""
    var end = text.startIndex
    for match in try matches(in: text).prefix(count > 0 ? count : Int.max) {
      result += text[end..<match.range.lowerBound]
      result += replacement(match)
      end = match.range.upperBound
    }
    return result + text[end...]
  }

  /// A pattern that matches `text` and nothing else, escaped as Python's `re.escape`.
  package static func escape(_ text: String) -> String {
    let special = Set("()[]{}?*+-|^$\\.&~# \t\n\r\u{0B}\u{0C}".unicodeScalars)
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if special.contains(scalar) { escaped.append("\\") }
      escaped.append(scalar)
    }
    return String(escaped)
  }
}
