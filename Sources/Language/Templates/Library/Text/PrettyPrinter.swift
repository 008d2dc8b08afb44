internal import Values

/// Python's `pprint` of text as ansible-core applies it: long text is broken between words.
///
/// Lists and dictionaries stay on one line, for ansible-core's own are none that `pprint` knows.
struct PrettyPrinter {
  private let width = 80

  func text(_ value: Value) -> String {
    guard case .string(let text) = value else { return PythonText.repr(value) }
    let whole = PythonText.repr(text)
    if whole.unicodeScalars.count <= width { return whole }
    let parts = parts(of: text)
    return parts.count == 1 ? parts[0] : "(" + parts.joined(separator: "\n ") + ")"
  }

  /// The text in quotes, line by line, long lines broken behind blanks.
  private func parts(of text: String) -> [String] {
    let room = width - 1
    var chunks: [String] = []
    let lines = PythonString.lines(text, keepsEnds: true)
    for (index, line) in lines.enumerated() {
      let isLast = index == lines.count - 1
      let whole = PythonText.repr(line)
      if whole.unicodeScalars.count <= (isLast ? room - 1 : room) {
        chunks.append(whole)
        continue
      }
      var current = ""
      let words = words(line)
      for (number, word) in words.enumerated() {
        let isEnd = isLast && number == words.count - 1
        let count = PythonText.repr(current + word).unicodeScalars.count
        if count > (isEnd ? room - 1 : room) {
          if !current.isEmpty { chunks.append(PythonText.repr(current)) }
          current = word
        } else {
          current += word
        }
      }
      if !current.isEmpty { chunks.append(PythonText.repr(current)) }
    }
    return chunks
  }

  /// Words with the blanks behind them.
  private func words(_ line: String) -> [String] {
    var words: [String] = []
    var current = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      if let last = current.last, PythonString.isSpace(last), !PythonString.isSpace(scalar) {
        words.append(String(current))
        current = .init()
      }
      current.append(scalar)
    }
    return words + [String(current)]
  }
}
