internal import Hosts
internal import Layouts

/// A failure made on purpose, with the way back.
package struct Drill: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case vipFailover = "vip-failover"
    case planeDown = "plane-down"
    case balancerDown = "balancer-down"
    case haproxyDown = "haproxy-down"
    case linkDown = "link-down"
  }

  /// Why a drill isn't begun.
  package struct Refusal: Error, Hashable, Sendable {
    package var message: String
    package var help: String

    package init(_ message: String, help: String) {
      self.message = message
      self.help = help
    }
  }

  package var kind: Kind
  /// The host that it happens to.
  package var host: String
  /// What happens, in words.
  package var summary: String
  /// POSIX sh that makes the failure.
  package var fault: String
  /// POSIX sh that ends it; run twice it does no harm.
  package var restoration: String
  /// Whether the host can't be reached meanwhile.
  package var cutsHostOff = false

  /// Chooses the host where none is named, and refuses what the cluster can't bear.
  ///
  /// - Parameters:
  ///   - name: the host that was asked for.
  ///   - hold: seconds for which the failure lasts.
  package init(
    _ kind: Kind, on name: String?, of health: ClusterHealth, hold: Int
  ) throws(Refusal) {
    let host = try Self.host(for: kind, name, health)
    try Self.check(kind, host, health)
    self.kind = kind
    self.host = host.name
    switch kind {
    case .vipFailover:
      summary = "stop Keepalived"
      fault = "systemctl stop keepalived.service"
      restoration = "systemctl start keepalived.service"
    case .planeDown:
      summary = "stop kubelet, and kill kube-apiserver, etcd and the controllers"
      // A process's name has 15 characters; without kubelet nobody starts them again.
      fault = """
        systemctl stop kubelet.service
        for name in kube-apiserver etcd kube-controller kube-scheduler; do pkill -KILL -x "$name"; done
        true
        """
      restoration = "systemctl start kubelet.service"
    case .balancerDown:
      summary = "stop Keepalived and HAProxy"
      let stops = ["haproxy.service"] + (host.keepalived == nil ? [] : ["keepalived.service"])
      fault = "systemctl stop \(stops.reversed().joined(separator: " "))"
      restoration = "systemctl start \(stops.joined(separator: " "))"
    case .haproxyDown:
      summary = "kill HAProxy"
      fault = """
        systemctl kill --signal=KILL haproxy.service
        systemctl stop haproxy.service
        """
      restoration = "systemctl reset-failed haproxy.service; systemctl start haproxy.service"
    case .linkDown:
      let interface = try Self.interface(of: host, health)
      summary = "take \(interface) down for \(hold) s"
      let name = Shell.quote(interface)
      // Routes by way of gateways go with the link, and nobody else brings them back.
      restoration = """
        ip link set \(name) up
        [ ! -f /run/orchestrate-drill-routes ] || while read -r route; do
          ip route replace $route dev \(name)
        done < /run/orchestrate-drill-routes
        """
      fault = """
        ip -4 route show dev \(name) | sed 's/ linkdown//; s/ dead//' > /run/orchestrate-drill-routes
        systemctl stop orchestrate-drill-link.service 2> /dev/null
        systemd-run --quiet --collect --unit=orchestrate-drill-link /bin/sh -c \
          \(Shell.quote("ip link set \(name) down; sleep \(hold); \(restoration)"))
        """
      cutsHostOff = true
    }
  }

  /// Sh that arms the way back before the failure: the host goes it by itself after `seconds`, also
  /// where this program is killed or can't come back.
  package func arming(seconds: Int) -> String {
    """
    systemctl stop orchestrate-drill.timer 2> /dev/null
    systemd-run --quiet --collect --unit=orchestrate-drill --on-active=\(seconds)s /bin/sh -c \
      \(Shell.quote(restoration))
    """
  }

  /// Sh that goes the way back, and takes the arming away where that went well.
  package var wayBack: String {
    "\(restoration) && { systemctl stop orchestrate-drill.timer 2> /dev/null; true; }"
  }

  // MARK: Choosing

  private static func host(
    for kind: Kind, _ name: String?, _ health: ClusterHealth
  ) throws(Refusal) -> LayoutHost {
    let hosts = health.layout.hosts
    if let name {
      if let host = hosts.first(where: { $0.name == name }) { return host }
      throw Refusal(
        "there is no host `\(name)` in the cluster",
        help: "there are: " + hosts.map(\.name).joined(separator: ", "))
    }
    let holder = hosts.first { $0.name == health.holders.first }
    let chosen =
      switch kind {
      case .vipFailover, .linkDown: holder
      case .planeDown: holder.flatMap { $0.isPlane ? $0 : nil } ?? hosts.last(where: \.isPlane)
      case .balancerDown, .haproxyDown:
        holder.flatMap { health.runsHAProxy($0) ? $0 : nil }
          ?? hosts.first(where: health.runsHAProxy)
      }
    guard let chosen else {
      throw Refusal(
        "no host of the cluster is there for \(kind.rawValue)", help: "name one with --host")
    }
    return chosen
  }

  private static func check(
    _ kind: Kind, _ host: LayoutHost, _ health: ClusterHealth
  ) throws(Refusal) {
    let layout = health.layout
    let holds = health.holders.contains(host.name)
    switch kind {
    case .vipFailover where host.keepalived == nil:
      throw Refusal(
        "\(host.name) has no Keepalived", help: "name a host of the group `keepalived_hosts`")
    case .balancerDown where !health.runsHAProxy(host),
      .haproxyDown where !health.runsHAProxy(host):
      throw Refusal("HAProxy doesn't run on \(host.name)", help: "name a host where it does")
    case .vipFailover, .linkDown, .balancerDown:
      if holds, layout.keepers.count < 2 {
        throw Refusal(
          "nobody else can take the virtual address from \(host.name)",
          help: "this drill needs two hosts in the group `keepalived_hosts`")
      }
    case .haproxyDown: break
    case .planeDown:
      guard host.isPlane else {
        throw Refusal("\(host.name) is no plane", help: "name a host of the group `planes_all`")
      }
    }
    let members = layout.hosts.count { $0.isPlane && $0.hasEtcd }
    let losesMember = (kind == .planeDown || kind == .linkDown) && host.isPlane && host.hasEtcd
    if losesMember, members - 1 < members / 2 + 1 {
      throw Refusal(
        "etcd with \(members) members can't spare the one on \(host.name)",
        help: "this drill needs three planes")
    }
  }

  private static func interface(
    of host: LayoutHost, _ health: ClusterHealth
  ) throws(Refusal) -> String {
    let held = health.seen[host.name]?.addresses ?? []
    let own =
      held.first { $0.address == health.layout.virtualAddress }
      ?? held.first { $0.address == host.address }
    guard let own else {
      throw Refusal(
        "no interface of \(host.name) has \(host.address)",
        help: "say the host's address in the inventory as the host has it")
    }
    return own.interface
  }
}

extension ClusterHealth {
  func runsHAProxy(_ host: LayoutHost) -> Bool {
    host.haproxy != nil && seen[host.name]?.units["haproxy.service"]?.isActive == true
  }
}
