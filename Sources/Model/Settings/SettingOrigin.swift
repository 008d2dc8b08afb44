package import Diagnostics

/// Where a setting comes from.
package enum SettingOrigin: Sendable, CustomStringConvertible {
  /// An environment variable.
  case environment(String)
  case file(SourceRange)

  /// For people: `ANSIBLE_FORKS`, `ansible.cfg:3:9`.
  package var description: String {
    switch self {
    case .environment(let name): name
    case .file(let range): "\(range)"
    }
  }
}
