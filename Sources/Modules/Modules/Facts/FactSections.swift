internal import OrderedCollections
internal import Values

/// What `FactScript` said, by section.
struct FactSections: Hashable, Sendable {
  private var byName: [String: [String]] = [:]

  init(_ text: String) {
    var name: String?
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("@@") {
        if let name { byName[name] = Self.trimmed(lines) }
        (name, lines) = (String(line.dropFirst(2)), [])
      } else {
        lines.append(String(line))
      }
    }
    if let name { byName[name] = Self.trimmed(lines) }
  }

  /// Without the empty line that ends a section.
  private static func trimmed(_ lines: [String]) -> [String] {
    var lines = lines
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// Whether a section was asked for.
  func has(_ name: String) -> Bool { byName[name] != nil }

  /// A section's lines; none where it isn't there.
  func lines(_ name: String) -> [String] { byName[name] ?? [] }

  /// A section's first line; empty where there is none.
  func first(_ name: String) -> String { lines(name).first ?? "" }

  /// A section of `NAME=VALUE` lines; quotes around values are taken off.
  func pairs(_ name: String, separator: Character = "=") -> [String: String] {
    var pairs: [String: String] = [:]
    for line in lines(name) {
      guard let split = line.firstIndex(of: separator) else { continue }
      let key = Self.strip(line[..<split])
      var value = Self.strip(line[line.index(after: split)...])
      for quote in ["\"", "'"]
      where value.count > 1 && value.hasPrefix(quote) && value.hasSuffix(quote) {
        value = String(value.dropFirst().dropLast())
      }
      pairs[key] = value
    }
    return pairs
  }

  /// Without blanks at its ends.
  static func strip(_ text: some StringProtocol) -> String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }

  /// The words of a line, blanks and tabs between them.
  static func words(_ line: String) -> [String] {
    line.split { $0 == " " || $0 == "\t" }.map(String.init)
  }
}

/// Facts by their names without `ansible_`.
typealias Facts = OrderedDictionary<String, Value>
