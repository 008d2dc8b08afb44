package import Diagnostics

/// A file in the INI form that `ansible.cfg` has, as Python's `configparser` reads it.
///
/// Inventories in INI look alike but have rules of their own.
package struct INIDocument: Sendable {
  /// One `key = value`; the key in lower case.
  package struct Entry: Sendable {
    package var key: Located<String>
    package var value: Located<String>
  }

  /// The entries below one `[name]`.
  package struct Section: Sendable {
    package var name: String
    package var entries: [Entry] = []
  }

  /// The sections in the order of the file, each once.
  package private(set) var sections: [Section] = []
  private var problems: [Diagnostic] = []

  /// Parses a text; comments begin with `#` or `;` on a line of their own, or with ` ;` behind.
  package init(_ file: SourceFile) throws(Diagnostics) {
    var section: Int?
    var number = 0
    let isBreak: (Character) -> Bool = { $0 == "\n" || $0 == "\r\n" }
    for raw in file.text.split(omittingEmptySubsequences: false, whereSeparator: isBreak) {
      number += 1
      let line = Self.withoutComment(raw)
      let content = line.trimmed
      guard !content.isEmpty else { continue }
      let column = line.prefix(while: \.isWhitespace).unicodeScalars.count + 1
      let range = SourceRange(
        file: file, start: SourcePosition(line: number, column: column),
        end: SourcePosition(line: number, column: column + content.unicodeScalars.count))
      if column > 1, let section, continueValue(content, in: section) { continue }
      if content.first == "[", let end = content.lastIndex(of: "]") {
        section = open(String(content[content.index(after: content.startIndex)..<end]))
      } else {
        read(content, range, in: section)
      }
    }
    if !problems.isEmpty { throw Diagnostics(problems) }
  }

  /// The value of a key; the key in any case.
  package func value(_ section: String, _ key: String) -> Located<String>? {
    sections.first { $0.name == section }?.entries.last { $0.key.content == key.lowercased() }?
      .value
  }

  /// The number of a section, which is added unless it is there.
  private mutating func open(_ name: String) -> Int {
    if let index = sections.firstIndex(where: { $0.name == name }) { return index }
    sections.append(Section(name: name))
    return sections.count - 1
  }

  /// An indented line goes on with the value above it.
  private mutating func continueValue(_ content: Substring, in section: Int) -> Bool {
    guard let last = sections[section].entries.indices.last else { return false }
    sections[section].entries[last].value.content += "\n" + content
    return true
  }

  private mutating func read(_ content: Substring, _ range: SourceRange, in section: Int?) {
    guard let section else {
      problems.append(
        Diagnostic(
          .error, "`\(content)` stands in no section", at: range,
          help: "write `[defaults]` above it"))
      return
    }
    guard let sign = content.firstIndex(where: { $0 == "=" || $0 == ":" }),
      sign != content.startIndex
    else {
      problems.append(
        Diagnostic(.error, "`\(content)` is no setting", at: range, help: "write `key = value`"))
      return
    }
    let key = content[..<sign].trimmed.lowercased()
    let value = content[content.index(after: sign)...].trimmed
    if let first = sections[section].entries.first(where: { $0.key.content == key }) {
      problems.append(
        Diagnostic(
          .error, "`\(key)` is given twice in `[\(sections[section].name)]`", at: range,
          help: "remove one of them", notes: [Located("first given here", at: first.key.range)]))
    }
    var place = range
    place.start.column += content.unicodeScalars.count - value.unicodeScalars.count
    if value.isEmpty { place.end.column = place.start.column + 1 }
    var keyPlace = range
    keyPlace.end.column = range.start.column + key.unicodeScalars.count
    sections[section].entries.append(
      Entry(key: Located(key, at: keyPlace), value: Located(String(value), at: place)))
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    let content = line.drop(while: \.isWhitespace)
    if content.first == "#" || content.first == ";" { return "" }
    var index = line.startIndex
    var follows = false
    while index < line.endIndex {
      if line[index] == ";", follows { return line[..<index] }
      follows = line[index].isWhitespace
      index = line.index(after: index)
    }
    return line
  }
}
