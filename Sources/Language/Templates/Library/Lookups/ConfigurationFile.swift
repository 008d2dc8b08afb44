internal import OrderedCollections

/// A file as Python's `configparser` reads it: sections of keys and values.
struct ConfigurationFile {
  private(set) var sections: OrderedDictionary<String, OrderedDictionary<String, String>> = [:]
  private let isCaseSensitive: Bool

  init(_ text: String, isCaseSensitive: Bool) throws(TemplateError) {
    self.isCaseSensitive = isCaseSensitive
    var section: String?
    var key: String?
    var margin = 0
    for line in PythonString.lines(text) {
      let content = PythonString.strip(line, nil)
      if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
      let indent = line.unicodeScalars.prefix(while: PythonString.isSpace).count
      if let name = section, let last = key, indent > margin {
        sections[name]?[last]?.append("\n" + content)
        continue
      }
      if content.hasPrefix("["), let end = content.firstIndex(of: "]") {
        let name = String(content[..<end].dropFirst())
        if sections[name] == nil { sections[name] = [:] }
        (section, key) = (name, nil)
        continue
      }
      guard let name = section else {
        throw TemplateError(.other, "File contains no section headers.")
      }
      margin = indent
      let (found, value) = split(content)
      key = found
      sections[name]?[found] = value
    }
  }

  private func split(_ line: String) -> (key: String, value: String) {
    guard let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
      return (name(line), "")
    }
    return (
      name(PythonString.strip(String(line[..<mark]), nil)),
      PythonString.strip(String(line[line.index(after: mark)...]), nil)
    )
  }

  private func name(_ key: String) -> String { isCaseSensitive ? key : key.lowercased() }

  /// A value with `%(key)s` replaced by what the section or `DEFAULT` has under that key.
  func interpolated(
    _ key: String, in section: String, depth: Int = 10
  ) throws(TemplateError) -> String {
    let value = sections[section]?[key] ?? sections["DEFAULT"]?[key] ?? ""
    guard value.contains("%") else { return value }
    guard depth > 0 else {
      throw TemplateError(.limit, "`\(key)` in `[\(section)]` refers to itself")
    }
    var result = ""
    var rest = value[...]
    while let mark = rest.firstIndex(of: "%") {
      result += rest[..<mark]
      let behind = rest[mark...].dropFirst()
      if behind.first == "%" {
        result += "%"
        rest = behind.dropFirst()
      } else if behind.first == "(", let end = behind.firstIndex(of: ")"),
        behind[end...].dropFirst().first == "s"
      {
        let other = name(String(behind[..<end].dropFirst()))
        guard sections[section]?[other] != nil || sections["DEFAULT"]?[other] != nil else {
          throw TemplateError(
            .other, "`\(key)` in `[\(section)]` refers to `\(other)`, which isn't there")
        }
        result += try interpolated(other, in: section, depth: depth - 1)
        rest = behind[end...].dropFirst(2)
      } else {
        throw TemplateError(
          .other, "`\(key)` in `[\(section)]`: '%' must be followed by '%' or '('",
          help: "give the lookup `interpolation=false` to take it as it is")
      }
    }
    return result + rest
  }
}
