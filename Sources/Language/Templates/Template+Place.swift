package import Diagnostics

extension Template {
  /// The line of the template's own text that an offset is in, counted from 1.
  func line(of offset: Int) -> Int {
    normalized.utf8.prefix(max(0, offset)).reduce(1) { $1 == 10 ? $0 + 1 : $0 }
  }

  /// Where an offset of the normalized text is in its file.
  ///
  /// A YAML scalar's lines are found again in the file: block scalars are indented, and begin on
  /// the line behind their `|`. What can't be found is where the whole template is.
  package func place(of offset: Int) -> SourceRange {
    let before = normalized.utf8.prefix(max(0, offset))
    let line = before.reduce(0) { $1 == 10 ? $0 + 1 : $0 }
    let lineStart = before.lastIndex(of: 10).map { before.index(after: $0) } ?? before.startIndex
    let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count
    let rest = normalized.utf8.dropFirst(before.count).prefix { $0 != 10 }
    let whole =
      String(decoding: before[lineStart...], as: UTF8.self) + String(decoding: rest, as: UTF8.self)
    let first = range.start.line + line
    for number in first...(first + 2) {
      guard let source = range.file.line(number),
        let start = Self.column(
          of: whole, in: source,
          from: number == range.start.line
            ? range.start.column : 1)
      else { continue }
      return SourceRange(file: range.file, line: number, column: start + column)
    }
    return range
  }

  /// The column that a line of the template begins at; nil where the source line doesn't hold it.
  private static func column(of line: String, in source: Substring, from column: Int) -> Int? {
    if line.isEmpty { return column }
    let scalars = Array(source.unicodeScalars)
    let wanted = Array(line.unicodeScalars)
    guard scalars.count >= wanted.count else { return nil }
    for start in max(0, column - 1)..<max(column, scalars.count - wanted.count + 1)
    where start + wanted.count <= scalars.count {
      if scalars[start..<(start + wanted.count)].elementsEqual(wanted) { return start + 1 }
    }
    return nil
  }
}
