/// One host of a layout.
package struct LayoutHost: Hashable, Sendable {
  package var name: String
  /// Its name in the cluster; Kubernetes takes no `_` there.
  package var nodeName: String
  package var address: Address
  /// Of the network that its address is in.
  package var prefixLength: Int
  package var otherAddresses: [Address] = []
  package var isPlane = false
  package var isWorker = false
  /// Where a plane's kube-apiserver listens: kubeadm has it listen on every address.
  package var api = Bind(nil, 6443)
  /// Whether a plane runs a member of etcd.
  package var hasEtcd = true
  package var haproxy: HAProxy?
  package var keepalived: Keepalived?
  /// DNAT rules for the endpoint's port.
  package var forward: Forward?
  /// `net.ipv4.ip_nonlocal_bind`.
  package var bindsNonlocal = false
  /// Packages that the playbook installs for the firewall.
  package var firewallPackages: Set<String> = []
  /// Checks of kubeadm's preflight that are left out, such as `Port-6443`, in small letters.
  package var ignoredPreflight: Set<String> = []

  package init(name: String, address: Address, prefixLength: Int = 24) {
    self.name = name
    nodeName = String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    self.address = address
    self.prefixLength = prefixLength
  }

  /// A host's HAProxy.
  package struct HAProxy: Hashable, Sendable {
    package var frontend: Bind
    /// Nil leaves the statistics page out.
    package var statistics: Bind?
    /// The kube-apiservers behind it.
    package var backends: [Bind]
    /// Whether it rests while its host holds the virtual address.
    package var yieldsToVirtualAddress = false
    /// Whether it rests everywhere: a single plane has nothing to balance.
    package var rests = false
    /// Whether the kernel leads past it while it doesn't listen.
    package var hasFallback = false

    package init(frontend: Bind, statistics: Bind? = nil, backends: [Bind]) {
      self.frontend = frontend
      self.statistics = statistics
      self.backends = backends
    }
  }

  /// A host's Keepalived.
  package struct Keepalived: Hashable, Sendable {
    package var routerID: Int
    package var priority: Int
    /// What a passed check adds, or (below 0) a failed one takes; 0 makes a failed one a fault.
    package var checkWeight: Int
    /// Whether adverts go to each peer's address.
    package var isUnicast = false
    /// Whether it never takes the address from a living holder.
    package var hasNopreempt = false
    /// Whether the network routes the virtual address to its holder, as WireGuard does; else
    /// neighbours ask for it on the link, and it must be in their network.
    package var isRouted = false

    package init(routerID: Int = 51, priority: Int, checkWeight: Int) {
      self.routerID = routerID
      self.priority = priority
      self.checkWeight = checkWeight
    }

    /// VRRP's priority of a host whose check passes, or fails; nil is a fault: out of the election.
    package func priority(passes: Bool) -> Int? {
      if checkWeight == 0 { return passes ? priority : nil }
      let counts = checkWeight > 0 ? passes : !passes
      return max(1, min(254, priority + (counts ? checkWeight : 0)))
    }
  }

  /// What a host does with requests for the endpoint before a program hears them.
  package struct Forward: Hashable, Sendable {
    package var port: Int
    package var targets: [Bind]
    /// Whether replies come back through this host (MASQUERADE).
    package var masquerades: Bool

    package init(port: Int, targets: [Bind], masquerades: Bool) {
      self.port = port
      self.targets = targets
      self.masquerades = masquerades
    }
  }
}
