import Glibc

/// Throw-away twins of an inventory's hosts on this machine, in a network that leads nowhere else.
package struct Lab: Sendable {
  /// What the lab is made of.
  package private(set) var specification: LabSpecification
  /// Where the lab keeps what it must remember.
  let state: LabState
  /// What is built once for all labs.
  let cache: LabCache
  /// The control groups of this machine.
  let cgroups: LabCgroups

  /// The namespaces and cables between the hosts.
  var network: LabNetwork { LabNetwork(specification: specification) }

  /// The key with which the hosts' users log in.
  package var privateKeyPath: String { state.privateKeyPath }
  /// The hosts' keys by name and address, as ssh's UserKnownHostsFile.
  package var knownHostsPath: String { state.knownHostsPath }
  /// The network namespace from which the hosts are reached.
  package var namespacePath: String { network.namespacePath }

  /// Builds what is cached for twins of these releases: about ten minutes the first time, nothing
  /// afterwards. Installs missing Debian packages.
  package static func prepare(
    _ releases: [LabRelease] = [.bookworm], progress: (String) -> Void
  ) throws(LabError) {
    try LabTools.requireRoot(for: "the lab")
    try LabTools.install(progress: progress)
    try LabCache().build(pieces(of: releases), progress: progress)
  }

  /// Builds one cached piece if it is missing, and returns its folder.
  package static func piece(
    named name: String, progress: (String) -> Void
  ) throws(LabError) -> String {
    try LabTools.requireRoot(for: "the lab")
    let pieces = pieces(of: [.bookworm]) + [LabKubernetes.nextRecipe]
    guard let piece = pieces.first(where: { $0.name == name }) else {
      throw LabError(
        .badSpecification,
        "no piece is called \(name): there are \(pieces.map(\.name).joined(separator: ", "))")
    }
    try LabTools.install(progress: progress)
    let cache = LabCache()
    try cache.build([piece], progress: progress)
    return cache.path(of: piece)
  }

  /// What twins of these releases are made of. The container images are the same for all.
  private static func pieces(of releases: [LabRelease]) -> [LabRecipe] {
    LabRelease.allCases.filter(releases.contains).flatMap { release in
      [LabImage.recipe(of: release), LabPackages.recipe(of: release)]
    } + [LabKubernetes.recipe, LabKubernetesPackages.recipe, LabContainerImages.recipe]
  }

  /// Makes a lab and waits until every host lets its user in. With an owner, the lab ends when that
  /// process does, however it ends; without, `down` ends it.
  package static func up(
    _ specification: LabSpecification, owner: Int32? = nil, progress: (String) -> Void
  ) throws(LabError) -> Lab {
    try specification.validate()
    try LabTools.requireRoot(for: "the lab")
    let cgroups = try LabCgroups.ofThisMachine()
    try LabReaper.reapStale()
    try prepare(specification.hosts.map(\.release), progress: progress)
    let state = LabState(name: specification.name)
    try state.take()
    var lab = Lab(
      specification: LabSpecification(
        name: specification.name, hosts: [], gateways: specification.gateways),
      state: state, cache: LabCache(), cgroups: cgroups)
    let reaper = LabReaper(state: state)
    do throws(LabError) {
      // Until the lab stands, this process owns it: were it killed now, nothing would stay.
      try reaper.start(owner: getpid())
      LabKernel.raiseLimits()
      try lab.makeFoundation()
      try lab.add(specification.hosts, progress: progress)
      if owner != getpid() { try reaper.own(owner) }
    } catch {
      try? reaper.down()
      throw error
    }
    return lab
  }

  /// The running lab of this name; nil if there is none.
  package static func running(named name: String) throws(LabError) -> Lab? {
    try LabTools.requireRoot(for: "the lab")
    try LabReaper.reapStale()
    let state = LabState(name: name)
    guard let specification = state.specification() else { return nil }
    return Lab(
      specification: specification, state: state, cache: LabCache(),
      cgroups: try LabCgroups.ofThisMachine())
  }

  /// Ends the lab of this name, also one that can't be read any more; says whether there was one.
  package static func down(named name: String) throws(LabError) -> Bool {
    try LabTools.requireRoot(for: "the lab")
    try LabReaper.reapStale()
    guard LabState.names.contains(name) else { return false }
    try LabReaper(state: LabState(name: name)).down()
    return true
  }

  /// The names of the running labs, sorted.
  package static func runningNames() throws(LabError) -> [String] {
    try LabTools.requireRoot(for: "the lab")
    try LabReaper.reapStale()
    return LabState.names
  }

  /// How each host does, in the inventory's order.
  package func status() -> [LabHostStatus] {
    specification.hosts.map { host in
      LabHostStatus(
        name: host.name, user: host.user, addresses: host.addresses,
        processes: cgroups.identifiers(of: host.name, in: specification.label).count,
        memory: cgroups.memory(of: host.name, in: specification.label))
    }
  }

  /// Ends the lab: every process, mount, namespace, cgroup and disk of it. The cache stays.
  package func down() throws(LabError) { try LabReaper(state: state).down() }

  /// Adds hosts to the running lab and waits until they let their users in.
  package mutating func add(
    _ hosts: [LabHost], progress: (String) -> Void
  ) throws(LabError) {
    var grown = specification
    grown.hosts += hosts
    try grown.validate()
    try cache.build(Lab.pieces(of: hosts.map(\.release)), progress: progress)
    let first = specification.hosts.count
    specification = grown
    for (index, host) in hosts.enumerated() {
      progress("starting \(host.name)")
      for command in network.commands(for: host, port: first + index) { try command.run() }
      let twin = twin(of: host)
      let key = try twin.make(authorizedKey: authorizedKey())
      try trust(host, key: key)
      try twin.start()
    }
    try state.remember(specification)
    try waitForLogin(hosts, progress: progress)
  }

  private func makeFoundation() throws(LabError) {
    try LabFiles.remove(state.disks)
    try LabFiles.makeFolder(state.disks, mode: 0o700)
    try LabCommand([
      "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", specification.label, "-f",
      state.privateKeyPath,
    ]).run()
    try LabFiles.write("", to: state.knownHostsPath)
    for command in network.commands { try command.run() }
    try state.remember(specification)
  }

  private func authorizedKey() throws(LabError) -> String {
    guard let key = LabFiles.read(state.privateKeyPath + ".pub") else {
      throw LabError(.wrongState, "the key of lab \(specification.name) is gone")
    }
    return key.split(separator: "\n").joined()
  }

  private func trust(_ host: LabHost, key: String) throws(LabError) {
    let names = ([host.name] + host.addresses.map(\.address)).map {
      // As ssh writes a name whose port isn't its usual one.
      host.port == 22 ? $0 : "[\($0)]:\(host.port)"
    }
    let known = LabFiles.read(state.knownHostsPath) ?? ""
    try LabFiles.write(
      known + "\(names.joined(separator: ",")) \(key)\n", to: state.knownHostsPath)
  }

  /// The container of a host.
  func twin(of host: LabHost) -> LabTwin {
    LabTwin(
      host: host, specification: specification, state: state, cache: cache, cgroups: cgroups)
  }
}
