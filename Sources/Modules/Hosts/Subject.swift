/// What a question is about, or an action touches: the key by which answers go out of date.
package enum Subject: Hashable, Sendable {
  /// A file, folder or link; a subject of a folder covers what lies in it.
  case path(String)
  case package(String)
  /// The lists of packages that the package manager may install.
  case packageSources
  /// A systemd unit, with its suffix.
  case unit(String)
  case user(String)
  case group(String)
  case sysctl(String)
  case kernelModule(String)
  case mount(String)
  case hostname
  /// Everything `setup` gathers.
  case facts
  /// An address that a host may hold, such as a virtual IP.
  case address(String)
  /// A port on which something listens or that can be reached.
  case port(Int)
  case url(String)
  /// The state of a Kubernetes cluster.
  case cluster
  /// Whatever there is: an action with this subject makes every answer out of date.
  case everything

  /// Whether other hosts, or time alone, can change it.
  package var isVolatile: Bool {
    switch self {
    case .address, .port, .url, .cluster: true
    default: false
    }
  }

  /// Whether a change to `self` may change what was read about `other`.
  package func covers(_ other: Subject) -> Bool {
    switch (self, other) {
    case (.everything, _), (_, .everything): true
    case (.path(let changed), .path(let read)):
      changed == read || read.hasPrefix(changed.hasSuffix("/") ? changed : changed + "/")
        || changed.hasPrefix(read.hasSuffix("/") ? read : read + "/")
    // A package brings files, units, users and groups that nobody can list beforehand.
    case (.package, .path), (.package, .unit), (.package, .user), (.package, .group),
      (.package, .package), (.packageSources, .package):
      true
    default: self == other
    }
  }
}
