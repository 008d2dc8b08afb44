/// The lines of a `KEY=VALUE` file, of which one key is set or removed; all else stays as it is.
package struct ConfigurationLines: Hashable, Sendable {
  package var text: String

  package init(_ text: String) { self.text = text }

  private var lines: [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// The key of a line; nil where it is a comment, empty, or has no `=`.
  private static func key(of line: String) -> String? {
    let trimmed = line.trimmed
    guard !trimmed.hasPrefix("#"), !trimmed.hasPrefix(";"), let equals = trimmed.firstIndex(of: "=")
    else { return nil }
    return String(trimmed[..<equals]).trimmed
  }

  /// The value of a key: the last one counts.
  package func value(of key: String) -> String? {
    for line in lines.reversed() where Self.key(of: line) == key {
      let trimmed = line.trimmed
      return String(trimmed[trimmed.index(after: trimmed.firstIndex(of: "=")!)...]).trimmed
    }
    return nil
  }

  /// How many lines set the key.
  package func count(of key: String) -> Int { lines.filter { Self.key(of: $0) == key }.count }

  /// With the key set once, in the place of its first line or at the end; nil removes it.
  package func setting(_ key: String, to value: String?) -> ConfigurationLines {
    var result: [String] = []
    var isSet = false
    for line in lines {
      guard Self.key(of: line) == key else {
        result.append(line)
        continue
      }
      if let value, !isSet { result.append("\(key)=\(value)") }
      isSet = true
    }
    if let value, !isSet { result.append("\(key)=\(value)") }
    return ConfigurationLines(result.map { $0 + "\n" }.joined())
  }
}
