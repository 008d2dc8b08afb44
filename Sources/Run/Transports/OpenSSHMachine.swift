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
  private let slot: LinkSlot<OpenSSHMaster>
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
    executor = eventLoop.executor
    slot = LinkSlot(on: eventLoop.executor, LinkRetries(options), gate)
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
    await slot.close()
  }

  private func connected() async throws(HostError) -> OpenSSHMaster {
    try await slot.connected { () async throws(LinkFailure) in try await self.connectOnce() }
  }

  /// Whether it's the network's trouble, or a server that isn't up yet, by what ssh says of it.
  private static func isPassing(_ failure: HostError) -> Bool {
    isDrop(failure)
      || ["ssh: connect to host", "hasn't connected"].contains { failure.message.contains($0) }
  }

  private func connectOnce() async throws(LinkFailure) -> OpenSSHMaster {
    do throws(HostError) { return try await startMaster() } catch {
      throw LinkFailure(error, isDrop: Self.isDrop(error), isPassing: Self.isPassing(error))
    }
  }

  /// What a full server (MaxStartups) makes ssh say.
  private static func isDrop(_ failure: HostError) -> Bool {
    failure.message.contains("kex_exchange_identification")
  }

  private func startMaster() async throws(HostError) -> OpenSSHMaster {
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
