/// A text that people wrote, with its name as they gave it.
package final class SourceFile: Sendable, Hashable {
  /// The path as given on the command line or found beside it; `<name>` for texts that are no file.
  package let path: String
  /// The whole text.
  package let text: String

  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// The line with this number, counted from 1, without its end; nil where there is none.
  package func line(_ number: Int) -> Substring? {
    guard number > 0 else { return nil }
    var current = 1
    // A line break of Windows is one character.
    let isBreak: (Character) -> Bool = { $0 == "\n" || $0 == "\r\n" }
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: isBreak) {
      if current == number { return line }
      current += 1
    }
    return nil
  }

  package static func == (left: SourceFile, right: SourceFile) -> Bool { left.path == right.path }

  package func hash(into hasher: inout Hasher) { hasher.combine(path) }
}
