internal import CSSH2
internal import NIOCore

/// One SSH connection: a libssh2 session on a NIO event loop, which is this actor's executor.
///
/// libssh2 works without blocking on buffers in memory. What the carrier brings is pumped at once
/// into each channel's own buffers, so an idle connection is always drained (a server drops one that
/// doesn't answer its keep-alive questions). An operation is a call repeated after each new input
/// until it no longer says EAGAIN.
actor SSHConnection {
  nonisolated let eventLoop: any EventLoop
  nonisolated let executor: any SerialExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// What brings the bytes.
  enum Carrier {
    case socket(any Channel)
    /// A channel of another connection, to a jump host.
    case tunnel(SSHConnection, SSHChannel.ID)
  }

  let session: SessionHandle
  /// Why nothing can be done any more; nil while the connection lives.
  private(set) var failure: TransportError?
  var channels: [SSHChannel.ID: ChannelState] = [:]
  var lastChannel: SSHChannel.ID = 0
  /// Closed by us, not yet by the other side, which waits for its process's end.
  var closing: [OpaquePointer] = []
  /// A channel that nothing runs in, so that there is always one to drain by.
  var spare: OpaquePointer?
  /// Whether the spare channel can still start a process.
  var isSpareFresh = false
  private var carrier: Carrier?
  private var inputWaiters: [CheckedContinuation<Void, Never>] = []
  private var writableWaiters: [CheckedContinuation<Void, Never>] = []
  private var attachWaiters: [CheckedContinuation<Void, Never>] = []
  private var isBusy = false
  private var lockWaiters: [CheckedContinuation<Void, Never>] = []
  private var isTunnelWriting = false
  private var lastInput: NIODeadline = .now()
  private var keepAlive: RepeatedTask?

  init(on eventLoop: any EventLoop) throws(TransportError) {
    self.eventLoop = eventLoop
    executor = eventLoop.executor
    session = try SessionHandle()
  }

  // MARK: Input

  /// Takes what the carrier brings, on the event loop.
  func receive(_ bytes: ByteBuffer) {
    var bytes = bytes
    session.buffers.received.writeBuffer(&bytes)
    session.buffers.hasReceived = true
    lastInput = .now()
    pump()
  }

  /// The carrier has come to its end.
  func receiveEnd(_ reason: String? = nil) {
    guard failure == nil, !session.buffers.isAtEnd else { return }
    session.buffers.isAtEnd = true
    pump()
    // After those that have just been woken have looked at the last bytes.
    let early = !session.buffers.hasReceived
    eventLoop.execute {
      self.assumeIsolated { connection in
        let message = connection.session.buffers.farewell ?? reason ?? "the host hung up"
        connection.fail(TransportError(early ? .droppedEarly : .lost, message))
      }
    }
  }

  /// Reads all channels and wakes the operation that waits for input.
  private func pump() {
    for state in channels.values where !state.isFull { drain(state) }
    if channels.isEmpty, let spare { drainIdle(spare) }
    retryClosing()
    flush()
    wake(&inputWaiters)
  }

  /// Ends everything: whoever waits gets the error.
  func fail(_ error: TransportError) {
    guard failure == nil else { return }
    failure = error
    keepAlive?.cancel()
    session.buffers.isAtEnd = true
    wake(&inputWaiters)
    wake(&writableWaiters)
    wake(&lockWaiters)
    for state in channels.values { state.wakeReader() }
    switch carrier {
    case .socket(let channel): channel.close(promise: nil)
    case .tunnel(let outer, let id): Task { await outer.closeChannel(id) }
    case nil: break
    }
    carrier = nil
    wake(&attachWaiters)
  }

  private func wake(_ waiters: inout [CheckedContinuation<Void, Never>]) {
    let waking = waiters
    waiters = []
    for waiter in waking { waiter.resume() }
  }

  // MARK: Output

  func attach(_ carrier: Carrier) {
    guard failure == nil else {
      if case .socket(let channel) = carrier { channel.close(promise: nil) }
      return
    }
    self.carrier = carrier
    wake(&attachWaiters)
    flush()
  }

  /// Waits for the carrier.
  func untilAttached() async throws(TransportError) {
    if carrier == nil, failure == nil {
      await withCheckedContinuation { attachWaiters.append($0) }
    }
    if let failure { throw failure }
  }

  /// Takes what comes through a jump host until it ends.
  func receiveAll(from channel: SSHChannel) async {
    do throws(TransportError) {
      while true {
        switch try await channel.receive() {
        case .output(let bytes): receive(ByteBuffer(bytes: bytes))
        case .error: break
        case .end:
          receiveEnd()
          return
        }
      }
    } catch {
      receiveEnd("the connection to the jump host broke: \(error.message)")
    }
  }

  /// Hands what libssh2 wrote to the carrier.
  func flush() {
    guard session.buffers.sending.readableBytes > 0, let carrier else { return }
    switch carrier {
    case .socket(let channel):
      channel.writeAndFlush(session.buffers.sending, promise: nil)
      session.buffers.sending = ByteBuffer()
    case .tunnel(let outer, let id):
      guard !isTunnelWriting else { return }
      isTunnelWriting = true
      Task { await self.writeThrough(outer, id) }
    }
  }

  private func writeThrough(_ outer: SSHConnection, _ id: SSHChannel.ID) async {
    defer { isTunnelWriting = false }
    while session.buffers.sending.readableBytes > 0 {
      let bytes = Array(session.buffers.sending.readableBytesView)
      session.buffers.sending = ByteBuffer()
      wake(&writableWaiters)
      do throws(TransportError) { try await outer.write(bytes, to: id) } catch {
        receiveEnd("the connection through the jump host broke: \(error.message)")
        return
      }
    }
    wake(&writableWaiters)
  }

  /// Waits until the carrier takes more.
  func untilWritable() async {
    while failure == nil, !isWritable {
      await withCheckedContinuation { writableWaiters.append($0) }
    }
  }

  private var isWritable: Bool {
    switch carrier {
    case .socket(let channel): channel.isWritable
    case .tunnel: session.buffers.sending.readableBytes < 1 << 20
    case nil: true
    }
  }

  /// The socket takes more again.
  func becomeWritable() { wake(&writableWaiters) }

  // MARK: Operations

  /// Repeats a call after each input until it no longer says EAGAIN.
  @discardableResult
  func operate(
    _ call: (OpaquePointer) -> Int
  ) async throws(TransportError) -> Int {
    while true {
      if let failure { throw failure }
      let result = call(session.pointer)
      flush()
      if result == Int(LIBSSH2_ERROR_EAGAIN) {
        try await nextInput()
        continue
      }
      guard result < 0 else { return result }
      throw noted(session.error(result))
    }
  }

  /// As `operate`, for calls that make something.
  func make(
    _ call: (OpaquePointer) -> OpaquePointer?
  ) async throws(TransportError) -> OpaquePointer {
    while true {
      if let failure { throw failure }
      let result = call(session.pointer)
      flush()
      if let result { return result }
      guard libssh2_session_last_errno(session.pointer) == LIBSSH2_ERROR_EAGAIN else {
        throw noted(session.error(0))
      }
      try await nextInput()
    }
  }

  /// Waits for the next input.
  func nextInput() async throws(TransportError) {
    if let failure { throw failure }
    if session.buffers.isAtEnd, session.buffers.received.readableBytes == 0 {
      throw noted(
        TransportError(
          session.buffers.hasReceived ? .lost : .droppedEarly,
          session.buffers.farewell ?? "the host hung up"))
    }
    await withCheckedContinuation { inputWaiters.append($0) }
  }

  /// Ends the connection where the error means that.
  func noted(_ error: TransportError) -> TransportError {
    guard error.kind == .lost || error.kind == .droppedEarly else { return error }
    var error = error
    if !session.buffers.hasReceived { error.kind = .droppedEarly }
    fail(error)
    return error
  }

  /// libssh2 keeps a half-done opening in the session: one at a time, in the order of asking.
  func lock() async throws(TransportError) {
    if isBusy {
      await withCheckedContinuation { lockWaiters.append($0) }
      // Woken by `unlock`, which passes the lock on, or by `fail`.
    } else {
      isBusy = true
    }
    if let failure { throw failure }
  }

  func unlock() {
    if lockWaiters.isEmpty { isBusy = false } else { lockWaiters.removeFirst().resume() }
  }

  // MARK: Life

  /// Asks the server now and then whether it's there, and gives up after `count` questions.
  func startKeepAlive(every interval: TimeAmount, count: Int) {
    guard failure == nil, interval.nanoseconds > 0 else { return }
    libssh2_keepalive_config(session.pointer, 1, 1)
    keepAlive = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
      self.assumeIsolated { $0.askForLife(every: interval, count: count) }
    }
  }

  private func askForLife(every interval: TimeAmount, count: Int) {
    let silence = NIODeadline.now() - lastInput
    if silence.nanoseconds > interval.nanoseconds * Int64(count) + interval.nanoseconds / 2 {
      let seconds = silence.nanoseconds / 1_000_000_000
      fail(TransportError(.lost, "the host hasn't answered for \(seconds) s"))
    } else if silence.nanoseconds * 2 > interval.nanoseconds {
      var next: Int32 = 0
      libssh2_keepalive_send(session.pointer, &next)
      flush()
    }
  }

  /// Says good-bye and hangs up.
  func close() async {
    guard failure == nil else { return }
    _ = try? await operate {
      Int(libssh2_session_disconnect_ex($0, SSH_DISCONNECT_BY_APPLICATION, "", ""))
    }
    flush()
    fail(TransportError(.lost, "the connection was closed"))
  }
}
