/// Words a diagnostic: `site.yml:14:7: error: …`, the line, a caret, and what to do.
package struct DiagnosticRenderer: Sendable {
  package init() {}

  /// The diagnostic as lines without colour, each ended by a newline.
  package func render(_ diagnostic: Diagnostic) -> String {
    var text = header(diagnostic.severity.rawValue, diagnostic.message, at: diagnostic.range)
    if let help = diagnostic.help { text += "  help: \(help)\n" }
    for note in diagnostic.notes { text += header("note", note.content, at: note.range) }
    return text
  }

  private func header(_ kind: String, _ message: String, at range: SourceRange?) -> String {
    guard let range else { return "\(kind): \(message)\n" }
    return "\(range): \(kind): \(message)\n" + snippet(of: range)
  }

  /// The line that the range begins in, and a caret under it; empty where the text isn't at hand.
  private func snippet(of range: SourceRange) -> String {
    guard let line = range.file.line(range.start.line), !line.isEmpty else { return "" }
    let number = String(range.start.line)
    let before = line.unicodeScalars.prefix(max(0, range.start.column - 1))
    // Tabs stay tabs, so that the caret stands under its character on any terminal.
    let indent = String(String.UnicodeScalarView(before.map { $0 == "\t" ? "\t" : " " }))
    let width =
      range.end.line == range.start.line
      ? max(1, min(range.end.column, line.unicodeScalars.count + 1) - range.start.column) : 1
    let gutter = String(repeating: " ", count: number.count)
    return "  \(number) | \(line)\n  \(gutter) | \(indent)^"
      + String(repeating: "~", count: width - 1) + "\n"
  }
}
