/// The rows of a table in CSV, as Python's `csv` reads the dialect of Excel.
struct CSVReader: Sequence, IteratorProtocol {
  private var rest: ArraySlice<Unicode.Scalar>
  private let delimiter: Unicode.Scalar

  init(_ text: String, delimiter: Unicode.Scalar) {
    rest = Array(text.unicodeScalars)[...]
    self.delimiter = delimiter
  }

  /// The fields of the next row; nil behind the last.
  mutating func next() -> [String]? {
    guard !rest.isEmpty else { return nil }
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var isQuoted = false
    while let scalar = rest.popFirst() {
      if isQuoted {
        if scalar != "\"" {
          field.append(scalar)
        } else if rest.first == "\"" {
          rest.removeFirst()
          field.append(scalar)
        } else {
          isQuoted = false
        }
      } else if scalar == "\"", field.isEmpty {
        isQuoted = true
      } else if scalar == delimiter {
        fields.append(String(field))
        field = .init()
      } else if scalar == "\n" || scalar == "\r" {
        if scalar == "\r", rest.first == "\n" { rest.removeFirst() }
        break
      } else {
        field.append(scalar)
      }
    }
    return fields + [String(field)]
  }
}
