import Layouts

/// A small model of what hosts do with a layout: installed packages, sockets, adverts and moves.
///
/// It knows nothing of the layout's rules; it starts programs, binds, elects, connects, and says
/// what went wrong first. `HAProxyRule.runs` is the one thing it shares with them: the rule under
/// test is what the notify script follows.
struct SimulatedCluster {
  /// Why a layout doesn't work.
  struct Failure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
  }

  private struct Socket {
    var program: String
    var address: Address?
    var port: Int
  }

  let layout: Layout
  private var sockets: [String: [Socket]] = [:]
  private(set) var holder: String?
  /// Hosts whose check fails: a plane's kube-apiserver is down, or what answers on another host.
  private var failing: Set<String> = []
  /// Hosts whose HAProxy runs.
  private(set) var running: Set<String> = []

  init(_ layout: Layout) { self.layout = layout }

  /// Brings the cluster up, moves the address everywhere it can go, and asks the API each time.
  static func failure(of layout: Layout) -> String? {
    do {
      // kubeadm may come to a host at a moment when the address is anywhere.
      for first in layout.keepers.map(\.name) {
        var cluster = SimulatedCluster(layout)
        try cluster.start(holder: first)
      }
      var cluster = SimulatedCluster(layout)
      try cluster.start(holder: nil)
      try cluster.moveEverywhere()
      return nil
    } catch {
      return (error as? Failure)?.description ?? "\(error)"
    }
  }

  // MARK: Programs and sockets

  private func host(_ name: String) -> LayoutHost { layout.hosts.first { $0.name == name }! }

  private func has(_ host: LayoutHost, _ address: Address) -> Bool {
    address == host.address || host.otherAddresses.contains(address)
      || address.bytes?.first == 127 || (holder == host.name && address == layout.virtualAddress)
  }

  /// `bind` and `listen`, as the kernel answers them.
  private mutating func listen(_ program: String, _ bind: Bind, on host: LayoutHost) throws {
    if let address = bind.address, !has(host, address), !host.bindsNonlocal {
      throw Failure("\(host.name): \(program) \(bind): cannot assign requested address")
    }
    for socket in sockets[host.name, default: []] where socket.port == bind.port {
      let isSame = socket.address == nil || bind.address == nil || socket.address == bind.address
      // SO_REUSEPORT lets one HAProxy bind twice; what connects there lands anywhere.
      if isSame { throw Failure("\(host.name): \(program) \(bind): address already in use") }
    }
    sockets[host.name, default: []].append(
      Socket(program: program, address: bind.address, port: bind.port))
  }

  private mutating func startHAProxy(on host: LayoutHost) throws {
    guard let haproxy = host.haproxy, running.insert(host.name).inserted else { return }
    try listen("haproxy", haproxy.frontend, on: host)
    if let statistics = haproxy.statistics {
      try listen("haproxy, statistics", statistics, on: host)
    }
  }

  private mutating func stopHAProxy(on host: LayoutHost) {
    running.remove(host.name)
    sockets[host.name]?.removeAll { $0.program.hasPrefix("haproxy") }
  }

  private mutating func runKubernetes(on host: LayoutHost) throws {
    let local = Address("127.0.0.1")
    if host.isPlane {
      try listen("kube-apiserver", host.api, on: host)
      try listen("kube-controller-manager", Bind(local, 10257), on: host)
      try listen("kube-scheduler", Bind(local, 10259), on: host)
      if host.hasEtcd {
        for bind in [
          Bind(host.address, 2379), Bind(local, 2379), Bind(host.address, 2380), Bind(local, 2381),
        ] { try listen("etcd", bind, on: host) }
      }
    }
    guard host.isPlane || host.isWorker else { return }
    for bind in [Bind(nil, 10250), Bind(local, 10248)] { try listen("kubelet", bind, on: host) }
    for bind in [Bind(nil, 10256), Bind(local, 10249)] { try listen("kube-proxy", bind, on: host) }
  }

  // MARK: Bring-up

  /// Brings the cluster up while a host, or none yet, holds the address.
  mutating func start(holder first: String?) throws {
    try install()
    for host in layout.hosts
    where host.haproxy?.yieldsToVirtualAddress == false || host.keepalived == nil {
      if host.haproxy?.rests == false { try startHAProxy(on: host) }
    }
    try move(to: first)
    for host in layout.hosts where host.isPlane || host.isWorker { try join(host) }
    try elect(alive: keepers, passing: Set(keepers))
    let planes = layout.hosts.filter(\.isPlane)
    if layout.endpoint == nil, planes.count > 1 { throw Failure("no stable controlPlaneEndpoint") }
  }

  private func install() throws {
    for (index, host) in layout.hosts.enumerated() {
      let installed = host.firewallPackages
      if installed.contains("ufw"),
        installed.contains("iptables-persistent") || installed.contains("netfilter-persistent")
      {
        throw Failure("\(host.name): apt: ufw breaks netfilter-persistent")
      }
      for other in layout.hosts[..<index] where other.address == host.address {
        throw Failure("\(host.name) and \(other.name) answer for \(host.address)")
      }
      if host.keepalived != nil, layout.virtualAddress == nil {
        throw Failure("\(host.name): keepalived without a virtual address")
      }
    }
  }

  private mutating func join(_ host: LayoutHost) throws {
    var wanted = [10250]
    if host.isPlane {
      wanted += [host.api.port, 10259, 10257] + (host.hasEtcd ? [2379, 2380] : [])
    }
    for port in wanted where !host.ignoredPreflight.contains("port-\(port)") {
      if let socket = sockets[host.name, default: []].first(where: { $0.port == port }) {
        throw Failure("\(host.name): preflight: port \(port) is in use by \(socket.program)")
      }
    }
    try runKubernetes(on: host)
  }

  /// The host starts anew: what is enabled starts before Keepalived has decided anything.
  mutating func reboot(_ name: String) throws {
    let host = host(name)
    let ran = running.contains(name)
    sockets[name] = []
    running.remove(name)
    if ran { try startHAProxy(on: host) }
    try runKubernetes(on: host)
  }

  // MARK: Adverts and moves

  private var keepers: [String] { layout.keepers.map(\.name) }

  private func hear(_ one: LayoutHost, _ other: LayoutHost) -> Bool {
    guard let mine = one.keepalived, let theirs = other.keepalived else { return false }
    if mine.routerID != theirs.routerID || mine.isUnicast != theirs.isUnicast { return false }
    return mine.isUnicast || !mine.isRouted
  }

  /// The end of an election: everybody alive hears each other, and one host holds the address.
  private mutating func elect(alive: [String], passing: Set<String>) throws {
    let standing = alive.map { host($0) }
    for one in standing {
      guard let keepalived = one.keepalived, (1...255).contains(keepalived.routerID),
        (1...254).contains(keepalived.priority)
      else { throw Failure("\(one.name): keepalived: configuration refused") }
      if !keepalived.isUnicast, layout.foreignRouterIDs.contains(keepalived.routerID) {
        throw Failure("\(one.name): adverts of a stranger")
      }
      for other in standing where other.name != one.name && !hear(one, other) {
        throw Failure("\(one.name) and \(other.name) hold the address both")
      }
    }
    func strength(_ host: LayoutHost) -> Int {
      host.keepalived?.priority(passes: passing.contains(host.name)) ?? -1
    }
    var now = standing.first { $0.name == holder && strength($0) >= 0 }
    let candidates = standing.filter { strength($0) >= 0 }.sorted { strength($0) > strength($1) }
    for candidate in candidates {
      guard let current = now else {
        now = candidate
        continue
      }
      if strength(candidate) > strength(current), candidate.keepalived?.hasNopreempt == false {
        now = candidate
      }
    }
    try move(to: now?.name)
  }

  /// The address is at another host, and the notify scripts have run.
  mutating func move(to name: String?) throws {
    if !keepers.isEmpty, let virtual = layout.virtualAddress,
      let owner = layout.hosts.first(where: { $0.address == virtual }), name != owner.name
    {
      throw Failure("\(owner.name) and \(name ?? "nobody") have \(virtual)")
    }
    holder = name
    for host in layout.keepers where host.haproxy?.yieldsToVirtualAddress == true {
      if HAProxyRule.runs(on: host, holdsVirtualAddress: host.name == name) {
        try startHAProxy(on: host)
      } else {
        stopHAProxy(on: host)
      }
    }
  }

  private mutating func moveEverywhere() throws {
    try check()
    for name in keepers {
      try elect(alive: [name], passing: [name])
      try check()
      for host in layout.hosts { try reboot(host.name) }
      try check()
      // Keepalived stops: for a moment nobody holds the address, and the notify script has run.
      try move(to: nil)
      try reboot(name)
    }
    let count = keepers.count
    for bits in 0..<(1 << count) where bits > 0 {
      let passing = Set((0..<count).filter { bits >> $0 & 1 == 1 }.map { keepers[$0] })
      for start in keepers {
        try elect(alive: [start], passing: [start])
        try elect(alive: keepers, passing: passing)
        failing = Set(keepers).subtracting(passing)
        defer { failing = [] }
        // What nobody could answer, the holder needn't.
        if layout.endpoint?.address == layout.virtualAddress, keepers.contains(where: serves) {
          try check()
        }
      }
    }
  }

  // MARK: Asking

  /// Whether requests would reach the API if this host held the address.
  private func serves(_ name: String) -> Bool {
    var other = self
    do {
      try other.move(to: name)
      try other.check()
      return true
    } catch {
      return false
    }
  }

  /// What holds whenever a host holds the address: it is found, the API answers at the endpoint,
  /// and no holder whose own kube-apiserver answers there has its HAProxy up.
  func check() throws {
    if let virtual = layout.virtualAddress, let name = holder, case let owner = host(name),
      owner.keepalived?.isRouted == false,
      !owner.address.sharesNetwork(with: virtual, prefixLength: owner.prefixLength)
    {
      throw Failure("no client of \(owner.name)'s network finds \(virtual)")
    }
    guard let endpoint = layout.endpoint, !endpoint.isExternal else { return }
    let isVirtual = endpoint.address == layout.virtualAddress
    let owners = layout.hosts.filter {
      (isVirtual && $0.name == holder) || $0.address == endpoint.address
    }
    guard owners.count == 1 else {
      throw Failure("\(endpoint.address) is answered for by \(owners.map(\.name))")
    }
    let owner = owners[0]
    let program = try connect(to: endpoint, on: owner)
    if isVirtual, program == "kube-apiserver", running.contains(owner.name) {
      throw Failure("\(owner.name) holds the address with HAProxy up")
    }
  }

  /// The program that takes the connection; throws where it ends at no kube-apiserver.
  private func connect(to endpoint: Layout.Endpoint, on owner: LayoutHost) throws -> String {
    if let forward = owner.forward, forward.port == endpoint.port {
      if failing.contains(owner.name) { throw Failure("\(owner.name) forwards to nobody") }
      guard !forward.targets.isEmpty else { throw Failure("forwarded to nobody") }
      for target in forward.targets {
        guard let address = target.address,
          let next = layout.hosts.first(where: { $0.address == address })
        else { throw Failure("forwarded to \(target): no route to host") }
        if next.name != owner.name, !forward.masquerades { throw Failure("replies go astray") }
        _ = try served(address, target.port, on: next)
      }
      return "forward"
    }
    return try served(endpoint.address, endpoint.port, on: owner)
  }

  private func socket(_ address: Address, _ port: Int, on host: LayoutHost) -> String? {
    sockets[host.name]?.first {
      $0.port == port && ($0.address == nil || $0.address == address)
        && !(failing.contains(host.name) && host.isPlane == ($0.program == "kube-apiserver"))
    }?.program
  }

  private func served(_ address: Address, _ port: Int, on host: LayoutHost) throws -> String {
    let program = socket(address, port, on: host)
    if program == "kube-apiserver" { return "kube-apiserver" }
    guard program == "haproxy", let haproxy = host.haproxy else {
      throw Failure("\(host.name): \(address) port \(port): connection refused")
    }
    for backend in haproxy.backends {
      guard let address = backend.address else { continue }
      let next =
        address.bytes?.first == 127 ? host : layout.hosts.first { $0.address == address }
      if let next, socket(address, backend.port, on: next) == "kube-apiserver" {
        return "haproxy"
      }
    }
    throw Failure("\(host.name): HAProxy has no server up")
  }
}
