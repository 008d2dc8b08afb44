import Hosts
import Inspection
import Layouts
import Testing

/// What is found of a cluster, from hosts' answers as programs print them.
@Suite("A cluster's health")
struct ClusterHealthTests {
  private let layout: Layout = {
    var hosts = (1...3).map { number in
      var host = LayoutHost(name: "bay_plane\(number)", address: Address("10.0.0.1\(number)"))
      host.isPlane = true
      host.haproxy = .init(
        frontend: Bind(host.address, 8443), backends: (1...3).map { Bind("10.0.0.1\($0)", 6443) })
      host.haproxy?.yieldsToVirtualAddress = true
      host.keepalived = .init(priority: 102 - number, checkWeight: 50)
      return host
    }
    var worker = LayoutHost(name: "bay_worker1", address: Address("10.0.0.21"))
    worker.isWorker = true
    hosts.append(worker)
    let virtual = Address("10.0.0.100")
    return Layout(hosts: hosts, virtualAddress: virtual, endpoint: .init(virtual, port: 6443))
  }()

  private static let clock = 1_795_000_000
  private let members = #"""
    {"header":{},"members":[{"ID":"1","name":"bay-plane1"},{"ID":"2","name":"bay-plane2"},
    {"ID":"3","name":"bay-plane3","clientURLs":["https://10.0.0.13:2379"]}]}
    """#

  private let nodes = """
    bay-plane1    Ready    control-plane,master   5m   v1.20.2
    bay-plane2    Ready    control-plane,master   4m   v1.20.2
    bay-plane3    Ready    control-plane,master   3m   v1.20.2
    bay-worker1   Ready,SchedulingDisabled   <none>   2m   v1.20.2
    """

  private static let servers = """
    # pxname,svname,qcur,status,weight
    kubernetes-api,FRONTEND,,OPEN,
    control-planes,bay-plane1,0,UP,1
    control-planes,bay-plane2,0,UP 1/3,1
    control-planes,bay-plane3,0,UP,1
    control-planes,BACKEND,0,UP,3

    """

  /// A host's answer to a question, known by a word of its script.
  private func answer(
    _ script: String, of host: LayoutHost, holder: String, haproxy: String, node: String,
    servers: String
  ) -> CommandOutput {
    let enabled = haproxy == "active" ? "enabled" : "disabled"
    if script.hasPrefix("ip -o") {
      let held = host.name == holder ? "\n2: eth0    inet 10.0.0.100/24 scope global eth0" : ""
      return CommandOutput(
        "1: lo    inet 127.0.0.1/8 scope host lo\n2: eth0    inet \(host.address)/24 brd 10.0.0.255 scope global eth0\(held)\n"
      )
    }
    if script.hasPrefix("date") { return CommandOutput("\(Self.clock)\n") }
    if script.hasPrefix("systemctl show") {
      return CommandOutput(
        """
        Id=haproxy.service
        LoadState=loaded
        ActiveState=\(haproxy)
        UnitFileState=\(enabled)

        Id=keepalived.service
        LoadState=loaded
        ActiveState=active
        UnitFileState=enabled

        Id=kubelet.service
        LoadState=loaded
        ActiveState=active
        UnitFileState=enabled

        Id=containerd.service
        LoadState=loaded
        ActiveState=active
        UnitFileState=enabled

