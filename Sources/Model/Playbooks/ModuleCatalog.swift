/// Which modules there are; the command lends it, as modules are declared above this target.
package struct ModuleCatalog: Sendable {
  /// Every name, for suggestions.
  package var names: [String]
  /// Whether a task may name it, with or without its collection.
  package var isModule: @Sendable (String) -> Bool
  /// Whether it may be given bare text: `command: ls -l`.
  package var takesFreeForm: @Sendable (String) -> Bool

  package init(
    names: [String], isModule: @escaping @Sendable (String) -> Bool,
    takesFreeForm: @escaping @Sendable (String) -> Bool
  ) {
    self.names = names
    self.isModule = isModule
    self.takesFreeForm = takesFreeForm
  }

  /// The name without `ansible.builtin.` or `ansible.legacy.`.
  package static func shortName(_ name: String) -> String {
    for prefix in ["ansible.builtin.", "ansible.legacy."] where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.count))
    }
    return name
  }

  /// What the reader and the executor do themselves: no module of a host.
  package static let structural: Set<String> = [
    "include_tasks", "include_role", "import_tasks", "import_role", "meta",
  ]

  /// Modules whose text is a command line; only these options are taken out of it.
  static let commandLines: Set<String> = ["command", "shell", "raw", "script", "expect"]
  static let commandLineOptions: Set<String> = [
    "creates", "removes", "chdir", "executable", "stdin", "stdin_add_newline",
    "strip_empty_ends",
  ]

  func knows(_ name: String) -> Bool {
    Self.structural.contains(Self.shortName(name)) || isModule(name)
  }

  func takesText(_ name: String) -> Bool {
    Self.structural.contains(Self.shortName(name)) || takesFreeForm(name)
  }
}
