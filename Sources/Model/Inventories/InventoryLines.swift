/// The lines of a text as Python's `splitlines` ends them, which knows more than `\n`.
struct InventoryLines: Sequence, IteratorProtocol {
  private let text: String
  private var start: String.Index
  private var isAtEnd = false

  init(_ text: String) {
    self.text = text
    start = text.startIndex
  }

  /// The next line without its end; nil behind the last.
  mutating func next() -> Substring? {
    if isAtEnd { return nil }
    let bytes = text.utf8
    var index = start
    while index < bytes.endIndex {
      let width = Self.breakWidth(bytes, at: index)
      if width > 0 {
        let line = text[start..<index]
        start = bytes.index(index, offsetBy: width)
        return line
      }
      index = bytes.index(after: index)
    }
    isAtEnd = true
    return text[start..<index]
  }

  /// How many bytes the line break that begins here has; 0 where none does.
  private static func breakWidth(_ bytes: String.UTF8View, at index: String.Index) -> Int {
    let byte = bytes[index]
    switch byte {
    case 0x0A, 0x0B, 0x0C, 0x1C, 0x1D, 0x1E: return 1
    case 0x0D: return bytes[index...].dropFirst().first == 0x0A ? 2 : 1
    case 0xC2: return bytes[index...].dropFirst().first == 0x85 ? 2 : 0
    case 0xE2:
      let rest = bytes[index...].dropFirst().prefix(2)
      return rest.elementsEqual([0x80, 0xA8]) || rest.elementsEqual([0x80, 0xA9]) ? 3 : 0
    default: return 0
    }
  }
}
