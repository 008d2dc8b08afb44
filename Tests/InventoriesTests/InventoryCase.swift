import Diagnostics
import Documents
import FoundationEssentials
import Inventories
import OrderedCollections
import Templates
import Testing
import Values

/// An inventory in a folder, and what ansible-inventory 2.19 makes of it.
struct InventoryCase: Sendable, CustomTestStringConvertible {
  /// Where the cases are: folders, and topics with many cases in one file.
  static let folder =
    "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Cases"

  static let all: [InventoryCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().flatMap { name -> [InventoryCase] in
      if name.hasSuffix(".json") { return [] }
      return name.hasSuffix(".txt") ? InventoryTopic(folder + "/" + name).cases : [.folder(name)]
    }
  }()

  var name: String
  /// The case's folder where it has one, and no files of a topic.
  private(set) var path: String?
  /// A topic's files by their paths.
  var files: [String: String] = [:]
  /// What Ansible makes of it; null where it refuses.
  var recorded: Value
  /// Whether we refuse on purpose what Ansible takes.
  var isRefusedHere = false
  /// Whether we take on purpose what Ansible refuses.
  var isTakenHere = false

  var testDescription: String { name }

  init(name: String, files: [String: String], recorded: Value, isRefusedHere: Bool) {
    self.name = name
    self.files = files
    self.recorded = recorded
    self.isRefusedHere = isRefusedHere
  }

  private static func folder(_ name: String) -> InventoryCase {
    let path = folder + "/" + name
    let text = (try? DocumentFile.text(path + "/expected.json")) ?? ""
    var one = InventoryCase(
      name: name, files: [:], recorded: (try? Value(json: text)) ?? "unreadable",
      isRefusedHere: false)
    one.path = path
    return one
  }

  /// The lines of a file with a meaning: `sources`, `patterns`, `also`, `environment`.
  func lines(_ file: String) -> [String]? {
    let text = files[file] ?? path.flatMap { try? DocumentFile.text("\($0)/\(file).txt") }
    return text?.split(separator: "\n").map(String.init)
  }

  /// The inventory as we read it.
  func inventory() throws -> Inventory {
    if let path { return try inventory(in: path) }
    let random = UInt64.random(in: 0 ... .max)
    let path = FileManager.default.temporaryDirectory.path + "/inventory-\(random)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (name, text) in files {
      let file = path + "/" + name
      let parent = file.split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(
        atPath: "/" + parent, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: file))
      if text.hasPrefix("#!") {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
      }
    }
    return try inventory(in: path)
  }

  /// The inventory of the case's sources, named as seen from a folder.
  private func inventory(in folder: String) throws -> Inventory {
    var passwords = VaultPasswords()
    let passwordFile = folder + "/vault-password"
    if FileManager.default.fileExists(atPath: passwordFile) {
      try passwords.add(file: passwordFile)
    }
    let sources = lines("sources") ?? ["hosts"]
    var reader = InventoryReader(YAMLReader(passwords: passwords))
    for line in lines("environment") ?? [] {
      guard line.hasPrefix("ANSIBLE_INVENTORY_ENABLED=") else { continue }
      let names = line.split(separator: "=")[1].split(separator: ",")
      reader.plugins = names.compactMap { InventoryPlugin(name: String($0)) }
    }
    return try reader.read(
      sources.map { $0.contains(",") ? $0 : "\(folder)/\($0)" })
  }
}

/// Cases in one file; what it looks like is told by Scripts/record-inventories/inventories.py.
struct InventoryTopic {
  let cases: [InventoryCase]

  init(_ path: String) {
    let text = (try? DocumentFile.text(path)) ?? ""
    let topic = path.split(separator: "/").last?.dropLast(".txt".count) ?? ""
    let json = (try? DocumentFile.text(path.dropLast(".txt".count) + ".json")) ?? ""
    let records = (try? Value(json: json)) ?? .null
    cases = Self.parts(text, at: "=== ").map { title, body in
      let words = title.split(separator: " ")
      let name = String(words.first ?? "")
      let files = Self.parts(body, at: "--- ")
      var one = InventoryCase(
        name: "\(topic)/\(name)", files: Dictionary(files, uniquingKeysWith: { $1 }),
        recorded: records[name]?["result"] ?? "not recorded: run Scripts/record-inventories",
        isRefusedHere: words.contains("(refused)"))
      one.isTakenHere = words.contains("(taken)")
      return one
    }
  }

  /// The parts of a text that begin with lines like `=== title`.
  private static func parts(_ text: String, at mark: String) -> [(String, String)] {
    ("\n" + text).components(separatedBy: "\n" + mark).dropFirst().map { part in
      guard let end = part.firstIndex(of: "\n") else { return (part, "") }
      let body = String(part[part.index(after: end)...])
      return (String(part[..<end]), body.isEmpty || body.hasSuffix("\n") ? body : body + "\n")
    }
  }
}

extension String {
  /// Foundation's method of that name without Foundation; by scalars, as `\r\n` is one character.
  func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(self).utf8
    let mark = Array(separator.utf8)
    var current = rest.startIndex
    var index = rest.startIndex
    while index < rest.endIndex {
      if rest[index...].starts(with: mark) {
        parts.append(String(rest[current..<index]) ?? "")
        index = rest.index(index, offsetBy: mark.count)
        current = index
      } else {
        index = rest.index(after: index)
      }
    }
    parts.append(String(rest[current...]) ?? "")
    rest = rest[current...]
    return parts
  }
}
