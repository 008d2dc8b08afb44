package import Hosts

/// A module with its state hidden: what the executor holds.
package struct AnyModule: Sendable {
  package let documentation: ModuleDocumentation
  /// The probe, with `diff` behind it.
  package let probe: Probe<Change>
  package let waiting: Waiting?
  package let waitsForConnection: Bool

  package init<M: Module>(_ module: M) {
    documentation = M.documentation
    probe = module.probe.map { (state) throws(HostError) in module.diff(from: state) }
    waiting = module.waiting
    waitsForConnection = module.waitsForConnection
  }
}

/// Modules by the names that tasks use.
package struct ModuleRegistry: Sendable {
  package struct Entry: Sendable {
    package let documentation: ModuleDocumentation
    package let make: @Sendable (Arguments) throws(ArgumentError) -> AnyModule
  }

  /// In the order of registration.
  package private(set) var entries: [Entry] = []
  private var byName: [String: Int] = [:]

  package init() {}

  package mutating func register<M: Module>(_ type: M.Type) {
    let documentation = type.documentation
    for name in [documentation.name] + documentation.aliases { byName[name] = entries.count }
    entries.append(
      Entry(documentation: documentation) { (arguments) throws(ArgumentError) in
        AnyModule(try M(arguments))
      })
  }

  /// The module that a task's key names; `ansible.builtin.`, `ansible.legacy.`, `ansible.posix.`,
  /// `community.general.` and `orchestrate.` in front are the same module.
  package subscript(name: String) -> Entry? {
    byName[Self.bareName(name)].map { entries[$0] }
  }

  package var names: [String] { byName.keys.sorted() }

  package static func bareName(_ name: String) -> String {
    for prefix in [
      "ansible.builtin.", "ansible.legacy.", "ansible.posix.", "community.general.", "orchestrate.",
    ] where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.count))
    }
    return name
  }
}
