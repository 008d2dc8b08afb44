internal import Diagnostics

/// Ansible's inventory plugins that are here.
package enum InventoryPlugin: String, Sendable, CaseIterable {
  case hostList = "host_list"
  case advancedHostList = "advanced_host_list"
  case script
  case auto
  case yaml
  case ini
  case toml
  case constructed
  case generator

  /// Those that Ansible uses unless `enable_plugins` names others.
  package static let standard: [InventoryPlugin] = [.hostList, .script, .auto, .yaml, .ini, .toml]

  /// The plugin of a name with its collection or without; nil for those that aren't here.
  package init?(name: String) {
    let prefixes = ["ansible.builtin.", "ansible.legacy."]
    let prefix = prefixes.first { name.hasPrefix($0) } ?? ""
    self.init(rawValue: String(name.dropFirst(prefix.count)))
  }

  /// The error where a source needs a plugin that isn't enabled.
  static func disabled(
    _ what: String, _ plugins: [InventoryPlugin], at range: SourceRange
  ) -> Diagnostics {
    let names = plugins.map { "`\($0.rawValue)`" }.joined(separator: " or ")
    return Diagnostics(
      Diagnostic(
        .error, "\(what) isn't read: the inventory plugin \(names) isn't enabled", at: range,
        help: "add it to `enable_plugins` of `[inventory]` in ansible.cfg"))
  }
}
