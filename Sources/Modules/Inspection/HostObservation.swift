package import Layouts

/// What was seen of one host at one moment. Nil is what couldn't be asked there.
package struct HostObservation: Hashable, Sendable {
  /// Addresses that the host has, with their interfaces.
  package var addresses: [HeldAddress] = []
  /// States of systemd's units, by name.
  package var units: [String: UnitState] = [:]
  /// HTTP's status of /readyz at the cluster's endpoint, seen from here; 0 for no answer.
  package var endpointStatus: Int?
  /// The same of the host's own kube-apiserver.
  package var ownStatus: Int?
  /// HAProxy's servers, where it runs.
  package var servers: [ServerState]?
  /// Names of etcd's members, as this host's member knows them.
  package var members: [String]?
  /// Whether this host's member of etcd is well.
  package var isMemberHealthy: Bool?
  /// The cluster's nodes, asked through the endpoint.
  package var nodes: [NodeState]?
  package var certificates: [Certificate] = []
  package var keys: [KeyFile] = []
  /// Enabled timers of systemd, and whether each waits for its time.
  package var timers: [TimerState] = []
  package var failedUnits: [String] = []
  package var bindsNonlocal: Bool?
  /// What `ufw status` says in its first line.
  package var ufw: String?
  /// Whether the kernel leads past a HAProxy that doesn't listen.
  package var hasFallback: Bool?
  /// The rules of the tables `nat`, as iptables writes them.
  package var addressRules: [String]?
  /// The host's clock, in seconds since 1970.
  package var clock = 0

  package init() {}

  package struct HeldAddress: Hashable, Sendable {
    package var address: Address
    package var interface: String

    package init(_ address: Address, on interface: String) {
      self.address = address
      self.interface = interface
    }
  }

  package struct UnitState: Hashable, Sendable {
    package var isLoaded: Bool
    package var isActive: Bool
    package var isEnabled: Bool

    package init(isLoaded: Bool = true, isActive: Bool, isEnabled: Bool) {
      self.isLoaded = isLoaded
      self.isActive = isActive
      self.isEnabled = isEnabled
    }

    /// As people say it: `active, enabled`.
    package var words: String {
      if !isLoaded { return "not installed" }
      return (isActive ? "active" : "inactive") + ", " + (isEnabled ? "enabled" : "disabled")
    }
  }

  package struct ServerState: Hashable, Sendable {
    package var name: String
    /// HAProxy's word: `UP`, `DOWN`, `UP 1/3`, `no check`, …
    package var status: String

    package init(name: String, status: String) {
      self.name = name
      self.status = status
    }

    package var isUp: Bool { status.hasPrefix("UP") || status == "no check" }
  }

  package struct NodeState: Hashable, Sendable {
    package var name: String
    package var isReady: Bool

    package init(name: String, isReady: Bool) {
      self.name = name
      self.isReady = isReady
    }
  }

  package struct Certificate: Hashable, Sendable {
    package var path: String
    /// The end of its time, in seconds since 1970; nil where it can't be read.
    package var end: Int?

    package init(path: String, end: Int?) {
      self.path = path
      self.end = end
    }
  }

  package struct KeyFile: Hashable, Sendable {
    package var path: String
    /// When it was written, in seconds since 1970.
    package var written: Int

    package init(path: String, written: Int) {
      self.path = path
      self.written = written
    }
  }

  package struct TimerState: Hashable, Sendable {
    package var name: String
    package var isActive: Bool

    package init(name: String, isActive: Bool) {
      self.name = name
      self.isActive = isActive
    }
  }

  package func holds(_ address: Address) -> Bool { addresses.contains { $0.address == address } }
}
