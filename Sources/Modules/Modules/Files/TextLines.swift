/// A text as lines of bytes, each with its end, as editors of files see it.
///
/// Swift's `Character` takes `\r\n` for one and compares by canonical equivalence; files don't.
struct TextLines: Hashable, Sendable {
  /// Each with its `\n`, the last perhaps without.
  var lines: [[UInt8]]

  init(_ bytes: [UInt8]) {
    lines = bytes.split(separator: Self.newline, omittingEmptySubsequences: false)
      .map { $0 + [Self.newline] }
    // What follows the last newline is a line only if there is something.
    if var last = lines.popLast() {
      last.removeLast()
      if !last.isEmpty { lines.append(last) }
    }
  }

  static let newline = UInt8(ascii: "\n")

  var bytes: [UInt8] { Array(lines.joined()) }

  /// A line without the newline and carriage return at its end.
  static func bare(_ line: [UInt8]) -> [UInt8] {
    var line = line[...]
    while let last = line.last, last == newline || last == UInt8(ascii: "\r") {
      line = line.dropLast()
    }
    return Array(line)
  }

  /// The text, ended by a newline.
  static func ended(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return bytes.last == newline ? bytes : bytes + [newline]
  }

  /// Appends a newline to the last line where it has none.
  mutating func endLastLine() {
    guard let last = lines.last, last.last != Self.newline else { return }
    lines[lines.count - 1].append(Self.newline)
  }
}
