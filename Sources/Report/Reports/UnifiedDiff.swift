/// The difference of two texts as `diff -u` prints it, without its heading.
struct UnifiedDiff {
  /// A line with its sign: ` `, `-` or `+`; `@` for a hunk's heading.
  struct Line: Hashable {
    var sign: Character
    var text: String
  }

  private(set) var lines: [Line] = []

  /// - Parameter context: unchanged lines that are kept around changes.
  init(from old: String, to new: String, context: Int = 3) {
    let before = Self.lines(of: old)
    let after = Self.lines(of: new)
    let script = Self.script(before, after)
    for hunk in Self.hunks(script, context: context) {
      let part = script[hunk]
      let first = part.first!
      let removed = part.count { $0.sign != "+" }
      let added = part.count { $0.sign != "-" }
      lines.append(
        Line(
          sign: "@",
          text: "@@ -\(Self.span(first.old, removed)) +\(Self.span(first.new, added)) @@"))
      lines += part.map { Line(sign: $0.sign, text: $0.text) }
    }
  }

  private struct Entry {
    var sign: Character
    var text: String
    /// Line numbers from 0 on either side.
    var old: Int
    var new: Int
  }

  /// A text without a final newline says so, as diff does.
  private static func lines(of text: String) -> [String] {
    if text.isEmpty { return [] }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" {
      lines.removeLast()
    } else {
      lines[lines.count - 1] += "\n\\ No newline at end of file"
    }
    return lines
  }

  private static func script(_ before: [String], _ after: [String]) -> [Entry] {
    let (removed, added) = changes(before, after)
    var entries: [Entry] = []
    var old = 0
    var new = 0
    while old < before.count || new < after.count {
      if old < before.count, removed.contains(old) {
        entries.append(Entry(sign: "-", text: before[old], old: old, new: new))
        old += 1
      } else if new < after.count, added.contains(new) {
        entries.append(Entry(sign: "+", text: after[new], old: old, new: new))
        new += 1
      } else {
        entries.append(Entry(sign: " ", text: before[old], old: old, new: new))
        old += 1
        new += 1
      }
    }
    return entries
  }

  /// Which lines go and which come, by number.
  ///
  /// What both have in front and behind is left out first. Texts that have nearly nothing in common
  /// would take time by the product of their lengths: those are replaced as a whole.
  private static func changes(_ before: [String], _ after: [String]) -> (Set<Int>, Set<Int>) {
    let least = min(before.count, after.count)
    var front = 0
    while front < least, before[front] == after[front] { front += 1 }
    var back = 0
    while back < least - front, before[before.count - 1 - back] == after[after.count - 1 - back] {
      back += 1
    }
    let old = front..<(before.count - back)
    let new = front..<(after.count - back)
    guard old.count * new.count <= 4_000_000 else { return (Set(old), Set(new)) }
    var removed = Set<Int>()
    var added = Set<Int>()
    for change in after[new].difference(from: before[old]) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset + front)
      case .insert(let offset, _, _): added.insert(offset + front)
      }
    }
    return (removed, added)
  }

  private static func hunks(_ script: [Entry], context: Int) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for index in script.indices where script[index].sign != " " {
      let range = max(0, index - context)..<min(script.count, index + context + 1)
      if let last = hunks.last, range.lowerBound <= last.upperBound {
        hunks[hunks.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        hunks.append(range)
      }
    }
    return hunks
  }

  private static func span(_ start: Int, _ count: Int) -> String {
    count == 1 ? "\(start + 1)" : "\(count == 0 ? start : start + 1),\(count)"
  }
}
