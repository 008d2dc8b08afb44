internal import Cryptography
internal import Hosts
internal import NIOCore

/// A machine reached by the system's `ssh`: connects when it's first needed, and again after a loss.
actor OpenSSHMachine: Machine {
  nonisolated let executor: any SerialExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let target: ConnectionTarget
  private let options: TransportOptions
  private let eventLoop: any EventLoop
  private let gate: ConnectGate
  private var master: OpenSSHMaster?
  private var connecting: Task<Result<OpenSSHMaster, HostError>, Never>?
  private var isClosed = false
  /// There was a connection before: whoever was there may come back.
  private var wasConnected = false
  /// What `ssh -G` says of the host.
  private var resolved: Resolved?

  private struct Resolved {
    var user: String
    /// Nil where the configuration doesn't limit it.
    var connectTimeout: Duration?
  }

  init(
    _ target: ConnectionTarget, _ options: TransportOptions, on eventLoop: any EventLoop,
    _ gate: ConnectGate
  ) {
    self.target = target
    self.options = options
    self.eventLoop = eventLoop
    self.gate = gate
    executor = eventLoop.executor
  }

  var user: String? { resolved?.user ?? target.user }

  func connect() async throws(HostError) { _ = try await connected() }

  func start(_ command: String) async throws(HostError) -> any RunningProcess {
    let master = try await connected()
    do throws(TransportError) { return try await master.start(command) } catch {
      throw HostError(.unreachable, "can't start ssh: \(error.message)")
    }
  }

  func close() async {
    isClosed = true
    connecting?.cancel()
    await master?.close()
    master = nil
  }

  /// The connection, made by the first who asks; the others wait for the same.
  private func connected() async throws(HostError) -> OpenSSHMaster {
    if let master {
      if master.isHeld { return master }
      self.master = nil
      await master.close()
    }
    guard !isClosed else { throw HostError(.cancelled, "the connection was closed") }
    let attempt = connecting ?? Task { await self.connectWithRetries() }
    connecting = attempt
    let result = await withTaskCancellationHandler {
      await attempt.value
    } onCancel: {
      attempt.cancel()
    }
    if connecting == attempt { connecting = nil }
    if case .failure(let error) = result, error.kind == .cancelled, !Task.isCancelled, !isClosed {
      // Another who waited was cancelled, and the attempt with him.
      return try await connected()
    }
    let made = try result.get()
    guard !isClosed else {
      await made.close()
      throw HostError(.cancelled, "the connection was closed")
    }
    master = made
    wasConnected = true
    return made
  }

  /// Whether it's the network's trouble, or a server that isn't up yet, by what ssh says of it.
  private static func isPassing(_ failure: HostError) -> Bool {
    ["kex_exchange_identification", "ssh: connect to host", "hasn't connected"]
      .contains { failure.message.contains($0) }
  }

  private func connectWithRetries() async -> Result<OpenSSHMaster, HostError> {
    var drops = 0
    var failures = 0
    let clock = ContinuousClock()
    let end = clock.now + (wasConnected ? options.reconnectTime : .zero)
    while true {
      let failure: HostError
      do throws(HostError) { return .success(try await connectOnce()) } catch { failure = error }
      if Task.isCancelled { return .failure(HostError(.cancelled, "cancelled while connecting")) }
      // What a full server (MaxStartups) makes ssh say.
      if failure.message.contains("kex_exchange_identification"), drops < options.bannerRetries {
        drops += 1
      } else if failures < options.retries || (Self.isPassing(failure) && clock.now < end) {
        failures += 1
      } else {
        return .failure(failure)
      }
      let pause = Double.random(in: 0.1...0.4) * Double(min(drops + failures, 10))
      try? await Task.sleep(for: .seconds(pause))
    }
  }

  private func connectOnce() async throws(HostError) -> OpenSSHMaster {
    await gate.enter()
    defer { gate.leave() }
    let words = OpenSSHWords(target: target, options: options)
    let resolved = try await resolve(words)
    self.resolved = resolved
    let mayAsk = target.password != nil || target.privateKeyPassphrase != nil
    let folder = try OpenSSHFolder(
      password: target.password, passphrase: target.privateKeyPassphrase)
    let limit = target.connectTimeout ?? resolved.connectTimeout ?? options.connectTimeout
    return try await OpenSSHMaster.connect(
      words, folder, sign: "connected-\(SecureRandom.hex(8))", mayAsk: mayAsk, within: limit,
      on: eventLoop)
  }

  /// Asks ssh itself what its configuration says.
  private func resolve(_ words: OpenSSHWords) async throws(HostError) -> Resolved {
    if let resolved { return resolved }
    let line = ["ssh", "-G"] + words.destination
    let said = try await NameLookup.waiting { () throws(HostError) in
      do throws(TransportError) {
        return try LocalProgram.said(by: line, within: .seconds(30))
      } catch {
        throw HostError(
          .unreachable, "can't start ssh: \(error.message)",
          help: "install OpenSSH's client (openssh-client)")
      }
    }
    var values: [Substring: Substring] = [:]
    for line in said.text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2, values[parts[0]] == nil { values[parts[0]] = parts[1] }
    }
    guard said.status == 0, let user = values["user"] else {
      throw HostError(
        .unreachable, "ssh doesn't take the options for \(target.address): \(said.line)",
        help: "see the host's SSH arguments and the SSH configuration")
    }
    return Resolved(
      user: String(user),
      connectTimeout: values["connecttimeout"].flatMap { Int($0) }.map { .seconds($0) })
  }
}
