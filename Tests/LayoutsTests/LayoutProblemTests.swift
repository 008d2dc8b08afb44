import Layouts
import Testing

/// Each thing that is refused, named with host, value, reason and what to write instead.
@Suite("Problems of layouts")
struct LayoutProblemTests {
  /// Three planes that share the API's port with the virtual address.
  private let shared: Layout = {
    let hosts = (1...3).map { number in
      var host = LayoutHost(name: "plane\(number)", address: Address("10.0.0.1\(number)"))
      host.isPlane = true
      host.haproxy = .init(
        frontend: Bind(host.address, 8443), statistics: Bind(host.address, 8404),
        backends: (1...3).map { Bind("10.0.0.1\($0)", 6443) })
      host.haproxy?.yieldsToVirtualAddress = true
      host.keepalived = .init(priority: 102 - number, checkWeight: 50)
      return host
    }
    let virtual = Address("10.0.0.100")
    return Layout(
      hosts: hosts, virtualAddress: virtual, endpoint: .init(virtual, port: 6443))
  }()

  /// What is said of the layout after a change.
  private func said(_ change: (inout Layout) -> Void) -> [String] {
    var layout = shared
    change(&layout)
    return layout.problems.map(\.description)
  }

  @Test func aLayoutThatWorksIsAccepted() {
    #expect(shared.problems.isEmpty)
  }

  @Test func aPortWithTwoOwners() {
    #expect(
      said { $0.hosts[0].haproxy?.frontend.port = 6443 } == [
        "plane1: port 6443 belongs to kube-apiserver (*:6443) and to HAProxy's frontend"
          + " (10.0.0.11:6443): a port that one program has on `*` is taken on every address, the"
          + " virtual one too, wherever that is held. Set `haproxy_frontend_port` to another port,"
          + " such as 8443."
      ])
  }

  @Test func aVirtualAddressOutsideOfTheNetwork() {
    let said = said { layout in
      layout.virtualAddress = Address("10.0.1.100")
      layout.endpoint?.address = Address("10.0.1.100")
    }
    #expect(said.count == 3)
    #expect(said[0].hasPrefix("plane1: the virtual address 10.0.1.100 is outside of 10.0.0.11/24"))
  }

  @Test func aRouterIDOfTwoClusters() {
    let said = said { $0.foreignRouterIDs = [51] }
    #expect(said.count == 3)
    #expect(said[0].hasPrefix("plane1: virtual_router_id 51: another cluster has it"))
  }

  @Test func anEvenNumberOfMembersIsAWarning() {
    var layout = shared
    layout.etcdMembers = 4
    #expect(layout.isAccepted)
    #expect(layout.problems.map(\.severity) == [.warning])
    #expect(layout.problems[0].description.hasPrefix("etcd has 4 members: an even number"))
  }

  @Test func prioritiesWiderThanTheWeight() {
    let said = said { layout in
      for index in 0..<3 { layout.hosts[index].keepalived?.checkWeight = 2 }
    }
    #expect(
      said.map { String($0.prefix { $0 != "." }) } == [
        "plane1: priority 101 with a failed check: plane3 has 101 with a passed one, so the address"
          + " would stay where nobody answers"
      ])
  }

  @Test func aVirtualBindWithoutTheSysctl() {
    let said = said { layout in
      layout.hosts[1].haproxy?.frontend = Bind("10.0.0.100", 8443)
    }
    #expect(
      said == [
        "plane2: HAProxy's frontend binds 10.0.0.100:8443 without net.ipv4.ip_nonlocal_bind: it"
          + " can't start while another host holds 10.0.0.100. Set net.ipv4.ip_nonlocal_bind to 1"
          + " there, as the role haproxy does, or bind `*`."
      ])
  }

  @Test func noEndpoint() {
    let said = said { $0.endpoint = nil }
    #expect(said.map { String($0.prefix { $0 != ":" }) } == ["plane1"])
    #expect(said[0].contains("no controlPlaneEndpoint"))
  }

  @Test func twoHomesForTheFirewallsRules() {
    let said = said { $0.hosts[2].firewallPackages = ["ufw", "iptables-persistent"] }
    #expect(said.count == 1)
    #expect(said[0].hasPrefix("plane3: ufw and iptables-persistent: Debian's ufw breaks"))
  }

  @Test func nobodyAtTheEndpoint() {
    let said = said { $0.endpoint?.port = 7443 }
    #expect(said.count == 3)
    #expect(
      said[0].hasPrefix("plane1: nobody answers at the endpoint 10.0.0.100:7443 while this host"))
    #expect(said[0].contains("Set `cluster_endpoint_port` to 6443"))
  }

  @Test func ofHostsThatAreNotKnownNothingIsSaid() {
    var layout = shared
    layout.hosts = [layout.hosts[0]]
    layout.hosts[0].forward = .init(
      port: 6443, targets: [Bind("10.0.0.12", 7443)], masquerades: true)
    layout.isWhole = false
    #expect(layout.problems.isEmpty)
  }

  @Test func networksByPrefixLength() {
    let address = Address("10.0.0.200")
    #expect(address.sharesNetwork(with: Address("10.0.0.129"), prefixLength: 25))
    #expect(!address.sharesNetwork(with: Address("10.0.0.127"), prefixLength: 25))
    #expect(Address("fd00::1").sharesNetwork(with: Address("FD00:0::2"), prefixLength: 64))
    #expect(!Address("fd00::1").sharesNetwork(with: address, prefixLength: 0))
    #expect(Address("fd00:0::1") == Address("FD00::1"))
  }
}
