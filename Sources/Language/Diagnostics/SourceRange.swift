/// A place in a text: line and column, both counted from 1; columns count Unicode scalars.
package struct SourcePosition: Hashable, Sendable, Comparable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A stretch of a text, from a position up to, not including, another.
package struct SourceRange: Hashable, Sendable {
  package var file: SourceFile
  package var start: SourcePosition
  package var end: SourcePosition

  package init(file: SourceFile, start: SourcePosition, end: SourcePosition) {
    self.file = file
    self.start = start
    self.end = end
  }

  /// The range of one character at a line and column.
  package init(file: SourceFile, line: Int, column: Int) {
    let start = SourcePosition(line: line, column: column)
    self.init(file: file, start: start, end: SourcePosition(line: line, column: column + 1))
  }

  /// A range for what no person wrote, named in angle brackets: `<default>`.
  package static func synthesized(_ name: String) -> SourceRange {
    SourceRange(file: SourceFile(path: "<\(name)>", text: ""), line: 1, column: 1)
  }
}

extension SourceRange: CustomStringConvertible {
  /// `file:line:column`, as compilers print it.
  package var description: String { "\(file.path):\(start.line):\(start.column)" }
}

/// Something with the place that it comes from.
package struct Located<Content: Sendable>: Sendable {
  package var content: Content
  package var range: SourceRange

  package init(_ content: Content, at range: SourceRange) {
    self.content = content
    self.range = range
  }
}
