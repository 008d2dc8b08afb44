import Foundation
import Hosts
import Testing

@testable import Transports

/// Logins, host keys and what becomes of a connection, with a real sshd.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ConnectingTests {
  private func says(_ host: any Hosts.Host) async throws -> String {
    let output = try await host.read("echo in", as: nil)
    await host.close()
    return output.text
  }

  private static let keys: [(name: String, words: [String], passphrase: String)] = [
    ("ed25519", ["-t", "ed25519"], ""), ("ecdsa", ["-t", "ecdsa"], ""),
    ("ecdsa_pem", ["-t", "ecdsa", "-m", "PEM"], ""),
    ("ecdsa384", ["-t", "ecdsa", "-b", "384"], ""),
    ("ecdsa521", ["-t", "ecdsa", "-b", "521"], ""),
    ("encrypted", ["-t", "ed25519"], "open sesame"),
    ("encrypted_cbc", ["-t", "ed25519", "-Z", "aes256-cbc"], "open sesame"),
    ("ecdsa_pkcs8", ["-t", "ecdsa", "-m", "PKCS8"], "open sesame"),
    ("rsa", ["-t", "rsa", "-b", "2048"], ""),
    ("rsa_pem", ["-t", "rsa", "-b", "2048", "-m", "PEM"], "open sesame"),
    ("rsa_pkcs8", ["-t", "rsa", "-b", "2048", "-m", "PKCS8"], ""),
  ]

  @Test func keysOfAllKindsLogIn() async throws {
    let server = try SSHServer()
    for (name, words, passphrase) in Self.keys {
      let file = try server.makeKey("key_\(name)", words, passphrase: passphrase)
      let host = try await server.connect {
        $0.privateKeyFile = file
        $0.privateKeyPassphrase = passphrase.isEmpty ? nil : passphrase
      }
      #expect(try await says(host) == "in\n", "\(name)")
    }
    try await keysOfTheAgentLogIn(server)
  }

  /// Keys that only the agent can open, RSA among them.
  private func keysOfTheAgentLogIn(_ server: SSHServer) async throws {
    let socket = "\(server.folder.path)/agent"
    let agent = try BackgroundProgram("ssh-agent -D -a \(socket)", until: "SSH_AUTH_SOCK")
    defer { agent.stop() }
    for name in ["rsa", "ecdsa", "ed25519"] {
      let add = ["ssh-add", "-q", "\(server.folder.path)/key_\(name)"]
      try Program.run(["env", "SSH_AUTH_SOCK=\(socket)"] + add)
      let host = try await server.connect {
        $0.privateKeyFile = nil
      } options: {
        $0.agentSocket = socket
        $0.homeFolder = "/nonexistent"
      }
      #expect(try await says(host) == "in\n", "agent \(name)")
      try Program.run(["env", "SSH_AUTH_SOCK=\(socket)", "ssh-add", "-q", "-D"])
    }
  }

  @Test func theUsualKeysAreTried() async throws {
    let server = try SSHServer.shared.get()
    #expect(try await says(server.connect { $0.privateKeyFile = nil }) == "in\n")
  }

  @Test func refusedLoginsSayWhatWasTried() async throws {
    let server = try SSHServer.shared.get()
    let stranger = await #expect(throws: HostError.self) {
      try await server.connect { $0.privateKeyFile = "\(server.folder.path)/stranger" }
    }
    #expect(stranger?.kind == .unreachable)
    #expect(stranger?.message.contains("tried \(server.folder.path)/stranger") == true)
    let missing = await #expect(throws: HostError.self) {
      try await server.connect { $0.privateKeyFile = "/no/such/key" }
    }
    #expect(missing?.message.contains("/no/such/key: No such file or directory") == true)
    let locked = try server.makeKey("locked", ["-t", "ed25519"], passphrase: "open sesame")
    let encrypted = await #expect(throws: HostError.self) {
      try await server.connect { $0.privateKeyFile = locked }
    }
    #expect(encrypted?.message.contains("\(locked) is encrypted") == true)
    let wrong = await #expect(throws: HostError.self) {
      try await server.connect {
        $0.privateKeyFile = locked
        $0.privateKeyPassphrase = "canary-wrong"
      }
    }
    #expect(wrong?.message.contains("wrong passphrase") == true, "\(wrong?.message ?? "")")
    #expect(wrong.map { "\($0)" }?.contains("canary") == false)
  }

  // MARK: Host keys

  @Test func unknownHostKeysAreRefused() async throws {
    let server = try SSHServer.shared.get()
    let file = try server.folder.write("known_none", "")
    let error = await #expect(throws: HostError.self) {
      try await server.connect { $0.knownHostsFile = file }
    }
    let listed = try Program.run(["ssh-keygen", "-l", "-f", "\(server.folder.path)/host_ed25519"])
    let fingerprint = String(listed.split(separator: " ")[1])
    #expect(error?.kind == .unreachable)
    #expect(error?.message.contains("isn't known: ED25519 \(fingerprint)") == true)
    // What the help says to add makes it known.
    let help = try #require(error?.help)
    let line = try #require(help.firstMatch(of: /to \S+: (\S+ \S+ \S+)/)).1
    try server.folder.write("known_none", "\(line)\n")
    #expect(try await says(server.connect { $0.knownHostsFile = file }) == "in\n")
  }

  @Test func changedHostKeysAreRefused() async throws {
    let server = try SSHServer.shared.get()
    let other = try String(contentsOfFile: "\(server.folder.path)/stranger.pub", encoding: .utf8)
    let file = try server.folder.write(
      "known_other", "# first\n[127.0.0.1]:\(server.port) \(other)")
    let error = await #expect(throws: HostError.self) {
      try await server.connect { $0.knownHostsFile = file }
    }
    #expect(error?.message.contains("has changed") == true)
    #expect(error?.message.contains("\(file):2") == true)
    let host = try await server.connect {
      $0.knownHostsFile = file
      $0.checksHostKey = false
    }
    #expect(try await says(host) == "in\n")
  }

  /// The server would show another key first.
  @Test func theKnownTypeIsAskedFor() async throws {
    let server = try SSHServer.shared.get()
    let lines = try String(contentsOfFile: "\(server.folder.path)/known_hosts", encoding: .utf8)
    for type in ["ssh-ed25519", "ecdsa-sha2-nistp256"] {
      let line = try #require(lines.split(separator: "\n").first { $0.contains(type) })
      let file = try server.folder.write("known_\(type)", line + "\n")
      #expect(try await says(server.connect { $0.knownHostsFile = file }) == "in\n")
    }
  }

  @Test func newKeysAreWrittenDown() async throws {
    let server = try SSHServer.shared.get()
    let file = "\(server.folder.path)/known_new"
    for policy in ["accept-new", "yes"] {
      let host = try await server.connect {
        $0.knownHostsFile = file
        $0.sshArguments = ["-o", "StrictHostKeyChecking=\(policy)"]
      }
      #expect(try await says(host) == "in\n")
    }
    let found = try Program.run([
      "ssh-keygen", "-F", "[127.0.0.1]:\(server.port)", "-f", file,
    ])
    #expect(found.contains("found: line 1"))
  }

  // MARK: The way

  @Test func nobodyThereIsSaid() async throws {
    var target = ConnectionTarget(name: "nobody", address: "127.0.0.1")
    target.port = 1
    let connector = Connector()
    let refused = await #expect(throws: HostError.self) { try await connector.connect(to: target) }
    #expect(refused?.kind == .unreachable)
    #expect(refused?.message == "can't connect to 127.0.0.1:1: Connection refused")
    target.connection = "winrm"
    let kind = await #expect(throws: HostError.self) { try await connector.connect(to: target) }
    #expect(kind?.message == "ansible_connection 'winrm' isn't supported")
  }

  /// A listener that accepts and says nothing.
  @Test func theTimeOutCoversTheLogin() async throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, length)
        _ = listen(descriptor, 1)
        _ = getsockname(descriptor, $0, &length)
      }
    }
    var target = ConnectionTarget(name: "silent", address: "127.0.0.1")
    target.port = Int(UInt16(bigEndian: address.sin_port))
    target.connectTimeout = .milliseconds(300)
    let error = await #expect(throws: HostError.self) { try await Connector().connect(to: target) }
    #expect(error?.message.contains("no answer within 0.3 s") == true)
  }

  @Test func aBusyServerIsAskedAgain() async throws {
    let server = try SSHServer(settings: "MaxStartups 1:100:1")
    try await withThrowingTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          try await server.connect(options: { $0.bannerRetries = 100 })
        }
      }
      for try await host in group { #expect(try await says(host) == "in\n") }
    }
  }

  /// Debian 13's sshd after failed logins, and a port at which something else answers.
  @Test(arguments: [
    ("Not allowed at this time\\r\\n", "turns this machine away: Not allowed at this time"),
    ("HTTP/1.1 400 Bad\\r\\n\\r\\n", "hung up before it said who it is: HTTP/1.1 400 Bad"),
  ])
  func whyAServerHangsUpIsSaid(says line: String, message: String) async throws {
    // It reads first: a socket closed with something unread takes back what it sent.
    let server = try BackgroundProgram(
      "exec python3 -c 'import socket; s=socket.socket(); s.bind((\"127.0.0.1\",0)); s.listen(9); "
        + "print(\"port\", s.getsockname()[1], \"end\", flush=True)\nwhile True:\n"
        + " c=s.accept()[0]; c.recv(99); c.sendall(b\"\(line)\"); c.close()'",
      until: "end")
    defer { server.stop() }
    var target = ConnectionTarget(name: "rude", address: "127.0.0.1")
    target.port = server.port
    let error = await #expect(throws: HostError.self) { try await Connector().connect(to: target) }
    #expect(error?.message == "127.0.0.1:\(server.port) \(message)")
  }

  @Test func hostsAreReachedThroughOthers() async throws {
    let gate = try SSHServer()
    let server = try SSHServer.shared.get()
    let user = LocalUser.current.name
    let known = try ["known_hosts"].map {
      try String(contentsOfFile: "\(gate.folder.path)/\($0)", encoding: .utf8)
        + String(contentsOfFile: "\(server.folder.path)/\($0)", encoding: .utf8)
    }
    let file = try gate.folder.write("known_both", known[0])
    var target = server.target
    target.knownHostsFile = file
    target.sshArguments = ["-J", "\(user)@127.0.0.1:\(gate.port)"]
    var options = server.options
    options.homeFolder = gate.folder.path
    let host = try await SSHConnector(options).connect(to: target)
    #expect(try await host.read("echo $SSH_CONNECTION", as: nil).text.contains("127.0.0.1"))
    let content = [UInt8](repeating: 7, count: 3 << 20)
    let path = "\(server.folder.path)/through"
    try await host.upload(.bytes(content), to: path, as: nil)
    #expect(try await host.read("cat \(path)", as: nil).standardOutput == content)
    gate.stop()
    let error = await #expect(throws: HostError.self) {
      try await host.run(Command("kill -9 $PPID; sleep 5", isContained: true), as: nil)
    }
    #expect(error?.kind == .connectionLost)
    await host.close()
  }

  // MARK: Loss

  @Test func aLostConnectionIsMadeAgain() async throws {
    let server = try SSHServer.shared.get()
    let host = try await server.connect()
    let error = await #expect(throws: HostError.self) {
      // The shell's parent is this connection's sshd.
      try await host.run(Command("kill -9 $PPID; sleep 5"), as: nil)
    }
    #expect(error?.kind == .connectionLost)
    #expect(try await host.read("echo back", as: nil).text == "back\n")
    let again = await #expect(throws: HostError.self) {
      try await host.run(Command("kill -9 $PPID; sleep 5"), as: nil)
    }
    #expect(again?.kind == .connectionLost)
    #expect(try await host.run(Command("echo back"), as: nil).text == "back\n")
    await host.close()
  }

  /// A server that allows fewer shells than we'd open.
  @Test func scriptsWaitWhereFewSessionsAreAllowed() async throws {
    let server = try SSHServer(settings: "MaxSessions 2")
    let host = try await server.connect()
    let said = try await withThrowingTaskGroup { group in
      for number in 0..<6 {
        group.addTask { try await host.read("echo \(number)", as: nil).text }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(said == ["0\n", "1\n", "2\n", "3\n", "4\n", "5\n"])
    await host.close()
  }

  @Test func aSilentHostIsFoundOut() async throws {
    let server = try SSHServer.shared.get()
    let host = try await server.connect(options: {
      $0.keepAliveInterval = .seconds(1)
      $0.keepAliveCount = 4
    })
    let parent = try await host.read("echo $PPID", as: nil).text
    let number = try #require(Int32(parent.prefix { $0 != "\n" }))
    kill(number, SIGSTOP)
    let error = await #expect(throws: HostError.self) {
      try await host.run(Command("echo never"), as: nil)
    }
    kill(number, SIGKILL)
    #expect(error?.kind == .connectionLost)
    #expect(error?.message.contains("hasn't answered") == true)
    await host.close()
  }

  /// A server that asks whether we live must get its answer, though nobody reads.
  @Test func idleConnectionsLive() async throws {
    let server = try SSHServer(settings: "ClientAliveInterval 1\nClientAliveCountMax 2")
    let host = try await server.connect()
    let parent = "echo $PPID"
    let before = try await host.read(parent, as: nil)
    // The server's own clock decides: four of its seconds pass on another connection.
    let other = try await server.connect()
    _ = try await other.run(Command("sleep 4"), as: nil)
    await other.close()
    #expect(try await host.read(parent, as: nil) == before)
    await host.close()
  }
}
