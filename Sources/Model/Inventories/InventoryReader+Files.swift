package import Diagnostics
internal import Documents
internal import Templates
internal import Values

internal import class FoundationEssentials.FileManager

extension InventoryReader {
  /// The inventory of one text in INI.
  package func read(ini text: String) throws(Diagnostics) -> Inventory {
    var inventory = Inventory()
    inventory.addGroup("all", at: .synthesized("inventory"))
    inventory.addGroup("ungrouped", at: .synthesized("inventory"))
    try INIInventory.read(SourceFile(path: "<hosts>", text: text), into: &inventory)
    inventory.complete()
    return inventory
  }

  /// Reads a file by the plugin that is for it: by its suffix, by how it begins, else as INI.
  func readFile(_ path: String, into inventory: inout Inventory) throws(Diagnostics) {
    if FileManager.default.isExecutableFile(atPath: path), try Self.isProgram(path) {
      try require(.script, for: "an executable file", path)
      return try InventoryScript(path: path, timeLimit: scriptTimeLimit, yaml: yaml)
        .read(into: &inventory)
    }
    let text = try DocumentFile.text(path)
    let file = SourceFile(path: path, text: text)
    let kind = suffix(of: path.split(separator: "/").last.map(String.init) ?? path)
    if kind == ".toml" {
      try require(.toml, for: "a TOML file", path)
      let document = try TOMLReader.read(file)
      if case .dict(let entries, let range) = document, entries.isEmpty {
        throw Self.empty(range)
      }
      return try YAMLInventory.read(document, .toml, into: &inventory, warn: yaml.warn)
    }
    if [".yml", ".yaml", ".json", ".config"].contains(kind) || Vault.isVaulted(text)
      || Self.looksLikeYAML(text)
    {
      return try readYAML(file, into: &inventory)
    }
    try require(.ini, for: "an INI file", path)
    try INIInventory.read(file, into: &inventory)
  }

  /// Reads groups, or what a plugin is told.
  private func readYAML(
    _ file: SourceFile, into inventory: inout Inventory
  ) throws(Diagnostics) {
    let document: Expression
    do throws(Diagnostics) {
      document = try yaml.read(path: file.path, text: file.text)
    } catch {
      throw Self.hint(error, file)
    }
    if case .literal(.null, let range) = document {
      if file.text.split(whereSeparator: \.isNewline).allSatisfy(Self.isBlank) { return }
      throw Self.empty(range)
    }
    if case .dict(let entries, _) = document,
      let plugin = entries.first(where: { $0.key.text == "plugin" })
    {
      return try PluginInventory(configuration: document, reader: self)
        .read(plugin, into: &inventory)
    }
    try require(.yaml, for: "a YAML file", file.path)
    try YAMLInventory.read(document, .yaml, into: &inventory, warn: yaml.warn)
  }

  // MARK: Kinds

  /// Whether an executable file is a script or a binary; others are data that may be executed.
  private static func isProgram(_ path: String) throws(Diagnostics) -> Bool {
    let start = try DocumentFile.bytes(path).prefix(4)
    return start.starts(with: Array("#!".utf8)) || start.starts(with: [0x7F, 0x45, 0x4C, 0x46])
  }

  /// Whether the first line with content can only be YAML: `---`, `{` or `all:`.
  private static func looksLikeYAML(_ text: String) -> Bool {
    for line in InventoryLines(text) {
      let content = line.split(separator: "#", omittingEmptySubsequences: false)[0]
        .drop(while: \.isWhitespace)
      guard let first = content.first, first != ";" else { continue }
      if content.hasPrefix("---") || first == "{" { return true }
      let end = content.lastIndex { !$0.isWhitespace } ?? content.startIndex
      return first != "[" && content[end] == ":" && !content[..<end].contains(where: \.isWhitespace)
    }
    return false
  }

  private static func isBlank(_ line: Substring) -> Bool {
    let first = line.first { !$0.isWhitespace }
    return first == nil || first == "#"
  }

  private func require(
    _ plugin: InventoryPlugin, for what: String, _ path: String
  ) throws(Diagnostics) {
    if plugins.contains(plugin) { return }
    let place = SourceRange(file: SourceFile(path: path, text: ""), line: 1, column: 1)
    throw InventoryPlugin.disabled(what, [plugin], at: place)
  }

  private static func empty(_ range: SourceRange) -> Diagnostics {
    Diagnostics(
      Diagnostic(
        .error, "there are no groups in this inventory", at: range,
        help: "write hosts into it, or name another with -i"))
  }

  /// Says so where an INI file has the suffix of YAML.
  private static func hint(_ error: Diagnostics, _ file: SourceFile) -> Diagnostics {
    let first = file.text.split(whereSeparator: \.isNewline).first { !isBlank($0) }
    guard first?.first == "[", first?.last == "]", var diagnostic = error.all.first else {
      return error
    }
    diagnostic.help = "if this is INI, name the file without \(suffix(of: file.path))"
    return Diagnostics(diagnostic)
  }
}
