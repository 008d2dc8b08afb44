extension Layout {
  /// Whether there is an endpoint that some host can answer at.
  var endpointProblems: [LayoutProblem] {
    let planes = hosts.filter(\.isPlane)
    guard let endpoint else {
      guard let first = planes.first else { return [] }
      return [
        LayoutProblem(
          planes.count > 1 || etcdMembers > 1 ? .error : .warning, on: first.name,
          "no controlPlaneEndpoint",
          because: "kubeadm lets no further control plane join a cluster that began without one",
          instead: "Set `cluster_vip`, and `cluster_endpoint_port` where it isn't the API's")
      ]
    }
    let isHeld = endpoint.address == virtualAddress && !keepers.isEmpty
    if isHeld || endpoint.isExternal || endpoint.address.bytes == nil || !isWhole { return [] }
    guard owner(of: endpoint.address) == nil else { return [] }
    return [
      LayoutProblem(
        on: nil, "the endpoint \(Bind(endpoint.address, endpoint.port))",
        because: "no host has that address, nor ever holds it",
        instead: "Name hosts in the group `keepalived_hosts`, or an address of a host as endpoint")
    ]
  }

  /// Whether this host, while the endpoint's address is here, leads requests to a kube-apiserver.
  func answerProblems(of host: LayoutHost) -> [LayoutProblem] {
    guard let endpoint, !endpoint.isExternal, hosts.contains(where: \.isPlane) else { return [] }
    let isVirtual = endpoint.address == virtualAddress && host.keepalived != nil
    guard isVirtual || owner(of: endpoint.address)?.name == host.name else { return [] }
    if isVirtual, let haproxy = host.haproxy, HAProxyRule.sharesPort(host, in: self),
      !haproxy.yieldsToVirtualAddress, !haproxy.rests
    {
      return [
        LayoutProblem(
          on: host.name, "HAProxy beside the virtual address at kube-apiserver's port",
          because: "the holder answers by its own kube-apiserver, and a HAProxy there would say"
            + " otherwise",
          instead: "Set `haproxy_yields_to_vip: true`, or `cluster_endpoint_port` to HAProxy's")
      ]
    }
    if let forward = host.forward, forward.port == endpoint.port {
      return forwardProblems(of: host, forward, holds: isVirtual)
    }
    guard !answers(host, endpoint.address, endpoint.port, holds: isVirtual) else { return [] }
    return [
      LayoutProblem(
        on: host.name,
        "nobody answers at the endpoint \(Bind(endpoint.address, endpoint.port)) while this host"
          + " has that address",
        because: silence(of: host, endpoint, holds: isVirtual),
        instead: "Set `cluster_endpoint_port` to \(ports(of: host, endpoint)), or bind HAProxy's"
          + " frontend to `*` or \(endpoint.address) at that port")
    ]
  }

  /// Whether a host whose check fails still answers at the endpoint while it keeps the address.
  ///
  /// A plane's check is of its own kube-apiserver: a HAProxy beside it may lead requests to others.
  /// Another host's check is of what answers there.
  ///
  /// - Parameter other: the one keeper whose check passes, the least that there is to reach.
  func answers(_ host: LayoutHost, whilePassing other: LayoutHost) -> Bool {
    guard let endpoint, !endpoint.isExternal, endpoint.address == virtualAddress else {
      return true
    }
    let dead = Set(keepers.filter { $0.isPlane && $0.name != other.name }.map(\.name))
    func answers(_ host: LayoutHost) -> Bool {
      host.forward?.port == endpoint.port
        || self.answers(host, endpoint.address, endpoint.port, holds: true, without: dead)
    }
    // Where nobody could answer, nothing is lost.
    return host.isPlane && answers(host) || !keepers.contains(where: answers)
  }

  /// Whether a program of the host takes what comes for the address, and leads it to an API.
  ///
  /// - Parameter dead: planes whose kube-apiserver is down.
  private func answers(
    _ host: LayoutHost, _ address: Address, _ port: Int, holds: Bool, without dead: Set<String> = []
  ) -> Bool {
    if host.isPlane, host.api.hears(address, port) { return !dead.contains(host.name) }
    guard let haproxy = host.haproxy, HAProxyRule.runs(on: host, holdsVirtualAddress: holds),
      haproxy.frontend.hears(address, port)
    else { return false }
    return haproxy.backends.contains { isAPI($0, seenFrom: host, without: dead) }
  }

  /// Whether a kube-apiserver hears at a backend's address.
  private func isAPI(
    _ backend: Bind, seenFrom host: LayoutHost, without dead: Set<String>
  ) -> Bool {
    guard let address = backend.address else { return false }
    guard let owner = address.isLoopback ? host : owner(of: address) else {
      return !isWhole || address.bytes == nil
    }
    return owner.isPlane && owner.api.hears(address, backend.port) && !dead.contains(owner.name)
  }

  private func forwardProblems(
    of host: LayoutHost, _ forward: LayoutHost.Forward, holds: Bool
  ) -> [LayoutProblem] {
    func problem(_ value: String, _ reason: String, _ instead: String) -> [LayoutProblem] {
      [LayoutProblem(on: host.name, value, because: reason, instead: instead)]
    }
    if forward.targets.isEmpty {
      return problem(
        "port \(forward.port) is forwarded to nobody", "there is no plane to forward it to",
        "Name hosts in `planes_all`")
    }
    for target in forward.targets {
      guard let address = target.address, let owner = owner(of: address) else {
        if !isWhole { continue }
        return problem(
          "port \(forward.port) is forwarded to \(target)", "no host has that address",
          "Forward it to a plane's address")
      }
      if owner.name != host.name, !forward.masquerades {
        return problem(
          "port \(forward.port) is forwarded to \(owner.name) without MASQUERADE",
          "its replies would go to clients directly, and they'd drop them",
          "Let forwarded connections be masqueraded")
      }
      // What comes to a keeper's own address is answered by whom the rule lets run there; while
      // another host holds the address, that is so, too.
      let holdsIt = owner.name == host.name && holds
      if !answers(owner, address, target.port, holds: holdsIt) {
        return problem(
          "port \(forward.port) is forwarded to \(target)",
          "nobody answers there on \(owner.name)",
          "Forward it to HAProxy's frontend port there, or to kube-apiserver's")
      }
    }
    return []
  }

  private func silence(of host: LayoutHost, _ endpoint: Endpoint, holds: Bool) -> String {
    if let haproxy = host.haproxy, haproxy.frontend.hears(endpoint.address, endpoint.port) {
      if !HAProxyRule.runs(on: host, holdsVirtualAddress: holds) {
        return "HAProxy rests there then, and kube-apiserver doesn't listen on that address"
      }
      return "none of HAProxy's backends is a kube-apiserver"
    }
    return "neither kube-apiserver nor HAProxy listens there"
  }

  /// The ports at which the address leads to the API on this host, for the message.
  private func ports(of host: LayoutHost, _ endpoint: Endpoint) -> String {
    var ports: [Int] = []
    if host.isPlane, host.api.hears(endpoint.address, host.api.port) { ports.append(host.api.port) }
    if let haproxy = host.haproxy, haproxy.frontend.hears(endpoint.address, haproxy.frontend.port) {
      ports.append(haproxy.frontend.port)
    }
    return ports.isEmpty
      ? "a port that something has" : ports.map(String.init).joined(separator: " or ")
  }
}
