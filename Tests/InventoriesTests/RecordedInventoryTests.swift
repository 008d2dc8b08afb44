import Diagnostics
import Documents
import Inventories
import OrderedCollections
import Templates
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

  @Test(arguments: InventoryCase.all.filter { $0.lines("also") != nil })
  func saysTheSameInOtherForms(_ testCase: InventoryCase) throws {
    let inventory = try testCase.inventory()
    for line in testCase.lines("also") ?? [] {
      // What Ansible has no answer to is told of in InventoryFormTests.
      guard let recorded = testCase.recorded["also"]?[line], recorded != .null else { continue }
      let said = try InventoryQuestion(line).answer(inventory)
      let expected = line.contains("--yaml") ? recorded.withoutVaultedText : recorded
      #expect(said.differences(from: expected) == [], "\(line)")
    }
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

/// Arguments of ansible-inventory.
private struct InventoryQuestion {
  private let words: [String]

  init(_ line: String) { words = line.split(separator: " ").map(String.init) }

  private func value(of option: String) -> String? {
    words.firstIndex(of: option).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
  }

  /// What we say, as data; a tree as text.
  func answer(_ inventory: Inventory) throws -> Value {
    let tree = GroupTree(inventory)
    var listing = InventoryListing(inventory, tree)
    listing.isExport = words.contains("--export")
    listing.showsSecrets = true
    if let limit = value(of: "--limit") {
      let pattern = try HostPattern(limit, at: .synthesized("test"))
      listing.limit = pattern.hosts(in: inventory, tree).hosts
    }
    if words.contains("--graph") {
      let group = value(of: "--graph").flatMap { $0.hasPrefix("-") ? nil : $0 } ?? "all"
      return .string(listing.graph(from: group, withVariables: words.contains("--vars")))
    }
    let host = value(of: "--host").map { listing.variables(ofHost: $0) }
    if words.contains("--yaml") {
      var writer = YAMLWriter()
      writer.writesVaults = true
      let text = writer.text(host ?? listing.nestedForm)
      return try YAMLReader().read(path: "x.yml", text: text).written
    }
    if words.contains("--toml") {
      let text = try TOMLWriter.text(host ?? listing.tableForm)
      return try TOMLReader.read(SourceFile(path: "x.toml", text: text)).written
    }
    return try Value(json: (host ?? listing.scriptForm).json())
  }
}

extension Templates.Expression {
  /// The data, with templates and vaulted text as they are written.
  fileprivate var written: Value {
    switch self {
    case .literal(let value, _): value
    case .template(let template) where template.options.marks.contains(.secret):
      ["__ansible_vault": "not decrypted"]
    case .template(let template): .string(template.text)
    case .list(let items, _): .list(items.map(\.written))
    case .dict(let entries, _):
      .dict(.init(entries.map { ($0.key.written, $0.value.written) }, uniquingKeysWith: { $1 }))
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

  /// As YAML is read again without a password: that something is vaulted is all that is known.
  fileprivate var withoutVaultedText: Value {
    switch self {
    case .list(let items): .list(items.map(\.withoutVaultedText))
    case .dict(let dict) where dict.keys.elementsEqual(["__ansible_vault"]):
      ["__ansible_vault": "not decrypted"]
    case .dict(let dict):
      .dict(.init(dict.map { ($0.key, $0.value.withoutVaultedText) }, uniquingKeysWith: { $1 }))
    default: self
    }
  }

  /// Whether this is text that nobody takes for a template, whether it is marked as unsafe or not.
  private static func isHarmless(_ value: Value?) -> Bool {
    guard case .string(let text)? = value else { return false }
    return !["{{", "{%", "{#"].contains { text.contains($0) }
  }
}
