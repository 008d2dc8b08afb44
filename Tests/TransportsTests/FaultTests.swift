import Foundation
import Hosts
import Testing

@testable import Transports

/// What goes wrong with servers and networks, and what must come of it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct FaultTests {
  /// What is in a folder, hidden files too.
  private func names(in folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// A server whose keys change every megabyte, with much to say and to hear.
  @Test func rekeyingIsNotNoticed() async throws {
    let server = try SSHServer(settings: "RekeyLimit 1M")
    let host = try await server.connect()
    let content = [UInt8](repeating: 65, count: 12 << 20)
    let path = "\(server.folder.path)/large"
    try await host.upload(.bytes(content), to: path, as: nil)
    #expect(try await host.read("cat \(path)", as: nil).standardOutput == content)
    for number in 0..<50 {
      #expect(try await host.read("echo \(number)", as: nil).text == "\(number)\n")
    }
    await host.close()
  }

  @Test func bannersAreNoMatter() async throws {
    let folder = try TemporaryFolder()
    let banner = try folder.write(
      "banner", String(repeating: "*** Authorised use only. Password: ***\n", count: 50),
      mode: 0o644)
    let server = try SSHServer(settings: "Banner \(banner)\nPrintMotd yes")
    let host = try await server.connect()
    #expect(
      try await host.run(Command("echo in; echo e >&2"), as: nil)
        == CommandOutput(status: 0, "in\n", standardError: "e\n"))
    await host.close()
  }

  /// A connection that ended while nobody used it is made again, and what is asked is answered.
  @Test func idleLossesAreMadeGood() async throws {
    let server = try SSHServer.shared.get()
    let host = try await server.connect()
    let parent = try await host.read("echo $PPID", as: nil).text
    kill(try #require(Int32(parent.dropLast())), SIGKILL)
    let ends = """
      i=0; while kill -0 \(parent.dropLast()) 2>/dev/null; do sleep 0.02
      i=$((i+1)); [ $i -le 2000 ] || exit 1; done
      """
    try Program.run(script: ends)
    #expect(try await host.read("echo back", as: nil).text == "back\n")
    #expect(try await host.run(Command("echo ran"), as: nil).text == "ran\n")
    await host.close()
  }

  /// What still runs after a loss is waited for: what is asked next is settled.
  @Test(arguments: [Transport.Kind.ssh, .openssh], [nil, Become(user: "nobody")])
  func whatRunsOnIsWaitedFor(_ kind: Transport.Kind, _ become: Become?) async throws {
    guard become == nil || getuid() == 0 else { return }
    let server = try SSHServer.shared.get()
    var target = server.target
    target.connection = kind.rawValue
    let host = try await Connector(server.options).connect(to: target)
    let folder = try TemporaryFolder()
    try Program.run(["chmod", "777", folder.path])
    let parent = try await host.read("echo $PPID", as: nil).text.dropLast()
    let script = """
      : >'\(folder.path)/begun'; until [ -e '\(folder.path)/cut' ]; do sleep 0.02; done
      sleep 1; echo done >'\(folder.path)/done'
      """
    let command = Command(script)
    let running = Task { try await host.run(command, as: become) }
    // By another connection: a test that blocks its thread would keep the others from running.
    let other = try await server.connect()
    let wait = """
      i=0; until [ -e '\(folder.path)/begun' ]; do sleep 0.02; i=$((i+1)); [ $i -le 3000 ] || exit 1
      done; kill -9 \(parent); : >'\(folder.path)/cut'
      """
    #expect(try await other.read(wait, as: nil).status == 0)
    await other.close()
    let error = await #expect(throws: HostError.self) { try await running.value }
    #expect(error?.kind == .connectionLost)
    #expect(try await host.read("cat '\(folder.path)/done'", as: become).text == "done\n")
    await host.close()
  }

  /// A server that is away for a while after a loss: who was connected waits for it.
  @Test(arguments: [Transport.Kind.ssh, .openssh])
  func serversMayBeAway(_ kind: Transport.Kind) async throws {
    let server = try SSHServer()
    var target = server.target
    target.connection = kind.rawValue
    var options = server.options
    options.reconnectTime = .seconds(60)
    let host = try await Connector(options).connect(to: target)
    // The server ends, its sessions too; another is started when it has been missed.
    let script = """
      kill $(cat \(server.folder.path)/sshd.pid); kill -9 $PPID; sleep 2
      """
    let lost = await #expect(throws: HostError.self) {
      try await host.run(Command(script), as: nil)
    }
    #expect(lost?.kind == .connectionLost)
    let asking = Task { try await host.read("echo back", as: nil).text }
    // Something else answers first, as a network does that is just coming back.
    let other = try server.folder.write(
      "other.py",
      """
      import socket
      s = socket.socket()
      s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      s.bind(("127.0.0.1", \(server.port)))
      s.listen(9)
      s.settimeout(10)
      c = s.accept()[0]
      c.send(b"HTTP/1.1 400 Bad Request\\r\\n\\r\\n")
      c.close()
      """)
    let again = try BackgroundProgram(
      "python3 \(other); exec /usr/sbin/sshd -D -e -f \(server.folder.path)/sshd_config",
      until: "Server listening")
    #expect(try await asking.value == "back\n")
    await host.close()
    again.stop()
  }

  /// The first connection of a run isn't waited for so long.
  @Test func newHostsAreGivenUpSoon() async throws {
    var target = ConnectionTarget(name: "nobody", address: "127.0.0.1")
    target.port = 1
    let clock = ContinuousClock()
    let start = clock.now
    await #expect(throws: HostError.self) { try await Connector().connect(to: target) }
    #expect(clock.now - start < .seconds(60))
  }

  /// A disk without room: the error says so, and nothing half is left.
  @Test(.enabled(if: getuid() == 0), arguments: Transport.kinds)
  func fullDisksAreSaid(_ transport: Transport) async throws {
    let folder = try TemporaryFolder()
    try Program.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder.path])
    defer { _ = try? Program.run(["umount", "-l", folder.path]) }
    let host = try await transport.connect()
    let upload = await #expect(throws: HostError.self) {
      try await host.upload(
        .bytes([UInt8](repeating: 1, count: 8 << 20)), to: "\(folder.path)/large", as: nil)
    }
    #expect(upload?.kind == .actionFailed)
    #expect(upload?.message.contains("No space left") == true, "\(upload?.message ?? "")")
    #expect(try names(in: folder) == [])
    await host.close()
    let small = try await transport.connect(temporaryFolder: folder.path)
    try Program.run(script: "head -c 2m /dev/zero >\(folder.path)/filler", statuses: [0, 1])
    let said = try await small.run(
      Command("head -c 300000 /dev/zero; echo e >&2; exit 3"), as: nil)
    // Its output went through a file of the private folder: what there was no room for is missing.
    #expect(said.status != 0)
    await small.close()
    #expect(try names(in: folder) == ["filler"])
  }

  // MARK: Cancelled uploads

  /// Each is cancelled at another moment; none leaves a file, not even one that's made too late.
  @Test(arguments: Transport.kinds)
  func cancelledUploadsLeaveNothing(_ transport: Transport) async throws {
    let folder = try TemporaryFolder()
    let host = try await transport.connect()
    for number in 0..<12 {
      let path = "\(folder.path)/copy-\(number)"
      let content = [UInt8](repeating: 3, count: number % 3 == 0 ? 10 : 6 << 20)
      let upload = Task { try await host.upload(.bytes(content), to: path, as: nil) }
      // A few questions are answered meanwhile: other moments than the very first.
      for _ in 0..<(number / 3) { _ = try await host.read("echo", as: nil) }
      upload.cancel()
      let result = await upload.result
      if case .failure(let error) = result {
        #expect((error as? HostError)?.kind == .cancelled)
        #expect(try !names(in: folder).contains("copy-\(number)"))
      }
    }
    await host.close()
  }

  /// Nobody is left to tell the other side: it removes what broke off by itself.
  @Test func uploadsWhoseSenderDiesLeaveNothing() async throws {
    let server = try SSHServer.shared.get()
    let folder = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    try Program.run(["mkfifo", pipe])
    let host = try await server.connect(options: { $0.reconnectTime = .zero })
    let parent = try await host.read("echo $PPID", as: nil).text.dropLast()
    let content = [UInt8](repeating: 3, count: 64 << 20)
    let upload = Task {
      try await host.upload(.bytes(content), to: "\(folder.path)/copy", as: nil)
    }
    let wait = """
      i=0; until [ -s \(folder.path)/copy ]; do sleep 0.02; i=$((i+1)); [ $i -le 3000 ] || exit 1; done
      kill -9 \(parent)
      """
    let other = try await server.connect()
    #expect(try await other.read(wait, as: nil).status == 0)
    let error = await #expect(throws: HostError.self) { try await upload.value }
    #expect(error?.kind == .connectionLost)
    let gone = """
      i=0; while [ -e \(folder.path)/copy ]; do sleep 0.02; i=$((i+1)); [ $i -le 3000 ] || exit 1; done
      """
    #expect(try await other.read(gone, as: nil).status == 0)
    await other.close()
    await host.close()
  }

  // MARK: Others

  /// A host that accepts and never answers, and one that hangs in a command, delay nobody else.
  @Test func hungHostsDelayNobody() async throws {
    let server = try SSHServer.shared.get()
    let silent = try BackgroundProgram(
      "exec python3 -c 'import socket; s=socket.socket(); s.bind((\"127.0.0.1\",0)); s.listen(9); "
        + "print(\"port\", s.getsockname()[1], \"end\", flush=True); s2=[s.accept() for _ in range(9)]'",
      until: "end")
    defer { silent.stop() }
    var options = server.options
    options.parallelConnects = 50
    let connector = SSHConnector(options)
    var dead = server.target
    dead.port = silent.port
    dead.connectTimeout = .seconds(30)
    let deadTarget = dead
    let hung = (0..<4).map { _ in Task { try await connector.connect(to: deadTarget) } }
    let slow = try await connector.connect(to: server.target)
    let sleeping = Task { try await slow.run(Command("sleep 1000"), as: nil) }
    for _ in 0..<4 {
      let host = try await connector.connect(to: server.target)
      #expect(try await host.read("echo in", as: nil).text == "in\n")
      await host.close()
    }
    for task in hung { task.cancel() }
    for task in hung { await #expect(throws: HostError.self) { try await task.value } }
    sleeping.cancel()
    await #expect(throws: HostError.self) { try await sleeping.value }
    await slow.close()
  }
}
