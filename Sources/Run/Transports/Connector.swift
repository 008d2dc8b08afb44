package import Hosts
internal import NIOCore

/// Makes connections of the kind that each target asks for.
package struct Connector: HostConnector {
  private let ssh: SSHConnector
  private let openSSH: OpenSSHConnector
  private let local: LocalConnector

  package init(_ options: TransportOptions = TransportOptions()) {
    ssh = SSHConnector(options)
    openSSH = OpenSSHConnector(options)
    local = LocalConnector(options)
  }

  package func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    switch target.connection {
    // All ways of Ansible's to speak SSH are one here.
    case "ssh", "smart", "paramiko", "paramiko_ssh", "libssh", "ansible.builtin.ssh",
      "ansible.builtin.paramiko_ssh", "ansible.netcommon.libssh":
      return try await ssh.connect(to: target)
    case "openssh": return try await openSSH.connect(to: target)
    case "local", "ansible.builtin.local": return try await local.connect(to: target)
    default:
      throw HostError(
        .unreachable, "ansible_connection '\(target.connection)' isn't supported",
        help: "use ssh, openssh or local")
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
