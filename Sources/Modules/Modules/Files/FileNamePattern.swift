/// A pattern of the shell's kind for one name: `*`, `?`, `[a-z]`, `[!a-z]`, as Python's fnmatch.
struct FileNamePattern: Hashable, Sendable {
  private let pattern: [Character]

  init(_ pattern: String) { self.pattern = Array(pattern) }

  func matches(_ name: String) -> Bool { Self.matches(pattern[...], Array(name)[...]) }

  private static func matches(
    _ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>
  ) -> Bool {
    var pattern = pattern
    var name = name
    while let wanted = pattern.first {
      switch wanted {
      case "*":
        let rest = pattern.dropFirst()
        if rest.isEmpty { return true }
        return (name.startIndex...name.endIndex).contains { matches(rest, name[$0...]) }
      case "[" where pattern.dropFirst(2).contains("]"):
        let end = pattern.dropFirst(2).firstIndex(of: "]")!
        guard let character = name.popFirst(),
          contains(pattern[(pattern.startIndex + 1)..<end], character)
        else { return false }
        pattern = pattern[(end + 1)...]
        continue
      case "?": if name.popFirst() == nil { return false }
      default: if name.popFirst() != wanted { return false }
      }
      pattern = pattern.dropFirst()
    }
    return name.isEmpty
  }

  /// Whether a set such as `a-z` or `!0-9` has a character.
  private static func contains(_ set: ArraySlice<Character>, _ character: Character) -> Bool {
    let isInverted = set.first == "!"
    var rest = isInverted ? set.dropFirst() : set
    var isFound = false
    while let low = rest.popFirst() {
      if rest.first == "-", rest.count > 1 {
        let high = rest.dropFirst().first!
        rest = rest.dropFirst(2)
        if low <= character, character <= high { isFound = true }
      } else if low == character {
        isFound = true
      }
    }
    return isFound != isInverted
  }
}
