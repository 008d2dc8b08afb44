package import Layouts

/// How a cluster stands: its layout, and what was seen of its hosts.
package struct ClusterHealth: Sendable {
  package var layout: Layout
  /// By host; hosts that couldn't be asked are missing.
  package var seen: [String: HostObservation]
  /// Why hosts couldn't be asked.
  package var unreachable: [String: String]

  package init(
    layout: Layout, seen: [String: HostObservation], unreachable: [String: String] = [:]
  ) {
    self.layout = layout
    self.seen = seen
    self.unreachable = unreachable
  }

  /// The hosts that hold the virtual address.
  package var holders: [String] {
    guard let address = layout.virtualAddress else { return [] }
    return layout.hosts.map(\.name).filter { seen[$0]?.holds(address) ?? false }
  }

  /// Nothing is wrong; warnings don't count.
  package var isHealthy: Bool { findings.allSatisfy { $0.state != .wrong } }

  /// All checks, in the order of the way from a client to the cluster's heart.
  package var findings: [Finding] {
    var findings: [Finding] = []
    for host in layout.hosts {
      if let reason = unreachable[host.name] {
        findings.append(
          Finding(
            "hosts answer", on: host.name, .wrong, reason,
            remedy: .look("the host's power, network and sshd")))
      }
    }
    if unreachable.isEmpty {
      findings.append(Finding("hosts answer", .well, "\(layout.hosts.count) hosts"))
    }
    findings += holderFindings + ruleFindings + serviceFindings + apiFindings + serverFindings
    findings += etcdFindings + nodeFindings + certificateFindings + timerFindings
    return findings + firewallFindings
  }

  /// Each host that was seen, with what was seen.
  var hosts: [(host: LayoutHost, seen: HostObservation)] {
    layout.hosts.compactMap { host in seen[host.name].map { (host, $0) } }
  }

  /// One line where all is well, else one for each host where it isn't.
  func summary(
    _ check: String, _ wrong: [Finding], _ well: @autoclosure () -> String, applies: Bool = true
  ) -> [Finding] {
    if !applies { return [] }
    return wrong.isEmpty ? [Finding(check, .well, well())] : wrong
  }
}
