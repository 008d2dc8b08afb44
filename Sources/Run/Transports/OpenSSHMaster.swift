internal import Hosts
internal import NIOCore
internal import Synchronization

/// The `ssh` process that holds a host's one connection; others go through its socket.
final class OpenSSHMaster: Link {
  private struct State {
    var hasEnded = false
    var said: [UInt8] = []
  }

  let folder: OpenSSHFolder
  private let process: LocalProcess
  private let eventLoop: any EventLoop
  private let state = Mutex(State())
  private static let saidLimit = 4096
  private static let checkLimit: Duration = .seconds(5)

  private init(_ process: LocalProcess, _ folder: OpenSSHFolder, on eventLoop: any EventLoop) {
    self.process = process
    self.folder = folder
    self.eventLoop = eventLoop
  }

  /// Starts it and waits until it's connected.
  static func connect(
    _ words: OpenSSHWords, _ folder: OpenSSHFolder, sign: String, mayAsk: Bool,
    within limit: Duration, on eventLoop: any EventLoop
  ) async throws(HostError) -> OpenSSHMaster {
    let process = LocalProcess(on: eventLoop)
    let asking = [
      "env", "SSH_ASKPASS=\(folder.askProgram)", "SSH_ASKPASS_REQUIRE=force", "DISPLAY=:none",
    ]
    let line =
      (mayAsk ? asking : [])
      + words.master(
        socket: folder.socket, sign: sign, mayAsk: mayAsk)
    let master = OpenSSHMaster(process, folder, on: eventLoop)
    let deadline = Deadline(after: limit) { await process.close() }
    defer { deadline.cancel() }
    do throws(TransportError) {
      try await process.start(Self.line(line, folder))
      try await master.wait(for: sign)
    } catch {
      await process.close()
      let place = words.target.address
      if Task.isCancelled { throw HostError(.cancelled, "cancelled while connecting") }
      if deadline.hasPassed {
        throw HostError(
          .unreachable, "ssh hasn't connected to \(place) within \(limit.inSeconds) s",
          help: "check ansible_host, ansible_port and the network")
      }
      let said = master.said
      throw HostError(
        .unreachable, "ssh can't connect to \(place): \(said.isEmpty ? error.message : said)",
        help: "try it by hand with the same options: ssh \(place) true")
    }
    Task { await master.listen() }
    return master
  }

  /// A shell's line that becomes ssh, and ends it when we are gone, however that came about: then
  /// the input ends.
  private static func line(_ words: [String], _ folder: OpenSSHFolder) -> String {
    let end = Shell.words(OpenSSHWords.exit(socket: folder.socket))
    return "exec 3<&0; { cat <&3; \(end); rm -rf \(Shell.quote(folder.path)); } "
      + ">/dev/null 2>&1 & exec \(Shell.words(words)) </dev/null 3<&-"
  }

  private func wait(for sign: String) async throws(TransportError) {
    var output = FrameScanner(mark: sign, limit: 1 << 16)
    // The mark is looked for behind a line break.
    output.append([UInt8(ascii: "\n")])
    while !output.isComplete {
      switch try await process.receive() {
      case .output(let bytes): output.append(bytes)
      case .error(let bytes): note(bytes)
      case .end: throw TransportError(.ended, "ssh ended")
      }
    }
  }

  /// Takes what it says for as long as it lives.
  private func listen() async {
    listening: while true {
      switch try? await process.receive() {
      case .output: continue
      case .error(let bytes): note(bytes)
      case .end, nil: break listening
      }
    }
    state.withLock { $0.hasEnded = true }
  }

  private func note(_ bytes: [UInt8]) {
    state.withLock { state in state.said = (state.said + bytes).suffix(Self.saidLimit) }
  }

  /// The last lines that it said.
  var said: String {
    String(decoding: state.withLock { $0.said }, as: UTF8.self)
      .split(whereSeparator: \.isNewline).suffix(4).joined(separator: "; ")
  }

  /// Whether it holds the connection as far as one knows without asking.
  var isUsable: Bool { !state.withLock { $0.hasEnded } }

  /// Whether it still holds the connection, by what it answers.
  func isConnected() async -> Bool {
    if state.withLock({ $0.hasEnded }) { return false }
    let words = OpenSSHWords.check(socket: folder.socket)
    let said = try? await NameLookup.waiting { () throws(HostError) in
      (try? LocalProgram.said(by: words, within: Self.checkLimit)) ?? LocalProgram.Said(status: -1)
    }
    let isThere = said?.status == 0
    if !isThere { state.withLock { $0.hasEnded = true } }
    return isThere
  }

  /// Starts a command in the login shell.
  func start(_ command: String) async throws(TransportError) -> OpenSSHProcess {
    let process = LocalProcess(on: eventLoop)
    try await process.start(
      "exec " + Shell.words(OpenSSHWords.through(socket: folder.socket, command)))
    return OpenSSHProcess(process, of: self)
  }

  /// Hangs up.
  func close() async {
    state.withLock { $0.hasEnded = true }
    await process.close()
    folder.remove()
  }
}

/// A process on the other side of a shared connection.
final class OpenSSHProcess: RunningProcess {
  private let process: LocalProcess
  private let master: OpenSSHMaster
  /// We have ended its input, so its end is none that must be explained.
  private let isFinished = Mutex(false)

  init(_ process: LocalProcess, of master: OpenSSHMaster) {
    self.process = process
    self.master = master
  }

  func send(_ bytes: [UInt8]) async throws(TransportError) {
    do throws(TransportError) { try await process.send(bytes) } catch {
      throw await explained(error)
    }
  }

  func finishSending() async {
    isFinished.withLock { $0 = true }
    await process.finishSending()
  }

  func receive() async throws(TransportError) -> OutputPiece {
    let piece = try await process.receive()
    if piece == .end, !isFinished.withLock({ $0 }), await !master.isConnected() { throw lost }
    return piece
  }

  var isAlive: Bool {
    get async { await process.isAlive }
  }

  func close() async {
    isFinished.withLock { $0 = true }
    await process.close()
  }

  /// `ssh` ends with its process, and with the connection: only the master knows which it was.
  private func explained(_ error: TransportError) async -> TransportError {
    guard error.kind == .ended, await !master.isConnected() else { return error }
    return lost
  }

  private var lost: TransportError {
    TransportError(.lost, master.said.isEmpty ? "ssh ended" : master.said)
  }
}
