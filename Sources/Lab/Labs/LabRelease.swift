/// A release of Debian that twins can run.
package enum LabRelease: String, Sendable, Hashable, Codable, CaseIterable {
  /// Debian 12.
  case bookworm
  /// Debian 13.
  case trixie

  /// Debian's number of the release.
  package var number: Int {
    switch self {
    case .bookworm: 12
    case .trixie: 13
    }
  }

  /// What systemd is told on its command line so that it runs on this machine's control groups.
  ///
  /// From 256 on it refuses those of version 1 unless it is told that they are wanted; in a
  /// container its own arguments are its kernel command line.
  func systemdArguments(unified isUnified: Bool) -> [String] {
    self == .bookworm || isUnified ? [] : ["SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"]
  }
}
