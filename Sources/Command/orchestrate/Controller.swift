import Diagnostics
import Documents
import Execution
import Glibc
import Inventories
import Settings
import Templates
import Values
import Variables

/// What every command that reads an inventory sets up first: settings, passwords, hosts, variables.
struct Controller {
  var settings: Settings
  var reader: YAMLReader
  var inventory: Inventory
  /// The inventory's sources, as given or configured.
  var sources: [String]
  var extra: VariableLayer?
  let redactor = Redactor()

  /// Reads all of it; throws everything that is wrong.
  ///
  /// - Parameter playbook: its folder's `group_vars` and `host_vars` are read, too.
  /// - Parameter playbookFolder: The folder itself, where there is no playbook.
  init(
    _ arguments: InventoryArguments, playbook: String? = nil, playbookFolder: String? = nil
  ) throws(Diagnostics) {
    settings = try Settings.load()
    for warning in settings.warnings { Self.show(warning) }
    reader = YAMLReader(passwords: try Self.passwords(arguments, settings)) { Self.show($0) }
    sources = arguments.inventory.isEmpty ? settings.inventory : arguments.inventory
    guard !sources.isEmpty else {
      throw Diagnostics(
        Diagnostic(
          .error, "there is no inventory",
          help: "name one with -i, or in ansible.cfg: `inventory = PATH` under [defaults]"))
    }
    var inventories = InventoryReader(reader)
    if !settings.inventoryPlugins.isEmpty {
      inventories.plugins = settings.inventoryPlugins.compactMap { InventoryPlugin(name: $0) }
    }
    inventory = try inventories.read(sources)
    if let folder = playbook.map({ Self.folder(of: $0) }) ?? playbookFolder {
      try inventories.addVariables(besidePlaybook: folder, to: &inventory)
    }
    extra = try ExtraVariables.layer(
      arguments.extraVars, reader: reader, merges: settings.hashBehaviour == "merge")
  }

  private static func passwords(
    _ arguments: InventoryArguments, _ settings: Settings
  ) throws(Diagnostics) -> VaultPasswords {
    try VaultPasswordSources(
      ids: arguments.vaultIDs, files: arguments.vaultPasswordFiles,
      asks: arguments.asksVaultPassword, settings
    ).passwords()
  }

  /// Makes the variables of a run over the inventory.
  func store(_ context: RunContext, _ defaults: ConnectionDefaults) -> RunStore {
    var context = context
    context.extra = extra
    context.mergesDictionaries = settings.hashBehaviour == "merge"
    context.configurationFile = settings.path.map(Self.absolute)
    context.settings = settings.configured
    context.python = Self.python ?? context.python
    return RunStore(
      inventory, context: context, defaults: defaults, reader: reader, redactor: redactor)
  }

  /// The `python3` that the shell would find; nil where there is none.
  private static var python: String? {
    guard let folders = getenv("PATH") else { return nil }
    return String(cString: folders).split(separator: ":").lazy.map { "\($0)/python3" }
      .first { access($0, X_OK) == 0 }
  }

  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// The path from the root.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    let base = String(cString: folder)
    return path == "." ? base : base + "/" + path
  }

  static func show(_ diagnostic: Diagnostic) {
    TextFile.standardError(DiagnosticRenderer().render(diagnostic))
  }
}
