import Diagnostics
import Inventories
import OrderedCollections
import Testing
import Values

@Suite struct RecordedInventoryTests {
  @Test func thereAreCases() {
    #expect(InventoryCase.all.count >= 300)
  }

  @Test(.timeLimit(.minutes(2)), arguments: InventoryCase.all)
  func saysWhatAnsibleInventorySays(_ testCase: InventoryCase) throws {
    let recorded = testCase.recorded
    if testCase.isTakenHere {
      #expect(recorded == .null)
      _ = try testCase.inventory()
      return
    }
    guard recorded != .null, !testCase.isRefusedHere else {
      #expect(throws: Diagnostics.self) { try testCase.inventory() }
      return
    }
    let inventory = try testCase.inventory()
    var listing = InventoryListing(inventory, GroupTree(inventory))
    listing.showsSecrets = true
    #expect(listing.scriptForm.differences(from: recorded["list"]) == [])
    // Ansible's tree of a vaulted value without a password is an error.
    if let graph = recorded["graph"]?.description, !graph.isEmpty {
      #expect(listing.graph(withVariables: true).rows.differences(from: graph.rows) == [])
    }
    if case .dict(let hosts)? = recorded["hosts"] {
      // Of some names Ansible's `--host` makes a pattern.
      for (host, variables) in hosts where variables != .null {
        let own = listing.variables(ofHost: host.description)
        #expect(own.differences(from: variables) == [], "\(host)")
      }
    }
    listing.isExport = true
    #expect(listing.scriptForm.differences(from: recorded["export"]) == [])
  }

  @Test(arguments: InventoryCase.all.filter { $0.lines("patterns") != nil })
  func choosesTheHostsThatAnsibleChooses(_ testCase: InventoryCase) throws {
    let inventory = try testCase.inventory()
    let tree = GroupTree(inventory)
    guard case .list(let rows)? = testCase.recorded["patterns"] else { return }
    for row in rows {
      guard case .list(let pair) = row, case .string(let text) = pair[0] else { continue }
      let pattern = try HostPattern(text, at: .synthesized("test"))
      let hosts = pattern.hosts(in: inventory, tree).hosts
      #expect(Value.strings(hosts) == pair[1], "\(text)")
    }
  }
}

extension String {
  /// The lines as a list.
  fileprivate var rows: Value { .strings(split(separator: "\n").map(String.init)) }
}

extension Value {
  /// What is here and not there, and the other way round; a line each, with the way to it.
  func differences(from other: Value?) -> [String] {
    let other = other?.lines ?? []
    let own = lines
    return own.subtracting(other).sorted().map { "ours \($0)" }
      + other.subtracting(own).sorted().map { "Ansible's \($0)" }
  }

  /// A line for each scalar in the value with the way to it.
  private var lines: Set<String> {
    var lines: Set<String> = []
    func add(_ value: Value, _ path: String) {
      switch value {
      case .dict(let dict) where Self.isHarmless(dict["__ansible_unsafe"]):
        add(dict["__ansible_unsafe"] ?? .null, path)
      case .dict(let dict) where !dict.isEmpty:
        for (key, inner) in dict { add(inner, path + "/" + key.description) }
      case .list(let items) where !items.isEmpty:
        for (index, item) in items.enumerated() { add(item, path + "/\(index)") }
      default: lines.insert(path + " = " + value.debugDescription)
      }
    }
    add(self, "")
    return lines
  }

  /// Whether this is text that nobody takes for a template, whether it is marked as unsafe or not.
  private static func isHarmless(_ value: Value?) -> Bool {
    guard case .string(let text)? = value else { return false }
    return !["{{", "{%", "{#"].contains { text.contains($0) }
  }
}
