package import Diagnostics
package import Documents
internal import Glibc
internal import OrderedCollections
internal import Templates
internal import Values

internal import class FoundationEssentials.FileManager

/// Reads inventories: INI, YAML and JSON files, folders of them, lists of hosts.
package struct InventoryReader: Sendable {
  /// Reads YAML files and decrypts what is vaulted.
  package var yaml: YAMLReader

  package init(_ yaml: YAMLReader = YAMLReader()) { self.yaml = yaml }

  /// The inventory of several sources, the later of which override the earlier.
  ///
  /// A source is a path, or host names with a comma: `a,b,` or `a,`.
  package func read(_ sources: [String]) throws(Diagnostics) -> Inventory {
    var inventory = Inventory()
    inventory.addGroup("all", at: .synthesized("inventory"))
    inventory.addGroup("ungrouped", at: .synthesized("inventory"))
    for source in sources { try read(source, into: &inventory) }
    inventory.complete()
    for folder in Self.folders(of: sources) {
      try VariableFolders(folder: folder, origin: .besideInventory, reader: yaml)
        .read(into: &inventory)
    }
    return inventory
  }

  /// Adds `group_vars/` and `host_vars/` beside a playbook, which override the inventory's.
  package func addVariables(
    besidePlaybook folder: String, to inventory: inout Inventory
  ) throws(Diagnostics) {
    // The same files again would say the same.
    if Self.folders(of: inventory.sources).contains(folder) { return }
    try VariableFolders(folder: folder, origin: .besidePlaybook, reader: yaml)
      .read(into: &inventory)
  }

  /// The folders beside the sources, each once.
  private static func folders(of sources: [String]) -> OrderedSet<String> {
    var folders: OrderedSet<String> = []
    for source in sources where !source.contains(",") {
      var isDirectory = false
      _ = FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory)
      var path = source
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      if !isDirectory {
        path =
          path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
          ?? "."
      }
      folders.append(path)
    }
    return folders
  }

  // MARK: Sources

  private func read(_ source: String, into inventory: inout Inventory) throws(Diagnostics) {
    if source.contains(","), access(source, F_OK) != 0 {
      return try readList(source, into: &inventory)
    }
    inventory.sources.append(source)
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory) else {
      throw Diagnostics(
        Diagnostic(
          .error, "there is no inventory \(source)",
          help: "give a file, a folder, or host names with a comma behind them: `\(source),`"))
    }
    if isDirectory {
      try readFolder(source, into: &inventory)
    } else {
      try readFile(source, into: &inventory)
    }
  }

  private func readList(_ list: String, into inventory: inout Inventory) throws(Diagnostics) {
    let file = SourceFile(path: "<hosts>", text: list)
    let place = SourceRange(file: file, line: 1, column: 1)
    for item in list.split(separator: ",") {
      let name = item.drop { $0 == " " }.prefix { $0 != " " }
      if name.isEmpty { continue }
      let address = HostAddress(name)
      inventory.addHost(String(address.name), to: "ungrouped", at: place)
      guard let port = address.port else { continue }
      let variables: OrderedDictionary = ["ansible_port": Expression.literal(.int(port), place)]
      inventory.add(VariableSet(variables, at: place), toHost: String(address.name))
    }
  }

  private func readFolder(_ path: String, into inventory: inout Inventory) throws(Diagnostics) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names.sorted(by: bytewise) where !Self.isIgnored(name) {
      let inner = path.hasSuffix("/") ? path + name : path + "/" + name
      var isDirectory = false
      _ = FileManager.default.fileExists(atPath: inner, isDirectory: &isDirectory)
      if isDirectory {
        try readFolder(inner, into: &inventory)
      } else {
        try readFile(inner, into: &inventory)
      }
    }
  }

  /// What Ansible passes over in a folder: variables' folders, hidden files, other kinds of files.
  private static func isIgnored(_ name: String) -> Bool {
    let suffixes = [
      ".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg",
      ".retry",
    ]
    return name.hasPrefix(".") || ["group_vars", "host_vars", "vars_plugins"].contains(name)
      || suffixes.contains { name.hasSuffix($0) }
  }

  private func readFile(_ path: String, into inventory: inout Inventory) throws(Diagnostics) {
    let text = try DocumentFile.text(path)
    let start = SourceRange(file: SourceFile(path: path, text: text), line: 1, column: 1)
    let kind = suffix(of: path.split(separator: "/").last.map(String.init) ?? path)
    if text.hasPrefix("#!") || text.hasPrefix("\u{7F}ELF") {
      throw Diagnostics(
        Diagnostic(
          .error, "inventory scripts aren't supported yet", at: start,
          help: "run it and save what it says, for instance with `ansible-inventory --list --yaml`")
      )
    }
    if kind == ".toml" {
      throw Diagnostics(
        Diagnostic(
          .error, "inventories in TOML aren't supported", at: start,
          help: "write it as YAML or INI"))
    }
    if [".yml", ".yaml", ".json"].contains(kind) || Vault.isVaulted(text)
      || Self.looksLikeYAML(text)
    {
      let document = try yaml.read(path: path, text: text)
      if case .literal(.null, _) = document { return }
      try YAMLInventory.read(document, into: &inventory, warn: yaml.warn)
    } else {
      try INIInventory.read(start.file, into: &inventory)
    }
  }

  /// Whether the first line with content can only be YAML: `---`, `{` or `all:`.
  private static func looksLikeYAML(_ text: String) -> Bool {
    for line in text.split(whereSeparator: \.isNewline) {
      let content = line.split(separator: "#", omittingEmptySubsequences: false)[0]
        .drop(while: \.isWhitespace)
      guard let first = content.first, first != ";" else { continue }
      if content.hasPrefix("---") || first == "{" { return true }
      let end = content.lastIndex { !$0.isWhitespace } ?? content.startIndex
      return first != "[" && content[end] == ":" && !content[..<end].contains(where: \.isWhitespace)
    }
    return false
  }
}
