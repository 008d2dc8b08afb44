import Foundation
import Hosts
import Testing

@testable import Transports

/// Becoming other users, which only root can arrange.
@Suite(.timeLimit(.minutes(3)), .enabled(if: getuid() == 0)) struct BecomeTests {
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
    let doas = Become(method: "doas", user: "root", password: "canary-wrong")
    let other = Become(method: "pbrun", user: "root")
    let absent = Become(user: "root", executable: "/no/such/sudo")
    let su = Become(method: "su", user: "root", password: "canary-wrong")
    for (become, words) in [
      (wrong, "sudo refused the password for becoming root"),
      (missing, "sudo didn't let us become root: sudo: a password is required"),
      (doas, "doas takes a password only at a terminal"),
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
}
