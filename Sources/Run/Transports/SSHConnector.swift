package import Hosts
internal import NIOCore
internal import Synchronization

/// Connects by SSH.
package final class SSHConnector: HostConnector {
  private let options: TransportOptions
  private let gate: ConnectGate
  /// Shared by the hosts behind them, for as long as the connector lives.
  private let jumps = Mutex<[ConnectionTarget: SSHMachine]>([:])
  private let files = SSHConfigFiles()
  private let passphrases: Passphrases
  private let knownHosts = KnownHostsFiles()

  package init(_ options: TransportOptions = TransportOptions()) {
    self.options = options
    gate = ConnectGate(options.parallelConnects)
    passphrases = Passphrases(asking: options.askForPassphrase)
  }

  package func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    let machine = try await machine(for: target, depth: 0)
    try await machine.connect()
    return ShellHost(machine, target, options)
  }

  private func machine(
    for target: ConnectionTarget, depth: Int
  ) async throws(HostError) -> SSHMachine {
    guard depth < 8 else {
      throw HostError(
        .unreachable, "the jump hosts for \(target.address) lead in a circle",
        help: "see ProxyJump in the SSH configuration")
    }
    let settings = try await settings(of: target)
    var jump: SSHMachine?
    if let last = settings.jumps.last {
      guard let next = JumpHost(last) else {
        throw HostError(
          .unreachable, "'\(last)' is no jump host", help: "write [user@]host[:port]")
      }
      // A pattern of the configuration may send the jump host through itself: ssh goes straight.
      if next.host != target.address || next.port ?? 22 != settings.port {
        let others = Array(settings.jumps.dropLast())
        jump = try await sharedMachine(
          for: next.target(from: target, settings, through: others), depth: depth + 1)
      }
    }
    // What is nested must share the outer connection's event loop.
    let eventLoop = jump?.eventLoop ?? options.eventLoops.next()
    return SSHMachine(
      target, settings, options, on: eventLoop, through: jump, gate, passphrases, knownHosts)
  }

  /// Reads the configuration where blocking does no harm: a `Match exec` may take its time.
  private func settings(of target: ConnectionTarget) async throws(HostError) -> SSHSettings {
    let files = files
    let options = options
    return try await NameLookup.waiting { () throws(HostError) in
      try SSHSettings(target, options, files: files)
    }
  }

  private func sharedMachine(
    for target: ConnectionTarget, depth: Int
  ) async throws(HostError) -> SSHMachine {
    if let machine = jumps.withLock({ $0[target] }) { return machine }
    let made = try await machine(for: target, depth: depth)
    return jumps.withLock { machines in
      if let other = machines[target] { return other }
      machines[target] = made
      return made
    }
  }
}
