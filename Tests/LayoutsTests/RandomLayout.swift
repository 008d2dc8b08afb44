import Layouts

/// Numbers that are the same in every run.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &+ 0x9e37_79b9_7f4a_7c15 }

  /// SplitMix64, by Steele, Lea and Flood (2014).
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// True once in `count` times.
  mutating func hits(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }
}

extension Layout {
  /// A layout of the kinds that people have, with none to three things changed.
  static func random(_ dice: inout Dice) -> Layout {
    let virtual = Address("10.0.0.100")
    let planes = Int.random(in: 1...4, using: &dice)
    let kind = dice.pick(["shared", "own port", "balancers", "bound", "forward", "address"])
    var hosts = (1...planes).map { number in
      var host = LayoutHost(name: "plane\(number)", address: Address("10.0.0.1\(number)"))
      host.isPlane = true
      return host
    }
    if dice.hits(2) {
      var worker = LayoutHost(name: "worker1", address: Address("10.0.0.21"))
      worker.isWorker = true
      hosts.append(worker)
    }
    let backends = (0..<planes).map { Bind(hosts[$0].address, 6443) }
    var endpoint = Endpoint(virtual, port: 6443)
    switch kind {
    case "shared", "own port", "bound":
      if kind == "own port" { endpoint.port = 8443 }
      for index in 0..<planes {
        let own = hosts[index].address
        var haproxy = LayoutHost.HAProxy(
          frontend: Bind(
            kind == "shared" ? own : kind == "bound" ? virtual : nil,
            kind == "bound" ? 6443 : 8443),
          statistics: dice.hits(2) ? nil : Bind(own, 8404), backends: backends)
        haproxy.yieldsToVirtualAddress = kind == "shared"
        if kind == "bound" {
          hosts[index].api = Bind(own, 6443)
          hosts[index].ignoredPreflight = ["port-6443"]
          hosts[index].bindsNonlocal = true
        }
        if kind != "shared" || dice.hits(2) { hosts[index].haproxy = haproxy }
        hosts[index].bindsNonlocal = hosts[index].bindsNonlocal || dice.hits(2)
        hosts[index].keepalived = .init(priority: 101 - index, checkWeight: 50)
      }
    case "address":
      var router = LayoutHost(name: "router", address: Address("10.0.0.1"))
      router.haproxy = .init(frontend: Bind(router.address, 6443), backends: backends)
      hosts.append(router)
      endpoint.address = router.address
    default:
      for number in 1...2 {
        var balancer = LayoutHost(name: "lb\(number)", address: Address("10.0.0.\(4 + number)"))
        balancer.keepalived = .init(priority: 102 - number, checkWeight: 10)
        if kind == "balancers" {
          balancer.haproxy = .init(frontend: Bind(virtual, 6443), backends: backends)
          balancer.bindsNonlocal = true
        } else {
          balancer.forward = .init(
            port: 6443, targets: hosts.filter(\.isPlane).map { Bind($0.address, 7443) },
            masquerades: true)
        }
        hosts.append(balancer)
      }
      if kind == "forward" {
        for index in 0..<planes {
          hosts[index].haproxy = .init(
            frontend: Bind(hosts[index].address, 7443), backends: [Bind("127.0.0.1", 6443)])
        }
      }
    }
    let hasKeepers = kind != "address"
    var layout = Layout(
      hosts: hosts, virtualAddress: hasKeepers ? virtual : nil, endpoint: endpoint)
    for _ in 0..<dice.pick([0, 1, 1, 2, 3]) { layout.change(&dice) }
    return layout
  }

  private mutating func change(_ dice: inout Dice) {
    let index = Int.random(in: hosts.indices, using: &dice)
    let ports = [6443, 8443, 7443, 8404, 10250, 10257, 2380, 2381, 10256, 9000]
    let own = hosts[index].address
    let addresses: [Address?] = [nil, own, Address("10.0.0.100"), Address("127.0.0.1")]
    switch Int.random(in: 0..<25, using: &dice) {
    case 0: hosts[index].haproxy?.frontend.port = dice.pick(ports)
    case 1: hosts[index].haproxy?.frontend.address = dice.pick(addresses)
    case 2: hosts[index].haproxy?.statistics = Bind(dice.pick(addresses), dice.pick(ports))
    case 3: hosts[index].haproxy?.yieldsToVirtualAddress.toggle()
    case 4: hosts[index].bindsNonlocal.toggle()
    case 5: endpoint?.port = dice.pick(ports)
    case 6: hosts[index].keepalived?.routerID = dice.pick([0, 51, 52, 256])
    case 7: foreignRouterIDs = [dice.pick([51, 52, 60])]
    case 8: hosts[index].keepalived?.priority = dice.pick([0, 1, 60, 100, 120, 151, 200, 254, 255])
    case 9: hosts[index].keepalived?.checkWeight = dice.pick([-60, -2, 0, 1, 2, 10, 50, 120])
    case 10: hosts[index].keepalived?.hasNopreempt.toggle()
    case 11: hosts[index].keepalived?.isUnicast.toggle()
    case 12: hosts[index].keepalived?.isRouted.toggle()
    case 13: virtualAddress = dice.pick([Address("10.0.1.100"), own, Address("10.0.0.100")])
    case 14: endpoint = dice.hits(2) ? nil : endpoint
    case 15: hosts[index].firewallPackages = dice.pick([["ufw"], ["ufw", "iptables-persistent"]])
    case 16: hosts[index].api = Bind(dice.pick(addresses), dice.pick([6443, 6443, 8443, 10250]))
    case 17: hosts[index].address = dice.pick(hosts).address
    case 18: hosts[index].forward?.masquerades.toggle()
    case 19:
      hosts[index].forward?.targets = dice.pick([[], [Bind(own, 6443)], [Bind("10.9.9.9", 1)]])
    case 20:
      hosts[index].haproxy?.backends = dice.pick([[], [Bind("127.0.0.1", 6443)], [Bind(own, 9443)]])
    case 21: hosts[index].keepalived = dice.hits(2) ? nil : .init(priority: 90, checkWeight: 50)
    case 23: hosts[index].haproxy?.rests.toggle()
    case 22: hosts[index].prefixLength = dice.pick([16, 25, 30])
    default: endpoint?.isExternal.toggle()
    }
  }
}
