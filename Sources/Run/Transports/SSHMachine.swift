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
  private let passphrases: Passphrases
  private let knownHosts: KnownHostsFiles
  private let slot: LinkSlot<SSHConnection>

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
    self.passphrases = passphrases
    self.knownHosts = knownHosts
    executor = eventLoop.executor
    slot = LinkSlot(on: eventLoop.executor, LinkRetries(options), gate)
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
    await slot.close()
  }

  // MARK: Connecting

  private func connected() async throws(HostError) -> SSHConnection {
    try await slot.connected { () async throws(LinkFailure) in try await self.connectOnce() }
  }

  /// One attempt: the time-out is for all of it, from the name's look-up to the login.
  private func connectOnce() async throws(LinkFailure) -> SSHConnection {
    let connection: SSHConnection
    do throws(TransportError) { connection = try SSHConnection(on: eventLoop) } catch {
      throw LinkFailure(HostError(.unreachable, error.message))
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

  private func prepare(_ connection: SSHConnection) async -> Result<Void, LinkFailure> {
    do throws(HostError) { try await carry(connection) } catch {
      return .failure(LinkFailure(error, isPassing: true))
    }
    do throws(HostError) {
      let known = knownHosts.hosts(settings.knownHostsFiles)
      let check = HostKeyCheck(settings: settings, known: known)
      do throws(TransportError) {
        try await connection.shakeHands(preferring: check.preferredTypes)
      } catch {
        return .failure(
          LinkFailure(
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
      return .failure(LinkFailure(error))
    }
  }

  /// `10.0.0.1:22`, for messages.
  var place: String { "\(settings.hostName):\(settings.port)" }
}
