import Hosts
import TestSupport
import Testing

@testable import Reports

/// Unified diffs, beside those of `diff -u`.
struct UnifiedDiffTests {
  private func lines(_ old: String, _ new: String) -> [String] {
    UnifiedDiff(from: old, to: new).lines.map { $0.sign == "@" ? $0.text : "\($0.sign)\($0.text)" }
  }

  /// What `diff -u` prints, without its two lines of heading.
  private func reference(_ old: String, _ new: String, _ options: String = "") throws -> [String] {
    let script = """
      d=$(mktemp -d); trap 'rm -r "$d"' EXIT
      printf %s \(Shell.quote(old)) > "$d/a"; printf %s \(Shell.quote(new)) > "$d/b"
      diff \(options) -u "$d/a" "$d/b" | tail -n +3
      """
    let text = try LocalShell(["sh"]).run(script).text
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test(arguments: [
    ("", "a\nb\n"), ("a\nb\n", ""), ("a\n", "b\n"), ("a\nb\nc\n", "a\nx\nc\n"), ("a", "a\n"),
    ("a\nb", "a\nc"), ("a\n", "a\nb"),
    ("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"),
    ("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\nx\n3\n4\n5\n6\n7\ny\n9\n"),
    ("1\n2\n3\n4\n5\n6\n7\n8\n9\na\nb\n", "x\n2\n3\n4\n5\n6\n7\n8\n9\na\ny\n"), ("a\n", "a\n"),
  ])
  func isWhatDiffPrints(_ old: String, _ new: String) throws {
    let own = lines(old, new).joined(separator: "\n").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(own.filter { !$0.isEmpty }.map(String.init) == (try reference(old, new)))
  }

  /// Of several shortest differences each program may take another, so the numbers are compared,
  /// and what comes of it.
  @Test func isAsShortAsDiffsAndRight() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<12 {
      let old = text(of: 30, &random)
      let new = text(of: 30, &random)
      let own = UnifiedDiff(from: old, to: new).lines
      let theirs = try reference(old, new, "--minimal").filter { !$0.hasPrefix("@") }
      for sign: Character in ["+", "-"] {
        #expect(own.count { $0.sign == sign } == theirs.count { $0.first == sign })
      }
      #expect(applied(own, to: old) == new)
    }
  }

  @Test func textsWithNothingInCommonAreReplaced() {
    let old = (0..<4000).map { "old \($0)\n" }.joined()
    let new = (0..<4000).map { "new \($0)\n" }.joined()
    #expect(UnifiedDiff(from: old, to: new).lines.count == 8001)
  }

  private func text(of count: Int, _ random: inout some RandomNumberGenerator) -> String {
    (0..<count).map { _ in "\("abcd".randomElement(using: &random)!)\n" }.joined()
  }

  /// Old lines up to each hunk, then the hunk's.
  private func applied(_ diff: [UnifiedDiff.Line], to old: String) -> String {
    let before = old.split(separator: "\n").map(String.init)
    var place = 0
    var result: [String] = []
    for line in diff {
      switch line.sign {
      case "@":
        let digits = line.text.dropFirst(4).prefix { $0.isNumber }
        let start = (Int(digits) ?? 1) - 1
        result += before[place..<max(place, start)]
        place = max(place, start)
      case "+": result.append(line.text)
      case "-": place += 1
      default:
        result.append(line.text)
        place += 1
      }
    }
    return (result + before[place...]).map { $0 + "\n" }.joined()
  }
}
