extension Layout {
  /// Where the virtual address is, and whether it can move there.
  var virtualAddressProblems: [LayoutProblem] {
    let keepers = keepers
    guard !keepers.isEmpty else { return [] }
    guard let virtualAddress else {
      return [
        LayoutProblem(
          on: keepers[0].name, "Keepalived without `cluster_vip`",
          because: "it would have no address to move",
          instead: "Set `cluster_vip` to a free address of the network")
      ]
    }
    var problems: [LayoutProblem] = []
    if let owner = owner(of: virtualAddress) {
      problems.append(
        LayoutProblem(
          on: owner.name, "its own address is the virtual address \(virtualAddress)",
          because: "two hosts would have it as soon as another one holds it",
          instead: "Set `cluster_vip` to an address that no host has"))
    }
    for host in keepers {
      problems += networkProblems(of: host, virtualAddress, beside: keepers[0])
      problems += routerProblems(of: host, beside: keepers[0])
    }
    return problems
  }

  private func networkProblems(
    of host: LayoutHost, _ virtualAddress: Address, beside first: LayoutHost
  ) -> [LayoutProblem] {
    guard let keepalived = host.keepalived, let firsts = first.keepalived else { return [] }
    if keepalived.isUnicast != firsts.isUnicast {
      return [
        LayoutProblem(
          on: host.name,
          "\(keepalived.isUnicast ? "unicast" : "multicast") adverts, unlike"
            + " \(first.name)",
          because: "they wouldn't hear each other, and both would hold the address",
          instead: "Set one `keepalived_unicast` for all hosts of the cluster")
      ]
    }
    if keepalived.isRouted {
      if keepalived.isUnicast || keepers.count == 1 { return [] }
      return [
        LayoutProblem(
          on: host.name, "multicast adverts on a routed network",
          because:
            "a tunnel such as WireGuard's carries none, so every host would hold the address",
          instead: "Set `keepalived_unicast: true`")
      ]
    }
    let length = host.prefixLength
    if host.address.sharesNetwork(with: virtualAddress, prefixLength: length) { return [] }
    return [
      LayoutProblem(
        on: host.name,
        "the virtual address \(virtualAddress) is outside of \(host.address)/\(length)",
        because: "nobody in that network asks for it on the link",
        instead: "Set `cluster_vip` to an address of the network, mend `cluster_vip_prefix`, or"
          + " say `cluster_vip_routed: true` where the network routes it")
    ]
  }

  private func routerProblems(of host: LayoutHost, beside first: LayoutHost) -> [LayoutProblem] {
    guard let keepalived = host.keepalived, let firsts = first.keepalived else { return [] }
    let id = keepalived.routerID
    if !(1...255).contains(id) {
      return [
        LayoutProblem(
          on: host.name, "virtual_router_id \(id)", because: "VRRP has 1 to 255",
          instead: "Set `keepalived_router_id` to one of these")
      ]
    }
    if foreignRouterIDs.contains(id), !keepalived.isUnicast {
      return [
        LayoutProblem(
          on: host.name, "virtual_router_id \(id)",
          because: "another cluster has it on the same network, and both would take each other's"
            + " adverts for their own",
          instead: "Set `keepalived_router_id` to a number that nobody has there")
      ]
    }
    if id != firsts.routerID {
      return [
        LayoutProblem(
          on: host.name, "virtual_router_id \(id) beside \(first.name)'s \(firsts.routerID)",
          because: "they wouldn't hear each other, and both would hold the address",
          instead: "Set one `keepalived_router_id` for all hosts of the cluster")
      ]
    }
    return []
  }

  /// Whether a failed check moves the virtual address to a host whose check passes.
  var electionProblems: [LayoutProblem] {
    var problems: [LayoutProblem] = []
    for host in keepers {
      guard let keepalived = host.keepalived else { continue }
      if !(1...254).contains(keepalived.priority) {
        problems.append(
          LayoutProblem(
            on: host.name, "priority \(keepalived.priority)",
            because: "VRRP has 1 to 254 for hosts that don't own the address",
            instead: "Mend `keepalived_first_priority`"))
      } else if let problem = stayProblem(of: host), !problems.contains(problem) {
        problems.append(problem)
      }
    }
    return problems
  }

  /// What keeps the address at a host whose check fails, and where nobody answers then, though
  /// another's passes.
  private func stayProblem(of host: LayoutHost) -> LayoutProblem? {
    guard let failing = host.keepalived?.priority(passes: false) else { return nil }
    for other in keepers where other.name != host.name {
      guard let rival = other.keepalived, let passing = rival.priority(passes: true) else {
        continue
      }
      // Whoever else takes the address from this host is asked about in turn.
      let isTaken = keepers.contains {
        let strength = $0.keepalived?.priority(passes: $0.name == other.name) ?? 0
        return $0.keepalived?.hasNopreempt == false && strength > failing
      }
      if isTaken || answers(host, whilePassing: other) { continue }
      if passing > failing {
        return LayoutProblem(
          on: other.name, "nopreempt with a check of weight \(rival.checkWeight)",
          because: "this host never takes the address from one whose check fails",
          instead: "Leave nopreempt out, or set `keepalived_check_weight` to 0")
      }
      return LayoutProblem(
        on: host.name, "priority \(failing) with a failed check",
        because: "\(other.name) has \(passing) with a passed one, so the address would stay"
          + " where nobody answers",
        instead: "Set `keepalived_check_weight` to more than the priorities' spread, or lower"
          + " `keepalived_first_priority`")
    }
    return nil
  }
}
