import Diagnostics
import Documents
import FoundationEssentials
import Inventories
import OrderedCollections
import Synchronization
import Testing

@Suite struct InventoryErrorTests {
  /// Reads a text as the file `name`; what is said of it, errors and warnings.
  private func said(_ text: String, as name: String = "hosts") throws -> String {
    let random = UInt64.random(in: 0 ... .max)
    let folder = FileManager.default.temporaryDirectory.path + "/inventory-\(random)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    let words = Mutex("")
    let reader = YAMLReader { warning in
      words.withLock { $0 += DiagnosticRenderer().render(warning) }
    }
    do throws(Diagnostics) {
      _ = try InventoryReader(reader).read([folder + "/" + name])
    } catch {
      for one in error.all { words.withLock { $0 += DiagnosticRenderer().render(one) } }
    }
    return words.withLock { $0 }.replacing(folder + "/", with: "")
  }

  @Test func allErrorsOfAnINIFileAreSaidAtOnce() throws {
    #expect(
      try said("[web]\nw1 x\n  w2 a=1 y=\"b\n[web:cildren]\n[db:vars]\n[top:children]\nweb\nwbe\n")
        == """
        hosts:2:4: error: `x` isn't a variable
          2 | w1 x
            |    ^
          help: write `name=value`, with quotes around values with spaces
        hosts:3:12: error: a quote is opened and never closed
          3 |   w2 a=1 y="b
            |            ^
          help: close the quote
        hosts:4:1: error: `[web:cildren]`: there are no sections of the kind `cildren`
          4 | [web:cildren]
            | ^~~~~~~~~~~~~
          help: did you mean `children`?
        hosts:5:1: error: there is no group `db` that `vars` could be of
          5 | [db:vars]
            | ^~~~~~~~~
          help: add a section `[db]`, even if it's empty
        hosts:8:1: error: there is no group `wbe` that `children` could be of
          8 | wbe
            | ^~~
          help: did you mean `web`?

        """)
  }

  @Test(arguments: [
    ("w[3:1]\n", "hosts:1:1", "ends before it begins"),
    ("w[01:5]\n", "hosts:1:1", "the same number of digits"),
    ("w[1:9:0]\n", "hosts:1:1", "must be a number above 0"),
    ("w[1:2\n", "hosts:1:1", "`[` without `]`"),
    ("w[1:99999999]\n", "hosts:1:1", "too many hosts"),
    ("[a b]\nx\n", "hosts:1:1", "isn't a section"),
    ("web: x\n", "hosts:1:1", "a host can't end in `:`"),
    ("[a:children]\nb\n[b:children]\na\n", "hosts:4:1", "can't be a child"),
    ("[a]\nb\n[a:vars]\nansible_group_priority=high\n", "hosts:4:24", "must be a whole number"),
  ])
  func errorsHaveAPlace(_ text: String, _ place: String, _ words: String) throws {
    let said = try said(text)
    #expect(said.hasPrefix(place + ": error: "), "\(said)")
    #expect(said.contains(words), "\(said)")
  }

  @Test(arguments: [
    ("plugin: aws_ec2\n", "x.yml:1:9: error: the inventory plugin `aws_ec2` isn't supported"),
    ("- a\n", "x.yml:1:1: error: an inventory in YAML is a dictionary of groups"),
    ("all:\n  hosts:\n    - a\n", "x.yml:3:5: error: `hosts` must be a dictionary, not a list"),
    ("all:\n  hosts:\n    1:\n", "x.yml:3:5: error: a host's name must be text"),
    ("all:\n  hots:\n", "x.yml:2:3: warning: the key `hots` of the group `all` is passed over"),
    ("a:\n  children:\n    a:\n", "x.yml:3:5: error: the group `a` can't be a child of `a`"),
  ])
  func errorsInYAMLHaveAPlace(_ text: String, _ words: String) throws {
    let said = try said(text, as: "x.yml")
    #expect(said.hasPrefix(words), "\(said)")
  }

  @Test func filesForGroupsThatARunAddsAreKept() throws {
    let random = UInt64.random(in: 0 ... .max)
    let folder = FileManager.default.temporaryDirectory.path + "/inventory-\(random)"
    for (name, text) in [
      ("group_vars/Debian.yml", "x: 1\n"), ("host_vars/new", "y: 2\n"), ("hosts", "a\n"),
      ("group_vars/broken.yml", "x: [\n"),
    ] {
      let path = folder + "/" + name
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(
        atPath: "/" + parent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
    }
    let warnings = Mutex(0)
    let reader = YAMLReader { _ in warnings.withLock { $0 += 1 } }
    var inventory = try InventoryReader(reader).read([folder + "/hosts"])
    #expect(warnings.withLock { $0 } == 1)
    inventory.addHost("new", to: "Debian", at: .synthesized("add_host"))
    inventory.complete()
    let found = inventory.definitions(of: "new", GroupTree(inventory))
    #expect(found.map { Array($0.set.variables.keys) } == [["x"], ["y"]])
  }

  @Test func aMissingSourceIsNamed() {
    #expect(throws: Diagnostics.self) { try InventoryReader().read(["/nowhere/hosts"]) }
  }

  // MARK: Patterns

  private let inventory: Inventory = {
    var inventory = Inventory()
    for name in ["web1", "web2"] { inventory.addHost(name, to: "web", at: .synthesized("test")) }
    inventory.addHost("db1", to: "database", at: .synthesized("test"))
    inventory.complete()
    return inventory
  }()

  private func selection(_ text: String) throws -> (hosts: [String], said: String) {
    let file = SourceFile(path: "site.yml", text: "- hosts: \(text)\n")
    let range = SourceRange(file: file, line: 1, column: 10)
    let selection = try HostPattern(text, at: range).hosts(in: inventory, GroupTree(inventory))
    let said = selection.diagnostics.map { DiagnosticRenderer().render($0) }.joined()
    return (Array(selection.hosts), said)
  }

  @Test func unknownNamesAreErrorsThatListWhatThereIs() throws {
    let (hosts, said) = try selection("wbe:db1")
    #expect(hosts == ["db1"])
    #expect(
      said == """
        site.yml:1:10: error: there is no host or group `wbe` in the inventory
          1 | - hosts: wbe:db1
            |          ^
          help: did you mean `web`?

        """)
    #expect(
      try selection("planes").said.contains("it has 3 hosts and the groups database, web"))
    #expect(try selection("web:db1,web1").said.contains("either by commas or by colons"))
  }

  @Test func whatOnlyExcludesIsAWarning() throws {
    let (hosts, said) = try selection("web:!nobody")
    #expect(hosts == ["web1", "web2"])
    #expect(said.hasPrefix("site.yml:1:10: warning: `nobody` matches no host and no group"))
    #expect(try selection("x*").said.hasPrefix("site.yml:1:10: warning: "))
  }

  @Test func aWrongRegularExpressionIsAnError() throws {
    #expect(try selection("~web(").said.contains("`~web(` isn't a regular expression"))
  }

  @Test func aFileHoldsPatterns() throws {
    let path =
      FileManager.default.temporaryDirectory.path + "/retry-\(UInt64.random(in: 0 ... .max))"
    try Data("web1\n# no\n\ndb1\n".utf8).write(to: URL(filePath: path))
    #expect(try selection("@" + path).hosts == ["web1", "db1"])
    #expect(throws: Diagnostics.self) { try selection("@/nowhere/at/all") }
  }

  @Test func localhostIsThereWithoutAnyInventory() throws {
    #expect(try selection("localhost").hosts == ["localhost"])
    #expect(try selection("localhost").said.isEmpty)
  }
}
