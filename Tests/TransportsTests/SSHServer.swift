import Foundation
import Hosts
import Testing

@testable import Transports

/// A real sshd on a loopback port, with host keys, user keys and a known_hosts file of its own.
final class SSHServer: Sendable {
  let folder: TemporaryFolder
  let port: Int
  private let program: BackgroundProgram

  /// Started once, for the tests that need nothing special of it.
  static let shared = Result { try SSHServer() }

  /// `settings` are further lines of sshd_config.
  init(settings: String = "", hostKeys: [String] = ["ed25519", "ecdsa"]) throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    if getuid() == 0 {
      try FileManager.default.createDirectory(
        atPath: "/run/sshd", withIntermediateDirectories: true)
    }
    for type in hostKeys {
      try Program.run([
        "ssh-keygen", "-q", "-t", type, "-N", "", "-f", "\(folder.path)/host_\(type)",
      ])
    }
    try Self.makeUserKeys(in: folder)
    port = try Self.freePort()
    let config = try folder.write(
      "sshd_config",
      """
      Port \(port)
      ListenAddress 127.0.0.1
      \(hostKeys.map { "HostKey \(folder.path)/host_\($0)" }.joined(separator: "\n"))
      PidFile \(folder.path)/sshd.pid
      AuthorizedKeysFile \(folder.path)/authorized_keys
      StrictModes no
      PermitRootLogin yes
      \(settings)
      UsePAM no
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      MaxStartups 200
      MaxSessions 20
      """)
    program = try BackgroundProgram(
      "/usr/sbin/sshd -D -e -f \(config)", until: "Server listening",
      afterwards: "rm -rf \(folder.path)")
    let known = hostKeys.compactMap { type -> String? in
      guard
        let text = try? String(
          contentsOfFile: "\(folder.path)/host_\(type).pub", encoding: .utf8)
      else { return nil }
      let words = text.split(separator: " ")
      return "[127.0.0.1]:\(port) \(words[0]) \(words[1])"
    }
    try folder.write("known_hosts", known.joined(separator: "\n") + "\n")
  }

  func stop() { program.stop() }

  /// A target with the server's address, its known_hosts and the plain ed25519 key.
  var target: ConnectionTarget {
    var target = ConnectionTarget(name: "server", address: "127.0.0.1")
    target.port = port
    target.user = LocalUser.current.name
    target.knownHostsFile = "\(folder.path)/known_hosts"
    target.privateKeyFile = "\(folder.path)/user_ed25519"
    // A busy machine is no failure.
    target.connectTimeout = .seconds(50)
    return target
  }

  /// Options that see nothing of the person who runs the tests.
  var options: TransportOptions {
    var options = TransportOptions()
    options.homeFolder = folder.path
    options.configurationFiles = []
    options.agentSocket = nil
    return options
  }

  func connect(
    _ change: (inout ConnectionTarget) -> Void = { _ in },
    options change2: (inout TransportOptions) -> Void = { _ in }
  ) async throws(HostError) -> any Hosts.Host {
    var target = target
    change(&target)
    var options = options
    change2(&options)
    return try await SSHConnector(options).connect(to: target)
  }

  /// A key that may log in, where it's asked for without a name too, and one that may not.
  private static func makeUserKeys(in folder: TemporaryFolder) throws {
    let file = "\(folder.path)/user_ed25519"
    try Program.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test key", "-f", file])
    // Read as the user who logs in.
    try folder.write(
      "authorized_keys", try String(contentsOfFile: file + ".pub", encoding: .utf8), mode: 0o644)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/.ssh", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: file, toPath: "\(folder.path)/.ssh/id_ed25519")
    try Program.run([
      "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder.path)/stranger",
    ])
  }

  /// Makes a further key that may log in, and gives its file.
  func makeKey(_ name: String, _ words: [String], passphrase: String = "") throws -> String {
    let file = "\(folder.path)/\(name)"
    try Program.run(["ssh-keygen", "-q", "-f", file, "-N", passphrase] + words)
    let allowed = try String(contentsOfFile: "\(folder.path)/authorized_keys", encoding: .utf8)
    let key = try String(contentsOfFile: file + ".pub", encoding: .utf8)
    try folder.write("authorized_keys", allowed + key, mode: 0o644)
    return file
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard bound else { throw Program.Failure(description: "no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
