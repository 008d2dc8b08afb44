import Documents
import Execution
import Glibc
import Settings
import Templates
import Values

/// The templates that a rendering may name: given by name, or in folders.
struct SearchPath: TemplateResources {
  var folders: [String]
  /// Templates in memory, by their names.
  var sources: [String: String]
  var templates: TemplateCache { standard.templates }
  /// What everything else comes from.
  private let standard: RunResources

  init(folders: [String], sources: [String: String] = [:], wrapping standard: RunResources) {
    self.folders = folders
    self.sources = sources
    self.standard = standard
  }

  func locate(_ name: String, in folder: String) -> String? {
    if sources[name] != nil { return name }
    for base in folders {
      let path = base.hasSuffix("/") ? base + name : base + "/" + name
      if access(path, R_OK) == 0 { return path }
    }
    return sources.isEmpty ? standard.locate(name, in: folder) : nil
  }

  func read(_ path: String) throws(TemplateError) -> (bytes: [UInt8], isSecret: Bool) {
    if let text = sources[path] { return (Array(text.utf8), false) }
    return try standard.read(path)
  }

  func environment(_ name: String) -> String? { standard.environment(name) }

  func pipe(_ command: String) throws(TemplateError) -> String { try standard.pipe(command) }

  func fetch(_ query: WebQuery) throws(TemplateError) -> [UInt8] { try standard.fetch(query) }

  var settings: ConfiguredSettings { standard.settings }

  func runSecret(_ name: String, byteCount: Int) -> [UInt8] {
    standard.runSecret(name, byteCount: byteCount)
  }

  func hosts(matching pattern: String) throws(TemplateError) -> [String] { [] }

  func decrypt(_ vaultText: String) throws(TemplateError) -> String {
    try standard.decrypt(vaultText)
  }

  func parse(yaml text: String, all: Bool) throws(TemplateError) -> Value {
    try standard.parse(yaml: text, all: all)
  }

  func glob(_ pattern: String, in folder: String) throws(TemplateError) -> [String] {
    try standard.glob(pattern, in: folder)
  }
}

extension RunResources {
  /// Those of the working folder, without an inventory or passwords.
  static let standard = RunResources(
    search: FileSearch(roles: [], taskFolder: ".", playFolder: "."), secrets: RunSecrets(),
    passwords: VaultPasswords(),
    settings: (try? Settings.load().configured) ?? ConfiguredSettings()
  ) { _ in [] }
}
