package import Diagnostics
package import Documents
internal import OrderedCollections
package import Templates

internal import class FoundationEssentials.FileManager

/// Reads inventories: INI, YAML, JSON and TOML files, scripts, plugins' configurations, folders of
/// them, lists of hosts.
package struct InventoryReader: Sendable {
  /// Reads YAML files and decrypts what is vaulted.
  package var yaml: YAMLReader
  /// The plugins that may read sources, as `enable_plugins` names them.
  package var plugins: [InventoryPlugin] = InventoryPlugin.standard
  /// Where the expressions of the plugin `constructed` find files and the environment.
  package var resources: any TemplateResources = NoResources()
  /// How long a script may take, in seconds.
  package var scriptTimeLimit = 120

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
  static func folders(of sources: [String]) -> OrderedSet<String> {
    var folders: OrderedSet<String> = []
    for source in sources where !source.contains(",") {
      var path = source
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      if !isFolder(source) {
        path =
          path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
          ?? "."
      }
      folders.append(path)
    }
    return folders
  }

  static func isFolder(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
  }

  // MARK: Sources

  private func read(_ source: String, into inventory: inout Inventory) throws(Diagnostics) {
    let exists = FileManager.default.fileExists(atPath: source)
    if source.contains(","), !exists {
      return try readList(source, into: &inventory)
    }
    inventory.sources.append(source)
    guard exists else {
      throw Diagnostics(
        Diagnostic(
          .error, "there is no inventory \(source)",
          help: "give a file, a folder, or host names with a comma behind them: `\(source),`"))
    }
    if Self.isFolder(source) {
      try readFolder(source, into: &inventory)
    } else {
      try readFile(source, into: &inventory)
    }
  }

  private func readList(_ list: String, into inventory: inout Inventory) throws(Diagnostics) {
    let file = SourceFile(path: "<hosts>", text: list)
    let place = SourceRange(file: file, line: 1, column: 1)
    guard let plugin = plugins.first(where: { $0 == .hostList || $0 == .advancedHostList }) else {
      throw InventoryPlugin.disabled("a list of hosts", [.hostList], at: place)
    }
    for item in list.split(separator: ",") {
      let words = item.split(whereSeparator: \.isWhitespace)
      guard let name = words.first else { continue }
      let address = HostAddress(name)
      var names = [String(address.name)]
      if plugin == .advancedHostList {
        names = try HostRange.expand(address.name, at: place)
      }
      for name in names {
        inventory.addHost(name, port: address.port, to: "ungrouped", at: place)
      }
    }
  }

  private func readFolder(_ path: String, into inventory: inout Inventory) throws(Diagnostics) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var count = 0
    for name in names.sorted(by: bytewise) where !Self.isIgnored(name) {
      count += 1
      let inner = path.hasSuffix("/") ? path + name : path + "/" + name
      if Self.isFolder(inner) {
        try readFolder(inner, into: &inventory)
      } else {
        try readFile(inner, into: &inventory)
      }
    }
    if count == 0 {
      throw Diagnostics(
        Diagnostic(
          .error, "no inventory in the folder \(path)",
          help: "put one there; files like *.txt, *.md and *.cfg are passed over"))
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
}
