extension Layout {
  /// Ports with two owners on one host.
  func portProblems(of host: LayoutHost) -> [LayoutProblem] {
    var problems: [LayoutProblem] = []
    let kubernetes = host.kubernetesPorts
    if host.isPlane,
      let other = kubernetes.dropFirst().first(where: { host.api.clashes(with: $0.bind) })
    {
      problems.append(
        LayoutProblem(
          on: host.name, "port \(host.api.port) belongs to \(other.name) and to kube-apiserver",
          because: "kubeadm gives that port to \(other.name)",
          instead: "Set `cluster_api_port` to another port, such as 6443"))
    }
    let haproxy = host.haproxyPorts
    for (owner, variable, instead) in haproxy {
      guard
        let other = (kubernetes + host.preflightPorts).first(where: {
          $0.bind.clashes(with: owner.bind)
        })
      else { continue }
      problems.append(
        LayoutProblem(
          on: host.name,
          "port \(owner.bind.port) belongs to \(other.name) (\(other.bind)) and to \(owner.name)"
            + " (\(owner.bind))",
          because: "a port that one program has on `*` is taken on every address, the virtual one"
            + " too, wherever that is held",
          instead: "Set `\(variable)` to another port, such as \(instead)"))
    }
    if haproxy.count == 2, haproxy[0].owner.bind.clashes(with: haproxy[1].owner.bind) {
      problems.append(
        LayoutProblem(
          on: host.name,
          "port \(haproxy[1].owner.bind.port) belongs to HAProxy's frontend and to its statistics",
          because: haproxy[0].owner.bind == haproxy[1].owner.bind
            ? "HAProxy would spread connections over both at random"
            : "on the address of the one that names it, the other would never answer",
          instead: "Set `haproxy_stats_port` to another port, such as 8404"))
    }
    return problems
  }

  /// Addresses that HAProxy and kube-apiserver can't bind when they start.
  func bindProblems(of host: LayoutHost) -> [LayoutProblem] {
    guard !host.bindsNonlocal else { return [] }
    var owners = host.haproxyPorts.map(\.owner)
    if host.isPlane { owners.append(PortOwner("kube-apiserver", host.api)) }
    return owners.compactMap { owner in
      guard let address = owner.bind.address, address.bytes != nil, !address.isLoopback,
        address != host.address, !host.otherAddresses.contains(address)
      else { return nil }
      let isVirtual = address == virtualAddress
      return LayoutProblem(
        on: host.name, "\(owner.name) binds \(owner.bind) without net.ipv4.ip_nonlocal_bind",
        because: isVirtual
          ? "it can't start while another host holds \(address)"
          : "\(address) is no address of this host",
        instead: isVirtual
          ? "Set net.ipv4.ip_nonlocal_bind to 1 there, as the role haproxy does, or bind `*`"
          : "Bind \(host.address) or `*`")
    }
  }

  /// Packages that can't be on one host.
  func firewallProblems(of host: LayoutHost) -> [LayoutProblem] {
    let persistent = host.firewallPackages.filter {
      ["iptables-persistent", "netfilter-persistent"].contains($0)
    }.sorted()
    guard host.firewallPackages.contains("ufw"), let other = persistent.first else { return [] }
    return [
      LayoutProblem(
        on: host.name, "ufw and \(other)",
        because: "Debian's ufw breaks \(other): installing one removes the other",
        instead: "Leave \(other) out and let the rules live in /etc/ufw/before.rules, or in a"
          + " unit of their own")
    ]
  }

  /// What is wrong with the hosts as a set.
  var memberProblems: [LayoutProblem] {
    var problems: [LayoutProblem] = []
    var seen: [Address: String] = [:]
    for host in hosts {
      for address in [host.address] + host.otherAddresses {
        if let other = seen[address] {
          problems.append(
            LayoutProblem(
              on: host.name, "its address is \(address)", because: "\(other) has that address",
              instead: "Give each host an `ansible_host` of its own"))
        }
        seen[address] = host.name
      }
    }
    if etcdMembers > 0, etcdMembers.isMultiple(of: 2) {
      problems.append(
        LayoutProblem(
          .warning, on: nil, "etcd has \(etcdMembers) members",
          because: "an even number bears no more failures than \(etcdMembers - 1), and any of"
            + " them may be the one too many",
          instead: "Have \(etcdMembers - 1) or \(etcdMembers + 1) hosts in `planes_all`"))
    }
    return problems
  }
}
