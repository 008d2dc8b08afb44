package import Diagnostics

/// One setting's value, and who gave it.
package struct Setting<Value: Sendable>: Sendable {
  package var value: Value
  package var origin: SettingOrigin

  package init(_ value: Value, _ origin: SettingOrigin = .builtIn) {
    self.value = value
    self.origin = origin
  }
}

/// Where a setting comes from.
package enum SettingOrigin: Sendable, CustomStringConvertible {
  /// Nobody gave it: Ansible's default.
  case builtIn
  /// An environment variable.
  case environment(String)
  case file(SourceRange)

  /// For people: `default`, `ANSIBLE_FORKS`, `ansible.cfg:3:9`.
  package var description: String {
    switch self {
    case .builtIn: "default"
    case .environment(let name): name
    case .file(let range): "\(range)"
    }
  }
}
