import Foundation
import Hosts
import Testing

@testable import Transports

/// The system's ssh as the way in, where libssh2 can't go.
@Suite(.serialized, .timeLimit(.minutes(3))) struct OpenSSHTests {
  private func connect(
    _ server: SSHServer, _ change: (inout ConnectionTarget) -> Void = { _ in },
    options change2: (inout TransportOptions) -> Void = { _ in }
  ) async throws(HostError) -> any Hosts.Host {
    var target = server.target
    target.connection = "openssh"
    change(&target)
    var options = server.options
    change2(&options)
    return try await Connector(options).connect(to: target)
  }

  private func says(_ host: any Hosts.Host) async throws -> String {
    let output = try await host.read("echo in", as: nil)
    await host.close()
    return output.text
  }

  /// What libssh2 before 1.11 can't do, each with the error that names the other way.
  @Test(arguments: [
    ("", ["rsa"]),
    ("MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com", ["ed25519"]),
  ])
  func serversBeyondLibssh2AreReached(_ settings: String, _ keys: [String]) async throws {
    let server = try SSHServer(settings: settings, hostKeys: keys)
    if SessionHandle.signsWithRSA {
      #expect(try await says(server.connect()) == "in\n")
    } else {
      let error = await #expect(throws: HostError.self) { try await server.connect() }
      // Whoever of both sees it first hangs up.
      let message = error?.message ?? ""
      #expect(
        message.contains("no algorithm in common") || message.contains("while keys were exchanged"))
      #expect(error?.help?.contains("ansible_connection: openssh") == true)
    }
    #expect(try await says(connect(server)) == "in\n")
  }

  @Test func certificatesLogIn() async throws {
    let server = try SSHServer()
    let folder = server.folder.path
    // An authority of its own for users and for hosts.
    try Program.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/authority"])
    let authority = try String(contentsOfFile: "\(folder)/authority.pub", encoding: .utf8)
    let allowed = try String(contentsOfFile: "\(folder)/authorized_keys", encoding: .utf8)
    try server.folder.write(
      "authorized_keys", allowed + "cert-authority \(authority)", mode: 0o644)
    let file = "\(folder)/certified"
    try Program.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file])
    try Program.run([
      "ssh-keygen", "-q", "-s", "\(folder)/authority", "-I", "id", "-n",
      LocalUser.current.name, file + ".pub",
    ])
    #expect(try await says(connect(server) { $0.privateKeyFile = file }) == "in\n")
  }

  @Test func encryptedKeysAndWrongOnes() async throws {
    let server = try SSHServer()
    let file = try server.makeKey("locked", ["-t", "ed25519"], passphrase: "open 'sesame")
    let host = try await connect(server) {
      $0.privateKeyFile = file
      $0.privateKeyPassphrase = "open 'sesame"
    }
    #expect(try await says(host) == "in\n")
    for (key, passphrase) in [(file, "canary"), ("\(server.folder.path)/stranger", nil)] {
      let error = await #expect(throws: HostError.self) {
        try await connect(server) {
          $0.privateKeyFile = key
          $0.privateKeyPassphrase = passphrase
          $0.sshArguments = ["-o", "IdentitiesOnly=yes"]
        }
      }
      #expect(error?.kind == .unreachable)
      #expect(error?.message.contains("Permission denied") == true, "\(error?.message ?? "")")
      #expect(error.map { "\($0)" }?.contains("canary") == false)
    }
  }

  /// Keys that libssh2 (1.10, or any) can't open: it says so, and ssh opens them.
  @Test(arguments: [
    ["-t", "ed25519", "-Z", "aes256-gcm@openssh.com"],
    ["-t", "ed25519", "-Z", "chacha20-poly1305@openssh.com"], ["-t", "rsa", "-b", "2048"],
  ])
  func keysBeyondLibssh2LogIn(_ words: [String]) async throws {
    let server = try SSHServer()
    let file = try server.makeKey("locked", words, passphrase: "open sesame")
    let isOld = !SessionHandle.signsWithRSA
    if isOld || words.contains("chacha20-poly1305@openssh.com") {
      let error = await #expect(throws: HostError.self) {
        try await server.connect {
          $0.privateKeyFile = file
          $0.privateKeyPassphrase = "open sesame"
        }
      }
      #expect(error?.message.contains("can't open") == true, "\(error?.message ?? "")")
      #expect(error?.help?.contains("ansible_connection: openssh") == true)
    }
    let host = try await connect(server) {
      $0.privateKeyFile = file
      $0.privateKeyPassphrase = "open sesame"
    }
    #expect(try await says(host) == "in\n")
  }

  @Test(.enabled(if: getuid() == 0), arguments: ["Password", "KbdInteractive"])
  func passwordsLogIn(_ kind: String) async throws {
    let user = try TemporaryUser()
    let server = try SSHServer(settings: "UsePAM yes\n\(kind)Authentication yes")
    let host = try await connect(server) {
      $0.user = user.name
      $0.password = user.password
      $0.privateKeyFile = "\(server.folder.path)/stranger"
    }
    #expect(try await host.read("id -un", as: nil).text == "\(user.name)\n")
    await host.close()
    let error = await #expect(throws: HostError.self) {
      try await connect(server) {
        $0.user = user.name
        $0.password = "canary-wrong"
        $0.privateKeyFile = "\(server.folder.path)/stranger"
      }
    }
    #expect(error?.message.contains("Permission denied") == true)
    #expect(error.map { "\($0)" }?.contains("canary") == false)
    withExtendedLifetime(user) {}
  }

  @Test func hostKeysAreSSHsBusiness() async throws {
    let server = try SSHServer.shared.get()
    let file = try server.folder.write("known_nobody", "")
    let error = await #expect(throws: HostError.self) {
      try await connect(server) { $0.knownHostsFile = file }
    }
    #expect(error?.message.contains("Host key verification failed") == true)
    let host = try await connect(server) {
      $0.knownHostsFile = file
      $0.checksHostKey = false
    }
    #expect(try await says(host) == "in\n")
  }

  @Test func nobodyThereIsSaid() async throws {
    var target = ConnectionTarget(name: "nobody", address: "127.0.0.1")
    target.connection = "openssh"
    target.port = 1
    let error = await #expect(throws: HostError.self) { try await Connector().connect(to: target) }
    #expect(error?.message.contains("Connection refused") == true)
    target.sshArguments = ["-o", "NoSuchOption=1"]
    let option = await #expect(throws: HostError.self) { try await Connector().connect(to: target) }
    #expect(option?.message.contains("ssh doesn't take the options") == true)
  }

  @Test func aLostConnectionIsMadeAgain() async throws {
    let server = try SSHServer.shared.get()
    let host = try await connect(server)
    for _ in 0..<2 {
      let error = await #expect(throws: HostError.self) {
        // The shell's parent is this connection's sshd.
        try await host.run(Command("kill -9 $PPID; sleep 5"), as: nil)
      }
      #expect(error?.kind == .connectionLost, "\(error?.message ?? "")")
      #expect(try await host.read("echo back", as: nil).text == "back\n")
    }
    // The shell's own end is none of the connection.
    let shell = await #expect(throws: HostError.self) {
      try await host.run(Command("kill -9 $$"), as: nil)
    }
    #expect(shell?.kind == .actionFailed)
    await host.close()
  }

  @Test func scriptsWaitWhereFewSessionsAreAllowed() async throws {
    let server = try SSHServer(settings: "MaxSessions 2")
    let host = try await connect(server)
    let said = try await withThrowingTaskGroup { group in
      for number in 0..<6 {
        group.addTask { try await host.read("echo \(number)", as: nil).text }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(said == ["0\n", "1\n", "2\n", "3\n", "4\n", "5\n"])
    await host.close()
  }

  /// The master ends with the connection, and takes its private folder with it.
  @Test func closingLeavesNothing() async throws {
    let server = try SSHServer.shared.get()
    let host = try await connect(server)
    let parent = try await host.read("echo $PPID", as: nil).text.dropLast()
    await host.close()
    let ends = """
      i=0; while kill -0 \(parent) 2>/dev/null; do sleep 0.02; i=$((i+1)); [ $i -le 3000 ] || exit 1; done
      """
    try Program.run(script: ends)
  }
}
