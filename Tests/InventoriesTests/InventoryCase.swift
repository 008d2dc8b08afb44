import Diagnostics
import Documents
import FoundationEssentials
import Inventories
import OrderedCollections
import Templates
import Testing
import Values

/// A folder with an inventory, and what ansible-inventory 2.19 makes of it.
struct InventoryCase: Sendable, CustomTestStringConvertible {
  static let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
  static let all: [InventoryCase] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder + "/Cases")
    return (names ?? []).sorted().map { InventoryCase(name: $0) }
  }()

  var name: String

  var testDescription: String { name }
  var path: String { "\(Self.folder)/Cases/\(name)" }

  /// What a file of the case holds, in lines; nil where it isn't there.
  func lines(_ file: String) -> [String]? {
    (try? DocumentFile.text("\(path)/\(file)"))?.split(separator: "\n").map(String.init)
  }

  /// What a recorded file holds.
  func recorded(_ file: String) throws -> Value {
    try YAMLReader().read("\(path)/\(file)").plain
  }

  /// The inventory as we read it, its sources named as seen from the case's folder.
  func inventory() throws -> Inventory {
    var passwords = VaultPasswords()
    let passwordFile = path + "/vault-password"
    if FileManager.default.fileExists(atPath: passwordFile) {
      try passwords.add(file: passwordFile)
    }
    let sources = lines("sources.txt") ?? ["hosts"]
    return try InventoryReader(YAMLReader(passwords: passwords)).read(
      sources.map { $0.contains(",") ? $0 : "\(path)/\($0)" })
  }
}

extension Inventory {
  /// What `ansible-inventory --list` would say, in a form that can be compared.
  var listing: Value {
    let tree = GroupTree(self)
    var hostvars: OrderedDictionary<String, Value> = [:]
    for host in hosts.keys.sorted() {
      var variables: OrderedDictionary<String, Value> = [:]
      for definition in definitions(of: host, tree) {
        for (name, expression) in definition.set.variables { variables[name] = expression.plain }
      }
      if !variables.isEmpty { hostvars[host] = Value.object(variables).sorted }
    }
    var listed: OrderedDictionary<String, Value> = [:]
    for group in groups.values {
      var parts: OrderedDictionary<String, Value> = [:]
      if !group.children.isEmpty { parts["children"] = .strings(group.children.sorted()) }
      let isAll = group.name == "all"
      if !group.hosts.isEmpty, !isAll { parts["hosts"] = .strings(group.hosts) }
      if !parts.isEmpty { listed[group.name] = .object(parts) }
    }
    return .object(["hostvars": .object(hostvars), "groups": Value.object(listed).sorted])
  }
}

extension Templates.Expression {
  /// The data as written, with templates as their text, and without marks.
  var plain: Value {
    switch self {
    case .literal(let value, _): value.unmarked()
    case .template(let template): .string(template.text)
    case .list(let items, _): .list(items.map(\.plain))
    case .dict(let entries, _):
      .dict(.init(entries.map { ($0.key.plain, $0.value.plain) }, uniquingKeysWith: { $1 }))
    }
  }
}

extension Value {
  /// With the keys of all dictionaries in order.
  var sorted: Value {
    switch self {
    case .dict(let dict):
      let pairs = dict.sorted { $0.key.debugDescription < $1.key.debugDescription }
      return .dict(.init(pairs.map { ($0.key, $0.value.sorted) }, uniquingKeysWith: { $1 }))
    case .list(let items): return .list(items.map(\.sorted))
    default: return self
    }
  }
}
