internal import OrderedCollections

/// A `.repo` file: sections with fields, as Python's configparser reads and writes them.
struct RepositoryFile: Hashable, Sendable {
  /// Fields by section; names of fields are in small letters.
  var sections: OrderedDictionary<String, OrderedDictionary<String, String>> = [:]

  /// Reads `text`; nil where it isn't of that form. Comments aren't kept.
  init?(_ text: String) {
    var section: String?
    var field: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = String(line).trimmed
      if words.isEmpty || words.hasPrefix("#") || words.hasPrefix(";") { continue }
      if line.first?.isWhitespace == true, let section, let field {
        sections[section]?[field]? += "\n\(words)"
      } else if words.hasPrefix("["), let end = words.lastIndex(of: "]") {
        let name = String(words[words.index(after: words.startIndex)..<end])
        if sections[name] != nil { return nil }
        sections[name] = [:]
        (section, field) = (name, nil)
      } else {
        guard let section, let mark = words.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
          return nil
        }
        let name = String(words[..<mark]).trimmed.lowercased()
        if sections[section]?[name] != nil { return nil }
        sections[section]?[name] = String(words[words.index(after: mark)...]).trimmed
        field = name
      }
    }
  }

  /// The file's text: `NAME = VALUE`, further lines of a value after a tab.
  var text: String {
    sections.map { name, fields in
      "[\(name)]\n"
        + fields.map { "\($0.key) = \($0.value.replacing("\n", with: "\n\t"))\n" }.joined() + "\n"
    }.joined()
  }

  /// Whether both say the same, in whatever order.
  func saysTheSame(as other: RepositoryFile) -> Bool {
    sections.count == other.sections.count
      && sections.allSatisfy { name, fields in
        other.sections[name].map {
          Dictionary(uniqueKeysWithValues: $0.map { ($0.key, $0.value) })
            == Dictionary(uniqueKeysWithValues: fields.map { ($0.key, $0.value) })
        } ?? false
      }
  }
}
