import Foundation
import Hosts
import Testing

@testable import Transports

/// What the SSH configuration says of the way to a host, with a real sshd at its end.
@Suite(.serialized, .timeLimit(.minutes(3))) struct WayTests {
  /// Connects with a configuration of its own, to `host`, whose options lead to the server.
  private func connect(
    _ server: SSHServer, _ config: String, to host: String = "there",
    change: (inout TransportOptions) -> Void = { _ in }
  ) async throws(HostError) -> any Hosts.Host {
    var target = ConnectionTarget(name: host, address: host)
    target.privateKeyFile = "\(server.folder.path)/user_ed25519"
    var options = server.options
    let name = "config-\(UUID().uuidString)"
    let file = try? server.folder.write(
      name,
      """
      \(config)
      Host *
        User \(LocalUser.current.name)
        Port \(server.port)
        HostKeyAlias [127.0.0.1]:\(server.port)
        UserKnownHostsFile \(server.folder.path)/known_hosts
        ConnectTimeout 50
      """)
    options.configurationFiles = [file].compactMap { $0 }
    change(&options)
    return try await SSHConnector(options).connect(to: target)
  }

  private func said(_ host: any Hosts.Host, _ script: String = "echo in") async throws -> String {
    let output = try await host.read(script, as: nil)
    await host.close()
    return output.text
  }

  // MARK: ProxyCommand

  /// A server that is the ProxyCommand: nothing listens anywhere.
  @Test func proxyCommandsCarryTheConnection() async throws {
    let server = try SSHServer.shared.get()
    let note = "\(server.folder.path)/proxy-\(UUID().uuidString)"
    let config = """
      ProxyCommand sh -c 'echo "$$ %h %p %r %n" >\(note); exec /usr/sbin/sshd -i -f "$0"' \
      "\(server.folder.path)/sshd_config" # a comment for the shell
      Host there
        HostName %h.real
      """
    let host = try await connect(server, config)
    #expect(try await host.read("echo in", as: nil).text == "in\n")
    let content = [UInt8](repeating: 5, count: 3 << 20)
    try await host.upload(.bytes(content), to: note + ".copy", as: nil)
    #expect(try await host.read("cat \(note).copy", as: nil).standardOutput == content)
    let words = try String(contentsOfFile: note, encoding: .utf8).split(
      whereSeparator: \.isWhitespace)
    #expect(
      words.dropFirst() == ["there.real", "\(server.port)", "\(LocalUser.current.name)", "there"])
    await host.close()
    #expect(try Program.run(script: Self.ends(words[0])) == "dead\n")
  }

  /// Fails unless the process ends soon.
  private static func ends(_ number: Substring) -> String {
    """
    i=0; while kill -0 \(number) 2>/dev/null && ! grep -q '^State:.Z' /proc/\(number)/status; do
    i=$((i+1)); [ $i -le 2000 ] || exit 1; done; echo dead
    """
  }

  @Test func proxyCommandsThatFailSayWhy() async throws {
    let server = try SSHServer.shared.get()
    let error = await #expect(throws: HostError.self) {
      try await connect(server, "ProxyCommand echo 'no way to %h' >&2; exit 3")
    }
    #expect(error?.kind == .unreachable)
    #expect(
      error?.message.contains("the ProxyCommand ended: no way to there") == true,
      "\(error?.message ?? "")")
  }

  @Test func proxyCommandsThatHangAreEnded() async throws {
    let server = try SSHServer.shared.get()
    let note = "\(server.folder.path)/hanging-\(UUID().uuidString)"
    let error = await #expect(throws: HostError.self) {
      try await connect(
        server, "ConnectTimeout 5\nProxyCommand sh -c 'echo $$ >\(note); sleep 1000 & sleep 1000'")
    }
    #expect(error?.message.contains("no answer within 5 s") == true)
    let number = try String(contentsOfFile: note, encoding: .utf8).dropLast()
    #expect(try Program.run(script: Self.ends(number)) == "dead\n")
  }

  // MARK: Addresses

  @Test func addressesAreChosen() async throws {
    let server = try SSHServer.shared.get()
    let from = try await connect(server, "BindAddress 127.0.0.2\nHostName 127.0.0.1")
    #expect(try await said(from, "echo ${SSH_CONNECTION%% *}") == "127.0.0.2\n")
    let four = try await connect(server, "AddressFamily inet\nHostName localhost")
    #expect(try await said(four) == "in\n")
    let six = await #expect(throws: HostError.self) {
      try await connect(server, "AddressFamily inet6\nHostName 127.0.0.1")
    }
    #expect(six?.message.contains("the name 127.0.0.1 can't be resolved") == true)
    let wrong = await #expect(throws: HostError.self) {
      try await connect(server, "BindAddress eth0\nHostName 127.0.0.1")
    }
    #expect(wrong?.message.contains("BindAddress 'eth0' is no address") == true)
  }

  @Test func namesThatThereAreNotAreSaid() async throws {
    let server = try SSHServer.shared.get()
    let error = await #expect(throws: HostError.self) {
      try await connect(server, "HostName no-such-host.invalid")
    }
    #expect(error?.message.contains("the name no-such-host.invalid can't be resolved") == true)
  }

  // MARK: Trust

  @Test func revokedKeysAreRefused() async throws {
    let server = try SSHServer.shared.get()
    let keys = ["ed25519", "ecdsa"].compactMap {
      try? String(contentsOfFile: "\(server.folder.path)/host_\($0).pub", encoding: .utf8)
    }
    let listed = try server.folder.write("revoked", "# given up\n" + keys.joined())
    let error = await #expect(throws: HostError.self) {
      try await connect(server, "HostName 127.0.0.1\nRevokedHostKeys \(listed)")
    }
    #expect(error?.message.contains("is revoked by \(listed)") == true)
    let absent = await #expect(throws: HostError.self) {
      try await connect(server, "HostName 127.0.0.1\nRevokedHostKeys /no/such/list")
    }
    #expect(absent?.message.contains("/no/such/list: No such file") == true)
    let none = try server.folder.write("revoked_none", "# nothing yet\n")
    let host = try await connect(server, "HostName 127.0.0.1\nRevokedHostKeys \(none)")
    #expect(try await said(host) == "in\n")
  }

  @Test func newKeysAreWrittenDownHashed() async throws {
    let server = try SSHServer.shared.get()
    let file = "\(server.folder.path)/known_hashed"
    let config = """
      Host there
        HostName 127.0.0.1
        UserKnownHostsFile \(file)
        HostKeyAlias the-alias
        StrictHostKeyChecking accept-new
        HashKnownHosts yes
      """
    #expect(try await said(connect(server, config)) == "in\n")
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("|1|"))
    let found = try Program.run(["ssh-keygen", "-F", "the-alias", "-f", file])
    #expect(found.contains("found: line 1"))
    // Known now, so it may be strict.
    let strict = config.replacing("accept-new", with: "yes")
    #expect(try await said(connect(server, strict)) == "in\n")
  }

  @Test func authoritiesNeedSSH() async throws {
    let server = try SSHServer.shared.get()
    let key = try String(contentsOfFile: "\(server.folder.path)/stranger.pub", encoding: .utf8)
    let file = try server.folder.write("known_authority", "@cert-authority * \(key)")
    let error = await #expect(throws: HostError.self) {
      try await server.connect { $0.knownHostsFile = file }
    }
    #expect(error?.message.contains("isn't known") == true)
    #expect(error?.help?.contains("ansible_connection: openssh") == true)
  }

  // MARK: Keys

  @Test func passphrasesAreAskedForOnce() async throws {
    let server = try SSHServer()
    let file = try server.makeKey("locked", ["-t", "ed25519"], passphrase: "open sesame")
    let asked = try server.folder.write("asked", "")
    let connector = {
      var options = server.options
      options.askForPassphrase = { path in
        _ = LocalFile.append("\(path)\n", to: asked)
        return "open sesame"
      }
      return SSHConnector(options)
    }()
    var target = server.target
    target.privateKeyFile = file
    let wanted = target
    try await withThrowingTaskGroup { group in
      for _ in 0..<4 { group.addTask { try await connector.connect(to: wanted) } }
      for try await host in group { #expect(try await said(host) == "in\n") }
    }
    #expect(try String(contentsOfFile: asked, encoding: .utf8) == "\(file)\n")
    // Where another key does, nobody is asked.
    target.privateKeyFile = nil
    target.sshArguments = ["-i", file, "-i", "\(server.folder.path)/user_ed25519"]
    #expect(try await said(connector.connect(to: target)) == "in\n")
    #expect(try String(contentsOfFile: asked, encoding: .utf8) == "\(file)\n")
  }

  @Test func onlyWhatIsPreferredIsTried() async throws {
    let server = try SSHServer.shared.get()
    let error = await #expect(throws: HostError.self) {
      try await connect(server, "HostName 127.0.0.1\nPreferredAuthentications password")
    }
    #expect(error?.message.contains("nothing to try") == true)
  }

  @Test func whatOnlySSHCanShowIsNamed() async throws {
    let server = try SSHServer()
    let folder = server.folder.path
    let file = "\(folder)/certified"
    try Program.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file])
    try Program.run([
      "ssh-keygen", "-q", "-s", "\(folder)/stranger", "-I", "id", "-n", "root", file + ".pub",
    ])
    let error = await #expect(throws: HostError.self) {
      try await server.connect { $0.privateKeyFile = file }
    }
    #expect(error?.message.contains("not tried: a certificate") == true)
    #expect(error?.help?.contains("ansible_connection: openssh") == true)
  }
}
