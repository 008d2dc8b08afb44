import Foundation
import Hosts
import Testing

@testable import Transports

/// Becoming other users, which only root can arrange.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: getuid() == 0)) struct BecomeTests {
  private static let nobody = Become(user: "nobody")

  @Test(arguments: Transport.kinds)
  func scriptsRunAsTheUser(_ transport: Transport) async throws {
    let host = try await transport.connect()
    #expect(try await host.read("id -un", as: Self.nobody).text == "nobody\n")
    #expect(try await host.run(Command("id -un"), as: Self.nobody).text == "nobody\n")
    #expect(try await host.read("id -un", as: nil).text == "root\n")
    // The login user needs no program to become himself.
    let none = Become(method: "sudo", user: "root", executable: "/no/such/sudo")
    #expect(try await host.read("id -un", as: none).text == "root\n")
    let su = Become(method: "su", user: "nobody", flags: "-s /bin/sh")
    #expect(try await host.read("id -un; echo ${LC_ALL-none}", as: su).text == "nobody\nnone\n")
    let path = "/tmp/transports-\(UUID().uuidString)"
    try await host.upload(.text("mine"), to: path, as: Self.nobody)
    #expect(try await host.read("stat -c '%U %a' \(path)", as: nil).text == "nobody 600\n")
    _ = try await host.read("rm \(path)", as: Self.nobody)
    await host.close()
  }

  /// The whole way: password login, a noisy login shell, sudo with a password.
  @Test func passwordsAreGivenWhereAsked() async throws {
    let user = try TemporaryUser(sudo: "ALL=(ALL) ALL")
    let server = try SSHServer(settings: "PasswordAuthentication yes")
    let host = try await server.connect {
      $0.user = user.name
      $0.password = user.password
      $0.privateKeyFile = "\(server.folder.path)/stranger"
    }
    let output = try await host.run(Command("id -un; echo e >&2"), as: nil)
    #expect(output == CommandOutput(status: 0, "\(user.name)\n", standardError: "e\n"))
    let root = Become(user: "root", password: user.password)
    let become = try await host.run(Command("id -un; echo e >&2"), as: root)
    #expect(become == CommandOutput(status: 0, "root\n", standardError: "e\n"))
    let path = "\(server.folder.path)/by_root"
    try await host.upload(.bytes([0, 10, 255]), to: path, as: root)
    let uploaded = try await host.read("cat \(path); stat -c %U%a \(path) >&2", as: root)
    #expect(uploaded.standardOutput == [0, 10, 255])
    #expect(uploaded.errorText == "root600\n")
    try await refusals(host, user)
    let late = await #expect(throws: HostError.self) {
      try await host.run(Command("sleep 100", timeout: .milliseconds(300)), as: root)
    }
    #expect(late?.message == "the command took longer than 0.3 s and was ended")
    await host.close()
  }

  private func refusals(_ host: any Hosts.Host, _ user: TemporaryUser) async throws {
    let wrong = Become(user: "root", password: "canary-wrong")
    let missing = Become(user: "root")
    let other = Become(method: "pbrun", user: "root")
    let absent = Become(user: "root", executable: "/no/such/sudo")
    let su = Become(method: "su", user: "root", password: "canary-wrong")
    for (become, words) in [
      (wrong, "sudo refused the password for becoming root"),
      (missing, "sudo didn't let us become root: sudo: a password is required"),
      (other, "become_method 'pbrun' isn't supported"),
      (absent, "/no/such/sudo"), (su, "su didn't let us become root: su: Authentication failure"),
    ] {
      let error = await #expect(throws: HostError.self) { try await host.read("id", as: become) }
      #expect(error?.kind == .becomeFailed)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
      #expect(error?.help != nil)
      #expect(error.map { "\($0)" }?.contains("canary") == false)
    }
  }

  @Test func keyboardInteractiveLogsIn() async throws {
    let user = try TemporaryUser()
    let server = try SSHServer(
      settings: "UsePAM yes\nKbdInteractiveAuthentication yes\nPasswordAuthentication no")
    let host = try await server.connect {
      $0.user = user.name
      $0.password = user.password
      $0.privateKeyFile = "\(server.folder.path)/stranger"
    }
    #expect(try await host.read("id -un", as: nil).text == "\(user.name)\n")
    await host.close()
    let error = await #expect(throws: HostError.self) {
      try await server.connect {
        $0.user = user.name
        $0.password = "canary-wrong"
        $0.privateKeyFile = nil
      } options: {
        $0.homeFolder = "/nonexistent"
      }
    }
    #expect(error?.message.contains("tried keyboard-interactive") == true)
    #expect(error.map { "\($0)" }?.contains("canary") == false)
  }

  @Test func accountsWithoutAShellAreSaid() async throws {
    let user = try TemporaryUser()
    try Program.run(["usermod", "-s", "/usr/sbin/nologin", user.name])
    let server = try SSHServer.shared.get()
    let host = try await server.connect { $0.user = user.name }
    let error = await #expect(throws: HostError.self) { try await host.read("id", as: nil) }
    #expect(error?.kind == .unreachable)
    #expect(error?.message.contains("This account is currently not available") == true)
    await host.close()
  }

  /// One user who may become another, and neither is root: what arrives is the other's alone.
  @Test(arguments: [Transport.Kind.ssh, .openssh])
  func unprivilegedUsersBecomeOthers(_ kind: Transport.Kind) async throws {
    let other = try TemporaryUser()
    let user = try TemporaryUser(sudo: "ALL=(\(other.name)) NOPASSWD: ALL")
    let server = try SSHServer.shared.get()
    var target = server.target
    target.connection = kind.rawValue
    target.user = user.name
    let host = try await Connector(server.options).connect(to: target)
    let become = Become(user: other.name)
    let path = "/tmp/transports-\(UUID().uuidString)"
    try await host.upload(.text("theirs"), to: path, as: become)
    let script = "stat -c '%U %a' \(path); cat \(path); echo; echo $HOME; rm \(path)"
    let output = try await host.run(Command(script, executable: "/bin/sh"), as: become)
    #expect(output.text == "\(other.name) 600\ntheirs\n/home/\(other.name)\n")
    let root = await #expect(throws: HostError.self) {
      try await host.read("id", as: Become(user: "root"))
    }
    #expect(root?.kind == .becomeFailed)
    // Two users in one connection, each with a shell that stays.
    let shells = try await [
      host.read("echo $$", as: become), host.read("echo $$", as: nil),
      host.read("echo $$", as: become), host.read("echo $$", as: nil),
    ]
    #expect(shells[0] == shells[2])
    #expect(shells[1] == shells[3])
    #expect(shells[0] != shells[1])
    await host.close()
    withExtendedLifetime((user, other)) {}
  }

  @Test func programAndFlagsAreChosen() async throws {
    let server = try SSHServer.shared.get()
    let program = try server.folder.write(
      "my sudo", "#!/bin/sh\necho \"$@\" >>'\(server.folder.path)/flags'\nexec sudo \"$@\"\n",
      mode: 0o755)
    let host = try await server.connect()
    let become = Become(user: "nobody", flags: "-H -E", executable: program)
    #expect(try await host.read("id -un", as: become).text == "nobody\n")
    let flags = try String(contentsOfFile: "\(server.folder.path)/flags", encoding: .utf8)
    #expect(flags.hasPrefix("-H -E -n -u nobody /bin/sh -c"))
    await host.close()
  }

  /// The prompt is ours, whatever language the program speaks; its own words are passed on.
  @Test func sudoMaySpeakAnyLanguage() async throws {
    let user = try TemporaryUser(sudo: "ALL=(ALL) ALL")
    let server = try SSHServer.shared.get()
    // As a translation has it.
    let program = try server.folder.write(
      "sudo_de",
      """
      #!/bin/sh
      case " $* " in
      *' -n '*) echo 'sudo: Ein Passwort ist notwendig' >&2; exit 1;;
      esac
      printf 'Wir gehen davon aus, dass der lokale Administrator Sie belehrt hat:\\n' >&2
      exec sudo "$@"
      """, mode: 0o755)
    let host = try await server.connect { $0.user = user.name }
    let right = Become(password: user.password, executable: program)
    #expect(try await host.read("id -un", as: right).text == "root\n")
    let none = await #expect(throws: HostError.self) {
      try await host.read("id", as: Become(executable: program))
    }
    #expect(none?.message.contains("Ein Passwort ist notwendig") == true)
    #expect(none?.help?.contains("ansible_become_password") == true)
    await host.close()
    withExtendedLifetime(user) {}
  }

  @Test func suTakesAPassword() async throws {
    let user = try TemporaryUser()
    let other = try TemporaryUser()
    let server = try SSHServer.shared.get()
    let host = try await server.connect { $0.user = user.name }
    let become = Become(method: "su", user: other.name, password: other.password)
    #expect(try await host.read("id -un", as: become).text == "\(other.name)\n")
    await host.close()
    withExtendedLifetime((user, other)) {}
  }

  private static let hasDoas = access("/usr/bin/doas", X_OK) == 0

  @Test(.enabled(if: hasDoas), arguments: [Transport.Kind.ssh, .openssh], [nil, "nopass"])
  func doasTakesAPassword(_ kind: Transport.Kind, _ options: String?) async throws {
    let user = try TemporaryUser(doas: options ?? "")
    let server = try SSHServer.shared.get()
    let host = try await server.connect {
      $0.user = user.name
      $0.connection = kind == .openssh ? "openssh" : "ssh"
    }
    let root = Become(method: "doas", user: "root", password: user.password)
    let output = try await host.run(Command("id -un; printf '\\r\\n\\004'; echo e >&2"), as: root)
    #expect(output == CommandOutput(status: 0, "root\n\r\n\u{4}", standardError: "e\n"))
    // A terminal would change what it takes for its own signs.
    let path = "\(server.folder.path)/by_root"
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try await host.upload(.bytes(bytes), to: path, as: root)
    #expect(try await host.read("cat \(path)", as: root).standardOutput == bytes)
    let late = await #expect(throws: HostError.self) {
      try await host.run(Command("sleep 98764", timeout: .milliseconds(500)), as: root)
    }
    #expect(late?.message == "the command took longer than 0.5 s and was ended")
    #expect(try await host.read("pgrep -x -f 'sleep 98764' || echo none", as: nil).text == "none\n")
    await host.close()
  }

  @Test(.enabled(if: hasDoas)) func doasRefusalsAreSaid() async throws {
    let user = try TemporaryUser(doas: "")
    let other = try TemporaryUser()
    let server = try SSHServer.shared.get()
    for (user, password, words) in [
      (user, "canary-wrong", "doas didn't let us become root: doas: Authentication failed"),
      (user, nil, "doas didn't let us become root: doas: Authentication required"),
      (other, other.password, "doas didn't let us become root: doas: Operation not permitted"),
    ] {
      let host = try await server.connect { $0.user = user.name }
      let become = Become(method: "doas", user: "root", password: password)
      let error = await #expect(throws: HostError.self) { try await host.read("id", as: become) }
      #expect(error?.kind == .becomeFailed)
      #expect(error?.message == words)
      #expect(error.map { "\($0)" }?.contains("canary") == false)
      await host.close()
    }
  }

  /// The program wants a new password, which nobody can give.
  @Test func expiredPasswordsAreSaid() async throws {
    let user = try TemporaryUser(sudo: "ALL=(ALL) ALL")
    let server = try SSHServer(settings: "UsePAM yes")
    let before = try await server.connect { $0.user = user.name }
    #expect(try await before.read("id -un", as: nil).text == "\(user.name)\n")
    try Program.run(["chage", "-d", "0", user.name])
    let sudo = await #expect(throws: HostError.self) {
      try await before.read("id", as: Become(password: user.password))
    }
    #expect(sudo?.kind == .becomeFailed)
    #expect(sudo?.message.contains("expired") == true, "\(sudo?.message ?? "")")
    #expect(sudo?.help?.contains("expired") == true)
    #expect(sudo.map { "\($0)" }?.contains("canary") == false)
    await before.close()
    let host = try await server.connect { $0.user = user.name }
    let login = await #expect(throws: HostError.self) { try await host.read("id", as: nil) }
    #expect(login?.message.contains("Your password has expired") == true, "\(login?.message ?? "")")
    #expect(login?.help?.contains("change the user's password") == true)
    await host.close()
    withExtendedLifetime(user) {}
  }
}