        """)
    }
    if script.contains("list-unit-files") { return CommandOutput("apt-daily.timer active\n") }
    if script.contains("--state=failed") { return CommandOutput("") }
    if script.contains("write-out") { return CommandOutput("200") }
    if script.contains("show stat") { return CommandOutput(servers) }
    if script.contains("ip_nonlocal_bind") { return CommandOutput("1\n") }
    if script.contains("member/list") { return CommandOutput(members) }
    if script.contains("/health") { return CommandOutput(#"{"health":"true"}"#) }
    if script.contains("get nodes") { return CommandOutput(node) }
    return CommandOutput(status: 1, "")
  }

  /// What is found when hosts answer so.
  private func health(
    holders: [String] = ["bay_plane1"], haproxy: [String: String] = ["bay_plane1": "inactive"],
    nodes: String? = nil, servers: String = Self.servers
  ) throws -> ClusterHealth {
    var seen: [String: HostObservation] = [:]
    for host in layout.hosts {
      let holder = holders.contains(host.name) ? host.name : ""
      let probe = HostInspection(of: host, in: layout).probe
      let answers = probe.questions.map {
        answer(
          $0.script, of: host, holder: holder, haproxy: haproxy[host.name] ?? "active",
          node: nodes ?? self.nodes, servers: servers)
      }
      guard case .state(let observation) = try probe.resolve(answers) else { continue }
      seen[host.name] = observation
    }
    return ClusterHealth(layout: layout, seen: seen)
  }

  private func wrong(_ health: ClusterHealth) -> [String] {
    health.findings.filter { $0.state == .wrong }.map {
      "\($0.check), \($0.host ?? "-"): \($0.detail)"
    }
  }

  @Test func aHealthyClusterIsHealthy() throws {
    let health = try health()
    #expect(wrong(health) == [])
    #expect(health.holders == ["bay_plane1"])
    #expect(health.findings.map(\.check).contains("etcd"))
  }

  @Test func twoHoldersAndNone() throws {
    let both = try health(
      holders: ["bay_plane1", "bay_plane2"],
      haproxy: ["bay_plane1": "inactive", "bay_plane2": "inactive"])
    #expect(wrong(both) == ["one holder, -: 10.0.0.100 is held by bay_plane1 and bay_plane2"])
    let nobody = try health(holders: [], haproxy: [:])
    #expect(wrong(nobody) == ["one holder, -: 10.0.0.100 is held by nobody"])
  }

  @Test func aBrokenRuleNamesTheTaskThatMendsIt() throws {
    let health = try health(haproxy: ["bay_plane3": "inactive"])
    #expect(
      wrong(health) == [
        "HAProxy by the rule, bay_plane1: active, enabled, not inactive, disabled, for the address"
          + " is here",
        "HAProxy by the rule, bay_plane3: inactive, disabled, not active, enabled",
      ])
    let finding = health.findings.first { $0.state == .wrong }
    #expect(
      finding?.remedy == .play(tags: "rule", task: "Keep HAProxy away from the virtual address"))
  }

  @Test func nodesThatLackOrAreNotReady() throws {
    let health = try health(
      nodes: "bay-plane1 Ready a\nbay-plane2 NotReady b\nbay-plane3 Ready c\n")
    #expect(
      wrong(health) == [
        "nodes Ready, bay-plane2: it isn't Ready",
        "nodes Ready, bay-worker1: it is no node of the cluster",
      ])
  }

  @Test func serversOfOtherClustersAreTheirsToMend() throws {
    let others = Self.servers.replacing(
      "control-planes,BACKEND", with: "cluster-1,c1-plane1,0,DOWN,1\ncontrol-planes,BACKEND")
    let healthy = try health(servers: others)
    #expect(wrong(healthy) == [])
    let warnings = healthy.findings.filter { $0.state == .warning }.map(\.detail)
    #expect(warnings.contains("c1-plane1 is DOWN, no plane of this cluster"))
    let down = try health(
      servers: Self.servers.replacing("bay-plane3,0,UP", with: "bay-plane3,0,DOWN"))
    #expect(wrong(down).contains("backends up, bay_plane2: bay-plane3 is DOWN"))
    let out = try health(
      servers: Self.servers.replacing("bay-plane3,0,UP", with: "bay-plane3,0,MAINT"))
    #expect(
      out.findings.first { $0.detail == "bay-plane3 is MAINT" }?.remedy
        == .look("systemctl reload haproxy on the host, unless bay-plane3 is being upgraded"))
  }

  @Test func aWayPastHAProxyThatIsGone() throws {
    let host = try #require(layout.hosts.first { $0.name == "bay_plane2" })
    func found(_ table: String) throws -> [String] {
      var host = host
      host.haproxy?.hasFallback = true
      let layout = Layout(
        hosts: [host], virtualAddress: layout.virtualAddress, endpoint: layout.endpoint)
      let probe = HostInspection(of: host, in: layout).probe
      let answers = probe.questions.map {
        $0.script.hasPrefix("nft")
          ? CommandOutput(table)
          : answer(
            $0.script, of: host, holder: host.name, haproxy: "active", node: nodes,
            servers: Self.servers)
      }
      guard case .state(let seen) = try probe.resolve(answers) else { return ["no answer"] }
      return wrong(ClusterHealth(layout: layout, seen: [host.name: seen])).filter {
        $0.hasPrefix("firewall")
      }
    }
    let table = """
      table ip haproxy_fallback {
        chain port_8443 {
          socket wildcard { 0, 1 } return
          ip protocol tcp redirect to :6443
        }
      }

      """
    #expect(try found(table) == [])
    #expect(
      try found("") == ["firewall and network, bay_plane2: nothing leads past HAProxy"])
  }

  @Test func certificatesAtTheirEnd() throws {
    var health = try health()
    health.seen["bay_plane2"]?.certificates = [
      .init(path: "/etc/kubernetes/pki/apiserver.crt", end: Self.clock + 86_400 * 8),
      .init(path: "/etc/kubernetes/pki/ca.crt", end: Self.clock + 86_400 * 3000),
      .init(path: "/etc/kubernetes/admin.conf", end: Self.clock - 1),
    ]
    #expect(
      wrong(health) == [
        "certificates, bay_plane2: /etc/kubernetes/pki/apiserver.crt expires in 8 days",
        "certificates, bay_plane2: /etc/kubernetes/admin.conf has expired",
      ])
  }

  @Test func everyQuestionOnlyReads() {
    let writers = ["systemctl start", "systemctl stop", " > /", "rm ", "kubectl apply", "PUT"]
    for host in layout.hosts {
      for question in HostInspection(of: host, in: layout).probe.questions {
        for word in writers where question.script.contains(word) {
          #expect(question.script.contains("> /dev/null"), "\(question.script)")
        }
      }
    }
  }

  @Test func drillsChooseTheirHostAndRefuseWhatCannotBeBorne() throws {
    let health = try health()
    #expect(try Drill(.vipFailover, on: nil, of: health, hold: 10).host == "bay_plane1")
    #expect(try Drill(.haproxyDown, on: nil, of: health, hold: 10).host == "bay_plane2")
    #expect(throws: Drill.Refusal.self) {
      try Drill(.haproxyDown, on: "bay_plane1", of: health, hold: 10)
    }
    let link = try Drill(.linkDown, on: nil, of: health, hold: 10)
    #expect(link.fault.contains("ip link set eth0 down"))
    var small = health
    small.layout.hosts.removeAll { $0.name == "bay_plane3" }
    #expect(throws: Drill.Refusal.self) { try Drill(.planeDown, on: nil, of: small, hold: 10) }
  }
}
