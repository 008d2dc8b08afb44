package import Hosts
internal import NIOCore
internal import Synchronization

/// Makes connections of the kind that each target asks for.
package struct Connector: HostConnector {
  private let ssh: SSHConnector
  private let local: LocalConnector

  package init(_ options: TransportOptions = TransportOptions()) {
    ssh = SSHConnector(options)
    local = LocalConnector(options)
  }

  package func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    switch target.connection {
    // All ways of Ansible's to speak SSH are one here.
    case "ssh", "smart", "paramiko", "paramiko_ssh", "libssh", "ansible.builtin.ssh",
      "ansible.builtin.paramiko_ssh", "ansible.netcommon.libssh":
      return try await ssh.connect(to: target)
    case "local", "ansible.builtin.local": return try await local.connect(to: target)
    default:
      throw HostError(
        .unreachable, "ansible_connection '\(target.connection)' isn't supported",
        help: "use ssh or local")
    }
  }
}

/// Connects to this machine.
package struct LocalConnector: HostConnector {
  private let options: TransportOptions

  package init(_ options: TransportOptions = TransportOptions()) { self.options = options }

  package func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    ShellHost(LocalMachine(on: options.eventLoops.next()), target, options)
  }
}

/// Connects by SSH.
package final class SSHConnector: HostConnector {
  private let options: TransportOptions
  private let gate: ConnectGate
  /// Shared by the hosts behind them, for as long as the connector lives.
  private let jumps = Mutex<[ConnectionTarget: SSHMachine]>([:])

  package init(_ options: TransportOptions = TransportOptions()) {
    self.options = options
    gate = ConnectGate(options.parallelConnects)
  }

  package func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    let machine = try machine(for: target, depth: 0)
    try await machine.connect()
    return ShellHost(machine, target, options)
  }

  private func machine(
    for target: ConnectionTarget, depth: Int
  ) throws(HostError) -> SSHMachine {
    guard depth < 8 else {
      throw HostError(
        .unreachable, "the jump hosts for \(target.address) lead in a circle",
        help: "see ProxyJump in the SSH configuration")
    }
    let settings = try SSHSettings(target, options)
    var jump: SSHMachine?
    if let last = settings.jumps.last {
      guard let next = JumpHost(last) else {
        throw HostError(
          .unreachable, "'\(last)' is no jump host", help: "write [user@]host[:port]")
      }
      // A pattern of the configuration may send the jump host through itself: ssh goes straight.
      if next.host != target.address || next.port ?? 22 != settings.port {
        let jumpTarget = next.target(from: target, through: Array(settings.jumps.dropLast()))
        jump = try sharedMachine(for: jumpTarget, depth: depth + 1)
      }
    }
    // What is nested must share the outer connection's event loop.
    let eventLoop = jump?.eventLoop ?? options.eventLoops.next()
    return SSHMachine(target, settings, options, on: eventLoop, through: jump, gate)
  }

  private func sharedMachine(
    for target: ConnectionTarget, depth: Int
  ) throws(HostError) -> SSHMachine {
    if let machine = jumps.withLock({ $0[target] }) { return machine }
    let made = try machine(for: target, depth: depth)
    return jumps.withLock { machines in
      if let other = machines[target] { return other }
      machines[target] = made
      return made
    }
  }
}

/// `[user@]host[:port]`, as `-J` and ProxyJump have it; `ssh://` may stand before it.
struct JumpHost: Hashable {
  var user: String?
  var host: String
  var port: Int?

  init?(_ text: String) {
    var rest = text[...]
    if rest.hasPrefix("ssh://") { rest = rest.dropFirst(6) }
    if let at = rest.lastIndex(of: "@") {
      user = String(rest[..<at])
      rest = rest[rest.index(after: at)...]
    }
    if rest.first == "[", let end = rest.firstIndex(of: "]") {
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
    } else {
      // More than one colon is an IPv6 address without port.
      let colon = rest.count(where: { $0 == ":" }) == 1 ? rest.firstIndex(of: ":") : nil
      host = String(rest[..<(colon ?? rest.endIndex)])
      rest = rest[(colon ?? rest.endIndex)...]
    }
    if rest.first == ":" {
      guard let number = Int(rest.dropFirst()), (1...65535).contains(number) else { return nil }
      port = number
    } else if !rest.isEmpty {
      return nil
    }
    if host.isEmpty { return nil }
  }

  /// As ssh does, the jump host has its own settings; whether keys are checked is the target's.
  func target(from target: ConnectionTarget, through others: [String]) -> ConnectionTarget {
    var jump = ConnectionTarget(name: host, address: host)
    jump.user = user
    jump.port = port
    jump.checksHostKey = target.checksHostKey
    jump.knownHostsFile = target.knownHostsFile
    jump.connectTimeout = target.connectTimeout
    if !others.isEmpty { jump.sshArguments = ["-J", others.joined(separator: ",")] }
    if let index = target.sshArguments.firstIndex(of: "-F"),
      target.sshArguments.indices.contains(index + 1)
    {
      jump.sshArguments += ["-F", target.sshArguments[index + 1]]
    }
    return jump
  }
}
