internal import Layouts

extension ClusterHealth {
  /// Days before a certificate's end from which on it is wrong not to renew it.
  private static let renewalDays = 30
  /// Days after which a key is old: kubeadm's certificates, and the keys made with them, live a year.
  private static let keyDays = 365

  var etcdFindings: [Finding] {
    let planes = hosts.filter { $0.host.isPlane && $0.host.hasEtcd }
    guard !planes.isEmpty else { return [] }
    var wrong: [Finding] = []
    for (host, seen) in planes where seen.isMemberHealthy != true {
      wrong.append(
        Finding(
          "etcd", on: host.name, .wrong, "its member isn't healthy",
          remedy: .look("crictl logs of etcd on the host; a lost member: playbooks/remove.yaml")))
    }
    let expected = Set(layout.hosts.filter { $0.isPlane && $0.hasEtcd }.map(\.nodeName))
    guard let members = planes.lazy.compactMap(\.seen.members).first else {
      wrong.append(Finding("etcd", .wrong, "no plane tells who its members are"))
      return wrong
    }
    for name in members where !expected.contains(name) {
      wrong.append(
        Finding(
          "etcd", .wrong, "\(name) is a member, and no plane of the inventory",
          remedy: .playbook("playbooks/remove.yaml")))
    }
    for name in expected.subtracting(members).sorted() {
      wrong.append(
        Finding(
          "etcd", .wrong, "\(name) is no member",
          remedy: .play(tags: "join", task: "Join as a control plane")))
    }
    return summary("etcd", wrong, "\(members.count) healthy members")
  }

  var nodeFindings: [Finding] {
    let expected = layout.hosts.filter { $0.isPlane || $0.isWorker }.map(\.nodeName)
    guard hosts.contains(where: \.host.isPlane) else { return [] }
    guard let nodes = hosts.lazy.compactMap(\.seen.nodes).first else {
      return [Finding("nodes Ready", .wrong, "no plane can ask through the endpoint")]
    }
    var wrong: [Finding] = []
    for node in nodes where !node.isReady {
      wrong.append(
        Finding(
          "nodes Ready", on: node.name, .wrong, "it isn't Ready",
          remedy: .look("kubectl describe node \(node.name), journalctl -u kubelet there")))
    }
    for name in expected where !nodes.contains(where: { $0.name == name }) {
      wrong.append(
        Finding(
          "nodes Ready", on: name, .wrong, "it is no node of the cluster",
          remedy: .play(tags: "join", task: "Join as a node")))
    }
    return summary("nodes Ready", wrong, "\(nodes.count) nodes")
  }

  var certificateFindings: [Finding] {
    var certificates: [Finding] = []
    var keys: [Finding] = []
    var earliest: Int?
    var oldest = 0
    for (host, seen) in hosts {
      for certificate in seen.certificates {
        guard let end = certificate.end else { continue }
        let days = (end - seen.clock) / 86_400
        earliest = min(earliest ?? days, days)
        if days >= Self.renewalDays { continue }
        certificates.append(
          Finding(
            "certificates", on: host.name, .wrong,
            "\(certificate.path) \(end <= seen.clock ? "has expired" : "expires in \(days) days")",
            remedy: .playbook("playbooks/certificates.yaml")))
      }
      for key in seen.keys {
        let days = (seen.clock - key.written) / 86_400
        oldest = max(oldest, days)
        if days <= Self.keyDays || Self.isAuthority(key.path) { continue }
        keys.append(
          Finding(
            "keys", on: host.name, .warning, "\(key.path) is \(days) days old",
            remedy: .playbook("playbooks/certificates.yaml")))
      }
    }
    return summary(
      "certificates", certificates, "none expires within \(earliest ?? 0) days",
      applies: earliest != nil)
      + summary(
        "keys", keys, "the oldest is \(oldest) days old",
        applies: hosts.contains { !$0.seen.keys.isEmpty })
  }

  /// Keys of authorities and of service accounts live ten years, as kubeadm makes them.
  private static func isAuthority(_ path: String) -> Bool {
    path.hasSuffix("ca.key") || path.hasSuffix("sa.key")
  }

  var timerFindings: [Finding] {
    var wrong: [Finding] = []
    var count = 0
    for (host, seen) in hosts {
      count += seen.timers.count
      for timer in seen.timers where !timer.isActive {
        wrong.append(
          Finding(
            "timers", on: host.name, .wrong, "\(timer.name) is enabled and doesn't wait",
            remedy: .look("systemctl start \(timer.name) on the host")))
      }
      for unit in seen.failedUnits {
        wrong.append(
          Finding(
            "timers", on: host.name, .warning, "\(unit) has failed",
            remedy: .look("systemctl status \(unit) on the host")))
      }
    }
    return summary(
      "timers", wrong, "\(count) wait for their time", applies: count > 0 || !wrong.isEmpty)
  }

  var firewallFindings: [Finding] {
    var wrong: [Finding] = []
    for (host, seen) in hosts {
      if host.haproxy != nil, host.bindsNonlocal, seen.bindsNonlocal == false {
        wrong.append(
          Finding(
            "firewall and network", on: host.name, .wrong, "net.ipv4.ip_nonlocal_bind is 0",
            remedy: .play(
              tags: "haproxy", task: "Let HAProxy bind the virtual address before it is here")))
      }
      if host.haproxy?.hasFallback == true, seen.hasFallback == false {
        wrong.append(
          Finding(
            "firewall and network", on: host.name, .wrong, "nothing leads past HAProxy",
            remedy: .play(tags: "haproxy", task: "Lead past HAProxy, now and at boot")))
      }
      if host.firewallPackages.contains("ufw"), seen.ufw != "Status: active" {
        wrong.append(
          Finding(
            "firewall and network", on: host.name, .wrong, "ufw: \(seen.ufw ?? "doesn't tell")",
            remedy: .play(tags: "firewall", task: "the firewall's")))
      }
      wrong += missingForwards(host, seen)
    }
    return summary("firewall and network", wrong, "as the layout has them")
  }

  /// DNAT rules that the layout has and the host doesn't.
  private func missingForwards(_ host: LayoutHost, _ seen: HostObservation) -> [Finding] {
    guard let forward = host.forward else { return [] }
    let rules = (seen.addressRules ?? []).filter { $0.contains("DNAT") }
    return forward.targets.filter { target in !rules.contains { $0.contains("\(target)") } }.map {
      Finding(
        "firewall and network", on: host.name, .wrong,
        "no DNAT of port \(forward.port) to \($0)",
        remedy: .play(tags: "firewall", task: "the firewall's"))
    }
  }
}
