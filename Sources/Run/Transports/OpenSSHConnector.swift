package import Hosts
internal import NIOCore

/// Connects by the system's own `ssh`, for what libssh2 can't do: certificates, FIDO keys, GSSAPI,
/// servers with algorithms that libssh2 doesn't have. Its configuration is ssh's business.
package struct OpenSSHConnector: HostConnector {
  private let options: TransportOptions
  private let gate: ConnectGate

  package init(_ options: TransportOptions = TransportOptions()) {
    self.options = options
    gate = ConnectGate(options.parallelConnects)
  }

  package func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    let machine = OpenSSHMachine(target, options, on: options.eventLoops.next(), gate)
    try await machine.connect()
    return ShellHost(machine, target, options)
  }
}
