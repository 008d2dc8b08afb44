/// The lines of an fstab.
package struct MountTable: Hashable, Sendable {
  package var text: String

  package init(_ text: String) { self.text = text }

  /// One mount of the table.
  package struct Entry: Hashable, Sendable {
    package var source: String
    package var path: String
    package var type: String
    package var options: String
    package var dump: String
    package var pass: String

    package init(
      source: String, path: String, type: String, options: String, dump: String, pass: String
    ) {
      self.source = source
      self.path = path
      self.type = type
      self.options = options
      self.dump = dump
      self.pass = pass
    }

    /// As a line of the table; white space in a field is written as octal digits.
    package var line: String {
      [source, path, type, options, dump, pass].map(MountTable.escape).joined(separator: " ")
    }
  }

  private static let escapes = [("\\", "\\134"), (" ", "\\040"), ("\t", "\\011"), ("\n", "\\012")]

  package static func escape(_ text: String) -> String {
    escapes.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  package static func unescape(_ text: String) -> String {
    escapes.reversed().reduce(text) { $0.replacing($1.1, with: $1.0) }
  }

  private static func entry(of line: Substring) -> Entry? {
    let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map {
      unescape(String($0))
    }
    guard fields.count >= 4, !fields[0].hasPrefix("#") else { return nil }
    return Entry(
      source: fields[0], path: fields[1], type: fields[2], options: fields[3],
      dump: fields.count > 4 ? fields[4] : "0", pass: fields.count > 5 ? fields[5] : "0")
  }

  /// The last entry of a path; for swap, which has no path, of its source.
  package func entry(at path: String, source: String? = nil) -> Entry? {
    text.split(separator: "\n").compactMap(Self.entry).last {
      $0.path == path && (path != "none" || $0.source == source)
    }
  }

  /// With the entry of the path replaced, added at the end, or removed.
  package func setting(_ path: String, to entry: Entry?, source: String? = nil) -> MountTable {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    var isSet = false
    var result: [String] = []
    for line in lines {
      let found = Self.entry(of: line[...])
      guard let found, found.path == path, path != "none" || found.source == source else {
        result.append(line)
        continue
      }
      if let entry, !isSet { result.append(found == entry ? line : entry.line) }
      isSet = true
    }
    if let entry, !isSet { result.append(entry.line) }
    return MountTable(result.map { $0 + "\n" }.joined())
  }
}
