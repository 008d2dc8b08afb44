internal import Layouts

extension ClusterHealth {
  var holderFindings: [Finding] {
    guard let address = layout.virtualAddress, !layout.keepers.isEmpty else { return [] }
    let holders = holders
    if holders.count == 1 { return [Finding("one holder", .well, "\(holders[0]) has \(address)")] }
    let who = holders.isEmpty ? "nobody" : holders.joined(separator: " and ")
    return [
      Finding(
        "one holder", .wrong, "\(address) is held by \(who)",
        remedy: .play(tags: "keepalived", task: "Run Keepalived, now and at boot"))
    ]
  }

  /// HAProxy rests where the rule says so, and runs elsewhere.
  var ruleFindings: [Finding] {
    var wrong: [Finding] = []
    var running: [String] = []
    for (host, seen) in hosts where host.haproxy != nil {
      let holds = layout.virtualAddress.map(seen.holds) ?? false
      let runs = HAProxyRule.runs(on: host, holdsVirtualAddress: holds)
      let unit = seen.units["haproxy.service"]
      if runs { running.append(host.name) }
      if let unit, unit.isLoaded, unit.isActive == runs, unit.isEnabled == runs { continue }
      let wanted = runs ? "active, enabled" : "inactive, disabled, for the address is here"
      wrong.append(
        Finding(
          "HAProxy by the rule", on: host.name, .wrong,
          "\(unit?.words ?? "unknown"), not \(wanted)",
          remedy: host.haproxy?.yieldsToVirtualAddress == true
            ? .play(tags: "rule", task: "Keep HAProxy away from the virtual address")
            : .play(tags: "haproxy", task: "Run HAProxy, now and at boot")))
    }
    return summary(
      "HAProxy by the rule", wrong,
      running.isEmpty ? "runs nowhere" : "runs on \(running.joined(separator: ", "))",
      applies: hosts.contains { $0.host.haproxy != nil })
  }

  var serviceFindings: [Finding] {
    var wrong: [Finding] = []
    var count = 0
    for (host, seen) in hosts {
      var wanted: [(unit: String, remedy: Finding.Remedy)] = []
      if host.keepalived != nil {
        wanted.append(
          ("keepalived.service", .play(tags: "keepalived", task: "Run Keepalived, now and at boot"))
        )
      }
      if host.isPlane || host.isWorker {
        wanted += [
          (
            "containerd.service", .play(tags: "containerd", task: "Run containerd, now and at boot")
          ),
          ("kubelet.service", .play(tags: "packages,join", task: "Join as a node")),
        ]
      }
      for (unit, remedy) in wanted {
        count += 1
        let state = seen.units[unit]
        if let state, state.isActive, state.isEnabled { continue }
        wrong.append(
          Finding(
            "services", on: host.name, .wrong, "\(unit) is \(state?.words ?? "unknown")",
            remedy: remedy))
      }
    }
    return summary("services", wrong, "\(count) are active and enabled", applies: count > 0)
  }

  /// The API through the endpoint from every host that can ask, and each plane's own.
  var apiFindings: [Finding] {
    var through: [Finding] = []
    var own: [Finding] = []
    for (host, seen) in hosts {
      if let status = seen.endpointStatus, status != 200, let endpoint = layout.endpoint {
        through.append(
          Finding(
            "API at the endpoint", on: host.name, .wrong,
            "\(Bind(endpoint.address, endpoint.port)) \(Self.words(status))",
            remedy: .play(tags: "haproxy,keepalived,rule", task: "Have a virtual address")))
      }
      if host.isPlane, seen.ownStatus != 200, seen.ownStatus != nil || seen.units.isEmpty {
        own.append(
          Finding(
            "API of each plane", on: host.name, .wrong, Self.words(seen.ownStatus ?? 0),
            remedy: .look("crictl ps -a and journalctl -u kubelet on the host")))
      }
    }
    let asked = hosts.filter { $0.seen.endpointStatus != nil }.map(\.host.name)
    let planes = hosts.filter { $0.host.isPlane && $0.seen.ownStatus == 200 }.map(\.host.name)
    return summary(
      "API at the endpoint", through, "answers \(asked.joined(separator: ", "))",
      applies: !asked.isEmpty)
      + summary(
        "API of each plane", own, "\(planes.joined(separator: ", ")) answer themselves",
        applies: hosts.contains { $0.host.isPlane })
  }

  private static func words(_ status: Int) -> String {
    status == 0 ? "doesn't answer" : "answers with HTTP status \(status)"
  }

  /// The servers of each HAProxy that runs.
  var serverFindings: [Finding] {
    var wrong: [Finding] = []
    var count = 0
    let planes = Set(layout.hosts.filter(\.isPlane).map(\.nodeName))
    for (host, seen) in hosts {
      guard let haproxy = host.haproxy, seen.units["haproxy.service"]?.isActive == true else {
        continue
      }
      guard let servers = seen.servers else {
        wrong.append(
          Finding(
            "backends up", on: host.name, .warning, "HAProxy's socket doesn't tell",
            remedy: .look("socat or perl on the host, and /run/haproxy/admin.sock")))
        continue
      }
      count += servers.count(where: \.isUp)
      for server in servers where !server.isUp {
        // A router that serves several clusters may have one of them down.
        let isOurs = planes.contains(server.name)
        wrong.append(
          Finding(
            "backends up", on: host.name, isOurs ? .wrong : .warning,
            "\(server.name) is \(server.status)" + (isOurs ? "" : ", no plane of this cluster"),
            // A plane that is upgraded is taken out; a run that was killed then doesn't put it back.
            remedy: .look(
              server.status.hasPrefix("MAINT")
                ? "systemctl reload haproxy on the host, unless \(server.name) is being upgraded"
                : "kube-apiserver on \(server.name)")))
      }
      if servers.count < haproxy.backends.count {
        wrong.append(
          Finding(
            "backends up", on: host.name, .wrong,
            "\(servers.count) servers for \(haproxy.backends.count) planes",
            remedy: .play(tags: "haproxy", task: "Configure HAProxy")))
      }
    }
    return summary(
      "backends up", wrong, "\(count) servers",
      applies: count > 0 || !wrong.isEmpty)
  }
}
