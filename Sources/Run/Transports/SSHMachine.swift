internal import Hosts
internal import NIOCore
internal import NIOPosix

/// A machine reached by SSH: connects when it's first needed, and again after a loss.
actor SSHMachine: Machine {
  nonisolated let executor: any SerialExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let target: ConnectionTarget
  let settings: SSHSettings
  private let options: TransportOptions
  nonisolated let eventLoop: any EventLoop
  /// The machine to pass through, itself perhaps reached through another.
  let jump: SSHMachine?
  private let gate: ConnectGate
  private let passphrases: Passphrases
  private let knownHosts: KnownHostsFiles
  private var connection: SSHConnection?
  private var connecting: Task<Result<SSHConnection, HostError>, Never>?
  private var isClosed = false
  /// There was a connection before: whoever was there may come back.
  private var wasConnected = false

  init(
    _ target: ConnectionTarget, _ settings: SSHSettings, _ options: TransportOptions,
    on eventLoop: any EventLoop, through jump: SSHMachine?, _ gate: ConnectGate,
    _ passphrases: Passphrases, _ knownHosts: KnownHostsFiles
  ) {
    self.target = target
    self.settings = settings
    self.options = options
    self.eventLoop = eventLoop
    self.jump = jump
    self.gate = gate
    self.passphrases = passphrases
    self.knownHosts = knownHosts
    executor = eventLoop.executor
  }

  var user: String? { settings.user }

  func connect() async throws(HostError) { _ = try await connected() }

  func start(_ command: String) async throws(HostError) -> any RunningProcess {
    let connection = try await connected()
    do throws(TransportError) { return try await connection.start(command) } catch {
      switch error.kind {
      case .refused:
        throw HostError(
          .unreachable, "the host starts no further process: \(error.message)",
          help: "sshd's MaxSessions may be too low for what runs at once")
      default: throw HostError(.connectionLost, "the connection was lost: \(error.message)")
      }
    }
  }

  /// A tunnel to another host's SSH port.
  func openTunnel(
    to host: String, port: Int
  ) async throws(HostError) -> (SSHConnection, SSHChannel) {
    let connection = try await connected()
    do throws(TransportError) {
      return (connection, try await connection.openTunnel(to: host, port: port))
    } catch {
      throw HostError(
        .unreachable,
        "the jump host \(target.address) can't reach \(host):\(port): \(error.message)"
      )
    }
  }

  func close() async {
    isClosed = true
    connecting?.cancel()
    await connection?.close()
    connection = nil

  }

  // MARK: Connecting

  /// The connection, made by the first who asks; the others wait for the same.
  private func connected() async throws(HostError) -> SSHConnection {
    if let connection {
      if await connection.failure == nil { return connection }
      self.connection = nil
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
    connection = made
    wasConnected = true
    return made
  }

  private func connectWithRetries() async -> Result<SSHConnection, HostError> {
    var failures = 0
    var drops = 0
    let clock = ContinuousClock()
    let end = clock.now + (wasConnected ? options.reconnectTime : .zero)
    while true {
      let failure: ConnectFailure
      do throws(ConnectFailure) { return .success(try await connectOnce()) } catch {
        failure = error
      }
      if Task.isCancelled { return .failure(HostError(.cancelled, "cancelled while connecting")) }
      if failure.isDrop, drops < options.bannerRetries {
        drops += 1
      } else if failures < options.retries || (failure.isPassing && clock.now < end) {
        failures += 1
      } else {
        return .failure(failure.error)
      }
      // Spread, so that those who were turned away together don't come back together.
      let pause = Double.random(in: 0.1...0.4) * Double(min(drops + failures, 10))
      try? await Task.sleep(for: .seconds(pause))
    }
  }

  /// One attempt: the time-out is for all of it, from the name's look-up to the login.
  private func connectOnce() async throws(ConnectFailure) -> SSHConnection {
    await gate.enter()
    defer { gate.leave() }
    let connection: SSHConnection
    do throws(TransportError) { connection = try SSHConnection(on: eventLoop) } catch {
      throw ConnectFailure(HostError(.unreachable, error.message))
    }
    let limit = settings.connectTimeout
    let deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) {
      connection.assumeIsolated {
        $0.fail(TransportError(.timedOut, "no answer within \(limit.inSeconds) s"))
      }
    }
    defer { deadline.cancel() }
    let result = await withTaskCancellationHandler {
      await self.prepare(connection)
    } onCancel: {
      Task { await connection.fail(TransportError(.lost, "cancelled")) }
    }
    switch result {
    case .success: return connection
    case .failure(let failure):
      await connection.close()
      throw failure
    }
  }

  private func prepare(_ connection: SSHConnection) async -> Result<Void, ConnectFailure> {
    do throws(HostError) { try await carry(connection) } catch {
      return .failure(ConnectFailure(error, isPassing: true))
    }
    do throws(HostError) {
      let known = knownHosts.hosts(settings.knownHostsFiles)
      let check = HostKeyCheck(settings: settings, known: known)
      do throws(TransportError) {
        try await connection.shakeHands(preferring: check.preferredTypes)
      } catch {
        return .failure(
          ConnectFailure(
            check.handshakeError(error, at: place), isDrop: error.kind == .droppedEarly,
            isPassing: HostKeyCheck.mayPass(error)))
      }
      try check.judge(await connection.hostKey())
      try await Authentication(
        connection: connection, settings: settings, password: target.password,
        passphrase: target.privateKeyPassphrase, passphrases: passphrases,
        homeFolder: options.homeFolder
      ).logIn()
      do throws(TransportError) { try await connection.openSpare() } catch {
        throw HostError(.unreachable, "the host opens no channel: \(error.message)")
      }
      await connection.startKeepAlive(
        every: TimeAmount(settings.keepAliveInterval ?? options.keepAliveInterval),
        count: settings.keepAliveCount ?? options.keepAliveCount)
      return .success(())
    } catch {
      return .failure(ConnectFailure(error))
    }
  }

  /// `10.0.0.1:22`, for messages.
  var place: String { "\(settings.hostName):\(settings.port)" }
}

/// Why an attempt to connect failed, and whether trying again makes sense at once.
private struct ConnectFailure: Error {
  var error: HostError
  /// The server hung up before its banner: too many came at once.
  var isDrop: Bool
  /// The network, or a server that isn't up yet: it may pass.
  var isPassing: Bool

  init(_ error: HostError, isDrop: Bool = false, isPassing: Bool = false) {
    self.error = error
    self.isDrop = isDrop
    self.isPassing = isPassing
  }
}
