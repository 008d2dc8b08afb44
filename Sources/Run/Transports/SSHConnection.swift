internal import CSSH2
internal import NIOCore

/// One SSH connection: a libssh2 session on a NIO event loop, which is this actor's executor.
///
/// libssh2 works without blocking on buffers in memory. What the carrier brings is pumped at once
/// into each channel's own buffers, so an idle connection is always drained (a server drops one that
/// doesn't answer its keep-alive questions). An operation is a call repeated after each new input
/// until it no longer says EAGAIN.
actor SSHConnection: Link {
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
  var isUsable: Bool { failure == nil }
  var channels: [SSHChannel.ID: ChannelState] = [:]
  var lastChannel: SSHChannel.ID = 0
  /// Closed by us, not yet by the other side, which waits for its process's end.
  var closing: [OpaquePointer] = []
  /// A channel that nothing runs in, so that there is always one to drain by.
  var spare: OpaquePointer?
  /// Whether the spare channel can still start a process.
  var isSpareFresh = false
  var carrier: Carrier?
  var inputWaiters: [CheckedContinuation<Void, Never>] = []
  var writableWaiters: [CheckedContinuation<Void, Never>] = []
  var attachWaiters: [CheckedContinuation<Void, Never>] = []
  var isBusy = false
  var lockWaiters: [CheckedContinuation<Void, Never>] = []
  var isTunnelWriting = false
  private var lastInput: NIODeadline = .now()
  private var keepAlive: RepeatedTask?
  /// The program that carries the connection, which alone knows why it ended.
  var proxy: ProxyProgram?

  init(on eventLoop: any EventLoop) throws(TransportError) {
    self.eventLoop = eventLoop
    executor = eventLoop.executor
    session = try SessionHandle()
  }

  // MARK: Input

  /// Takes what the carrier brings, on the event loop.
  func receive(_ bytes: ByteBuffer) {
    var bytes = bytes
    session.buffers.greeting.take(bytes.readableBytesView)
    session.buffers.received.writeBuffer(&bytes)
    lastInput = .now()
    pump()
  }

  /// The carrier has come to its end.
  func receiveEnd(_ reason: String? = nil) {
    guard failure == nil, !session.buffers.isAtEnd else { return }
    if let proxy, !proxy.hasSaidAll {
      // Its last words may be on their way still.
      proxy.whenAllIsSaid { self.assumeIsolated { $0.receiveEnd(reason) } }
      return
    }
    session.buffers.isAtEnd = true
    pump()
    // After those that have just been woken have looked at the last bytes.
    let early = !session.buffers.greeting.isOver
    eventLoop.execute {
      self.assumeIsolated { connection in
        let message = connection.session.buffers.farewell ?? connection.ending(reason)
        connection.fail(TransportError(early ? connection.earlyKind : .lost, message))
      }
    }
  }

  /// What an end without a good-bye means.
  func ending(_ reason: String? = nil) -> String {
    guard let proxy else {
      return session.buffers.greeting.words ?? reason ?? "the host hung up"
    }
    return "the ProxyCommand ended: \(proxy.said.isEmpty ? "it said nothing" : proxy.said)"
  }

  /// What an end before the server's introduction is: where a program complains, no full server.
  var earlyKind: TransportError.Kind {
    proxy?.said.isEmpty == false ? .lost : session.buffers.greeting.earlyEnd
  }

  /// Whose words explain an end.
  func note(_ proxy: ProxyProgram) { self.proxy = proxy }

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

  func wake(_ waiters: inout [CheckedContinuation<Void, Never>]) {
    let waking = waiters
    waiters = []
    for waiter in waking { waiter.resume() }
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
