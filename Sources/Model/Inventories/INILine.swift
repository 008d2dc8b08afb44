internal import Diagnostics
internal import Values

/// A line of an INI inventory that says something, without the white space around it.
struct INILine: Sendable {
  /// What a line says if it is one of hosts; nil where that is nothing.
  typealias Hosts = Result<INIHostLine?, Diagnostics>

  let text: Substring
  let range: SourceRange

  /// Whether it may be a section's head.
  var isBracketed: Bool { text.utf8.first == UInt8(ascii: "[") }

  /// What the line says of hosts.
  func hosts() throws(Diagnostics) -> INIHostLine? { try INIHostLine(text, at: range) }

  /// The lines of a file but for those that are blank or comments.
  static func lines(of file: SourceFile) -> [INILine] {
    var lines: [INILine] = []
    var number = 0
    for raw in InventoryLines(file.text) {
      number += 1
      let text = raw.withoutBlanks
      guard let first = text.utf8.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";")
      else { continue }
      let column = raw[..<text.startIndex].scalarCount + 1
      lines.append(
        INILine(
          text: text,
          range: SourceRange(
            file: file, start: SourcePosition(line: number, column: column),
            end: SourcePosition(line: number, column: column + text.scalarCount))))
    }
    return lines
  }

  /// What the lines say that seem to be of hosts, worked out side by side; nil for others.
  ///
  /// Whoever reads them knows the sections and takes this for a hint.
  static func hosts(on lines: [INILine]) -> [Hosts?] {
    var isOfHosts = true
    let hints = lines.map { line in
      if line.isBracketed {
        isOfHosts = !line.text.utf8.contains(UInt8(ascii: ":"))
        return false
      }
      return isOfHosts
    }
    return SideBySide.map(lines.count, inPartsOf: 500) { part in
      part.map { index in
        guard hints[index] else { return nil }
        return Hosts { () throws(Diagnostics) in try lines[index].hosts() }
      }
    }.flatMap { $0 }
  }
}

extension Substring {
  /// Without white space at both ends.
  fileprivate var withoutBlanks: Substring {
    var text = self
    // Most lines begin and end in what is plainly no white space.
    if text.utf8.first.map(Self.isInk) != true { text = text.drop(while: \.isWhitespace) }
    while text.utf8.last.map(Self.isInk) == false, text.last?.isWhitespace == true {
      text.removeLast()
    }
    return text
  }

  private static func isInk(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
}
