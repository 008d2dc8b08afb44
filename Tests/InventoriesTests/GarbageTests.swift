import Diagnostics
import Documents
import FoundationEssentials
import Inventories
import Templates
import Testing

/// Texts that nobody would write: reading them ends, with an error or without, and never crashes.
@Suite struct GarbageTests {
  /// The same numbers in every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  private static let pieces = [
    "[", "]", "{", "}", ":", "=", "'", "\"", "\\", "#", ";", "&a", "*a", "!", "~", "-", "- ", "\n",
    "\r\n", "\t", " ", "  ", "web", "[1:3]", "[a:c]", "[g:vars]", "[g:children]", "all:", "hosts:",
    "0x", "1_0", "1e9", "{{", "}}", "|", ">", "<<", "---", "ü", "\u{2028}", "\u{0}", "@", ",",
    "True", "99999999999999999999", "!vault", "$ANSIBLE_VAULT;1.1;AES256\n", "%", "(", ")", ".",
  ]

  private func text(_ generator: inout Generator) -> String {
    let count = Int.random(in: 1...40, using: &generator)
    return (0..<count).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined()
  }

  @Test(arguments: 1...4) func readersEnd(_ seed: UInt64) throws {
    var generator = Generator(state: seed)
    let folder = FileManager.default.temporaryDirectory.path
    let path = folder + "/garbage-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for _ in 0..<500 {
      let text = text(&generator)
      for document in (try? YAMLReader().readAll(path: "x.yml", text: text)) ?? [] {
        #expect(document.range.start.line > 0)
      }
      _ = PythonLiteral.value(text)
      _ = try? ShellWords.split(text)
      _ = try? INIDocument(SourceFile(path: "x.cfg", text: text))
      try Data(text.utf8).write(to: URL(filePath: path))
      if let inventory = try? InventoryReader().read([path]) {
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        let pattern = line.contains("@") ? nil : try? HostPattern(line, at: .synthesized("x"))
        _ = pattern?.hosts(in: inventory, GroupTree(inventory))
      }
    }
  }

  @Test func deepLiteralsEnd() {
    #expect(PythonLiteral.value(String(repeating: "[", count: 100_000)) == nil)
    #expect(PythonLiteral.value(String(repeating: "-", count: 100_000) + "1") == nil)
  }
}
