import Diagnostics
import Documents
import FoundationEssentials
import Synchronization
import Templates
import Testing
import Values

@Suite struct YAMLReaderTests {
  private func read(_ text: String) throws -> Templates.Expression {
    try YAMLReader().read(path: "x.yml", text: text)
  }

  /// What is said of a text that can't be read.
  private func failure(_ text: String) -> String {
    do throws(Diagnostics) {
      let document = try YAMLReader().read(path: "x.yml", text: text)
      return "read: \(document.plain)"
    } catch {
      return error.all.map { DiagnosticRenderer().render($0) }.joined()
    }
  }

  // MARK: Places

  @Test(arguments: [
    ("a: \"{{ x }}\"", 1, 5), ("- '{{ x }}'", 1, 4), ("a: x {{ y }}", 1, 4),
    ("a: |\n  {{ x }}\n", 2, 3), ("a:\n  - >-\n\n     {{ x }}\n", 4, 6),
    ("ä: \"é {{ x }}\"", 1, 5),
  ])
  func textsBeginWhereTheirFirstCharacterStands(_ text: String, _ line: Int, _ column: Int) throws {
    let document = try read(text)
    var inner = document
    while true {
      if case .dict(let entries, _) = inner {
        inner = entries[0].value
      } else if case .list(let items, _) = inner {
        inner = items[0]
      } else {
        break
      }
    }
    #expect(inner.range.start == SourcePosition(line: line, column: column))
  }

  @Test func everyNodeKnowsItsPlace() throws {
    guard case .dict(let entries, let whole) = try read("a: 1\nb:\n  - x\n  - {c: d}\n") else {
      return
    }
    #expect(whole.start == SourcePosition(line: 1, column: 1))
    #expect(entries[1].key.range.start == SourcePosition(line: 2, column: 1))
    #expect(entries[1].key.range.end == SourcePosition(line: 2, column: 2))
    guard case .list(let items, let list) = entries[1].value else { return }
    #expect(list.start == SourcePosition(line: 3, column: 3))
    #expect(items[0].range.start == SourcePosition(line: 3, column: 5))
    #expect(items[1].range.start == SourcePosition(line: 4, column: 5))
  }

  @Test func keysAreNoTemplates() throws {
    guard case .dict(let entries, _) = try read("\"{{ a }}\": 1") else { return }
    #expect(entries[0].key.plain == "{{ a }}")
    guard case .literal = entries[0].key else {
      Issue.record("a template")
      return
    }
  }

  @Test func unsafeTextIsNoTemplate() throws {
    guard case .dict(let entries, _) = try read("a: !unsafe '{{ b }}'") else { return }
    guard case .literal("{{ b }}", _) = entries[0].value else {
      Issue.record("a template")
      return
    }
  }

  @Test func aKeyGivenTwiceIsAWarning() throws {
    let warnings = Mutex<[String]>([])
    let reader = YAMLReader { warning in
      warnings.withLock { $0.append(DiagnosticRenderer().render(warning)) }
    }
    let document = try reader.read(path: "x.yml", text: "a: 1\nb: 2\na: 3\n")
    #expect(document.plain == ["a": 3, "b": 2])
    #expect(
      warnings.withLock { $0.joined() } == """
        x.yml:3:1: warning: the key `a` is given twice; the last one counts
          3 | a: 3
            | ^
          help: remove one of them
        x.yml:1:1: note: first given here
          1 | a: 1
            | ^

        """)
  }

  // MARK: Errors

  @Test func saysToQuoteTemplates() {
    #expect(
      failure("a:\n  b: {{ x }}\n") == """
        x.yml:2:7: error: YAML: a key can't be a list or a dictionary
          2 |   b: {{ x }}
            |       ^~~~~
          help: a value that begins with `{{` must be in quotes: `"{{ … }}"`

        """)
    #expect(failure("a: {{ x }}/y\n").contains("must be in quotes: `\"{{ … }}\"`"))
    #expect(failure("a: {% if x %}\n").contains("help: put a value that begins with `%` in quotes"))
  }

  @Test func saysNotToUseTabs() {
    #expect(
      failure("a:\n\tb: 1\n") == """
        x.yml:2:1: error: YAML: found character that cannot start any token
          2 | \tb: 1
            | ^
          help: indent with spaces: YAML allows no tabs there

        """)
  }

  @Test(arguments: [
    ("a: b: c\n", "x.yml:1:5", "put a value that holds `: ` in quotes"),
    ("a: \"b\" c\n", "x.yml:1:8", "put the whole value in quotes"),
    ("a:\n  - b\n c: d\n", "x.yml:3:2", "check the indentation"),
    ("a: @b\n", "x.yml:1:4", "put a value that begins with `@` in quotes"),
    ("a: [1, 2\nb: 3\n", "x.yml:2:2", "close the bracket"),
    ("a: \"b\n", "x.yml:2:1", "a quote is opened and never closed"),
    ("a: \"\\d\"\n", "x.yml:1:5", "single quotes"),
    ("a: *b\n", "x.yml:1:4", "must stand further up"),
    ("x: &base 1\na: *bsae\n", "x.yml:2:4", "did you mean `base`?"),
    ("a: &a [*a]\n", "x.yml:1:8", "stands inside what it refers to"),
    ("a: !foo b\n", "x.yml:1:4", "the tag `!foo` isn't supported"),
    ("a: !!int b\n", "x.yml:1:4", "this isn't what its tag `!!int` says"),
    ("a: 99999999999999999999\n", "x.yml:1:4", "too large"),
    ("a: 2001-13-01\n", "x.yml:1:4", "looks like a date"),
    ("a: 1\n---\nb: 1\n", "x.yml:3:1", "a second document begins here"),
    ("<<: 3\n", "x.yml:1:5", "takes a dictionary"),
  ])
  func errorsHaveAPlaceAndSayWhatToDo(_ text: String, _ place: String, _ words: String) {
    let said = failure(text)
    #expect(said.hasPrefix(place + ": error: "))
    #expect(said.contains(words))
  }

  @Test func deepNestingIsAnErrorAndNoCrash() {
    #expect(failure(String(repeating: "[", count: 5000)).contains("error: YAML: nested too deeply"))
  }

  @Test func aBombOfAliasesIsReadAtOnce() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for number in 1...30 {
      let item = "*a\(number - 1)"
      text += "a\(number): &a\(number) [\(item), \(item), \(item), \(item), \(item)]\n"
    }
    _ = try read(text)
  }

  @Test func aByteOrderMarkDoesNotCount() throws {
    let path =
      FileManager.default.temporaryDirectory.path + "/bom-\(UInt64.random(in: 0 ... .max)).yml"
    try Data("\u{FEFF}a: 1\n".utf8).write(to: URL(filePath: path))
    #expect(try YAMLReader().read(path).plain == ["a": 1])
  }

  @Test func aMissingFileIsNamed() {
    do throws(Diagnostics) {
      _ = try YAMLReader().read("/nowhere/x.yml")
    } catch {
      #expect(error.all[0].message == "can't read /nowhere/x.yml: No such file or directory")
    }
  }
}
