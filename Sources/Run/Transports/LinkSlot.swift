internal import Hosts

/// A connection to a machine, which may break.
protocol Link: Sendable {
  /// Whether it can be used still, as far as one knows without asking the other side.
  var isUsable: Bool { get async }
  /// Hangs up, and clears away what is left of it.
  func close() async
}

/// How often connecting is tried again, and for how long.
struct LinkRetries: Sendable {
  /// Of any failure of a first connection.
  var failures: Int
  /// Where the server is full.
  var drops: Int
  /// Where there was a connection before: whoever was there may come back.
  var reconnectTime: Duration

  init(_ options: TransportOptions) {
    failures = options.retries
    drops = options.bannerRetries
    reconnectTime = options.reconnectTime
  }
}

/// Why an attempt to connect failed, and whether trying again makes sense at once.
struct LinkFailure: Error {
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

/// The place of a machine's one connection: it's made when first needed, and again after a loss.
actor LinkSlot<Made: Link> {
  /// One attempt to connect.
  typealias Attempt = @Sendable () async throws(LinkFailure) -> Made

  nonisolated let executor: any SerialExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let retries: LinkRetries
  private let gate: ConnectGate
  private var link: Made?
  private var connecting: Task<Result<Made, HostError>, Never>?
  private var isClosed = false
  private var wasConnected = false

  /// - Parameters:
  ///   - executor: the machine's own.
  ///   - gate: bounds how many connect at once.
  init(on executor: any SerialExecutor, _ retries: LinkRetries, _ gate: ConnectGate) {
    self.executor = executor
    self.retries = retries
    self.gate = gate
  }

  /// The connection, made by the first who asks; the others wait for the same.
  func connected(by attempt: @escaping Attempt) async throws(HostError) -> Made {
    if let link {
      if await link.isUsable { return link }
      self.link = nil
      await link.close()
    }
    guard !isClosed else { throw HostError(.cancelled, "the connection was closed") }
    let task = connecting ?? Task { await self.connectWithRetries(attempt) }
    connecting = task
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    if connecting == task { connecting = nil }
    if case .failure(let error) = result, error.kind == .cancelled, !Task.isCancelled, !isClosed {
      // Another who waited was cancelled, and the attempt with him.
      return try await connected(by: attempt)
    }
    let made = try result.get()
    guard !isClosed else {
      await made.close()
      throw HostError(.cancelled, "the connection was closed")
    }
    link = made
    wasConnected = true
    return made
  }

  /// Hangs up, and connects no more.
  func close() async {
    isClosed = true
    connecting?.cancel()
    await link?.close()
    link = nil
  }

  private func connectWithRetries(_ attempt: Attempt) async -> Result<Made, HostError> {
    var failures = 0
    var drops = 0
    let clock = ContinuousClock()
    let end = clock.now + (wasConnected ? retries.reconnectTime : .zero)
    while true {
      let failure: LinkFailure
      do throws(LinkFailure) { return .success(try await connectOnce(attempt)) } catch {
        failure = error
      }
      if Task.isCancelled { return .failure(HostError(.cancelled, "cancelled while connecting")) }
      if failure.isDrop, drops < retries.drops {
        drops += 1
      } else if failures < retries.failures || (failure.isPassing && clock.now < end) {
        failures += 1
      } else {
        return .failure(failure.error)
      }
      // Spread, so that those who were turned away together don't come back together.
      let pause = Double.random(in: 0.1...0.4) * Double(min(drops + failures, 10))
      try? await Task.sleep(for: .seconds(pause))
    }
  }

  private func connectOnce(_ attempt: Attempt) async throws(LinkFailure) -> Made {
    await gate.enter()
    defer { gate.leave() }
    return try await attempt()
  }
}
