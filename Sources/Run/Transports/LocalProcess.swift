internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// A child process in a session of its own, spoken to through pipes.
actor LocalProcess: RunningProcess {
  nonisolated let eventLoop: any EventLoop
  nonisolated let executor: any SerialExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Reading stops when this many bytes wait.
  private static let bufferLimit = 4 << 20
  /// How long what the dead process wrote is still read, where a child of it keeps the pipe open.
  private static let grace = TimeAmount.milliseconds(100)
  /// How many times that, where there is always more to read.
  private static let graceLimit = 20

  /// One pipe that we read.
  private struct Reading {
    var bytes: [UInt8] = []
    var descriptor: Int32 = -1

    /// Whether the system has something for us that the event loop hasn't come to yet.
    var hasMore: Bool {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      return !isAtEnd && descriptor >= 0 && Glibc.poll(&poll, 1, 0) > 0
    }

    var isAtEnd = false
    var channel: (any Channel)?
    var isPaused = false
  }

  private var readings = [Reading(), Reading()]
  private var input: (any Channel)?
  private var reader: CheckedContinuation<Void, Never>?
  private var writableWaiters: [CheckedContinuation<Void, Never>] = []
  private var number: pid_t = 0
  private var isReaped = false
  /// Both pipes are being read.
  private var isReading = false
  private var isClosed = false

  init(on eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    executor = eventLoop.executor
  }

  /// Starts `/bin/sh -c command`.
  func start(_ command: String) async throws(TransportError) {
    let pipes = try ProcessPipes()
    do throws(TransportError) { number = try pipes.spawn(command) } catch {
      pipes.closeAll()
      throw error
    }
    reap()
    do {
      let talk = try await NIOPipeBootstrap(group: eventLoop)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .channelInitializer { self.initialize($0, stream: 0) }
        .takingOwnershipOfDescriptors(input: pipes.output.read, output: pipes.input.write).get()
      let listen = try await NIOPipeBootstrap(group: eventLoop)
        .channelInitializer { self.initialize($0, stream: 1) }
        .takingOwnershipOfDescriptor(input: pipes.error.read).get()
      readings[0].channel = talk
      readings[0].descriptor = pipes.output.read
      readings[1].channel = listen
      readings[1].descriptor = pipes.error.read
      input = talk
      isReading = true
      if isReaped { endReadingSoon() }
    } catch {
      throw TransportError(.refused, "\(error)")
    }
  }

  private nonisolated func initialize(
    _ channel: any Channel, stream: Int
  ) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(PipeInput(self, stream: stream))
    }
  }

  // MARK: Events

  fileprivate func receive(_ bytes: ByteBuffer, stream: Int) {
    readings[stream].bytes += bytes.readableBytesView
    if readings[stream].bytes.count > Self.bufferLimit, let channel = readings[stream].channel {
      readings[stream].isPaused = true
      channel.setOption(.autoRead, value: false).whenFailure { _ in }
    }
    wakeReader()
  }

  fileprivate func receiveEnd(stream: Int) {
    readings[stream].isAtEnd = true
    wakeReader()
  }

  fileprivate func becomeWritable() {
    let waking = writableWaiters
    writableWaiters = []
    for waiter in waking { waiter.resume() }
  }

  private func wakeReader() {
    reader?.resume()
    reader = nil
  }

  /// Waits for the process's end on a thread of its own: processes are few, shells that stay.
  private func reap() {
    ChildEnd.wait(for: number) {
      self.eventLoop.execute { self.assumeIsolated { $0.noteEnd() } }
    }
  }

  private func noteEnd() {
    isReaped = true
    if isReading { endReadingSoon() }
  }

  /// A child of the process may hold the pipes open for ever. A busy machine is no such child: what
  /// is in the pipes already is read.
  private func endReadingSoon(_ count: Int = 1) {
    eventLoop.scheduleTask(in: Self.grace) {
      self.assumeIsolated { process in
        if count < Self.graceLimit, process.readings.contains(where: \.hasMore) {
          process.endReadingSoon(count + 1)
        } else {
          process.endReading()
        }
      }
    }
  }

  private func endReading() {
    for stream in readings.indices { readings[stream].isAtEnd = true }
    wakeReader()
    becomeWritable()
  }

  // MARK: RunningProcess

  var isAlive: Bool { !isReaped && !isClosed }

  func send(_ bytes: [UInt8]) async throws(TransportError) {
    guard let input, !isReaped, !isClosed, input.isActive else {
      throw TransportError(.ended, "the process has ended")
    }
    input.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    while !input.isWritable, !isReaped, !isClosed, input.isActive {
      await withCheckedContinuation { writableWaiters.append($0) }
    }
  }

  func finishSending() async {
    guard let input, !isClosed else { return }
    _ = try? await input.close(mode: .output).get()
  }

  func receive() async throws(TransportError) -> OutputPiece {
    while true {
      if isClosed { return .end }
      for stream in readings.indices where !readings[stream].bytes.isEmpty {
        let bytes = readings[stream].bytes
        readings[stream].bytes = []
        if readings[stream].isPaused, let channel = readings[stream].channel {
          readings[stream].isPaused = false
          channel.setOption(.autoRead, value: true).whenFailure { _ in }
        }
        return stream == 0 ? .output(bytes) : .error(bytes)
      }
      if readings.allSatisfy(\.isAtEnd) { return .end }
      await withCheckedContinuation { reader = $0 }
    }
  }

  func close() async {
    guard !isClosed else { return }
    isClosed = true
    // Its own group: it was started as the leader of a session. Not after its end, when the
    // number may be somebody else's.
    if !isReaped, number > 1 { kill(-number, SIGKILL) }
    for reading in readings { reading.channel?.close(promise: nil) }
    wakeReader()
    becomeWritable()
  }
}

/// Hands a pipe's events to the process, whose actor runs on the pipe's event loop.
private final class PipeInput: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private let process: LocalProcess
  private let stream: Int

  init(_ process: LocalProcess, stream: Int) {
    self.process = process
    self.stream = stream
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    process.assumeIsolated { $0.receive(bytes, stream: stream) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent {
      process.assumeIsolated { $0.receiveEnd(stream: stream) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    process.assumeIsolated {
      $0.receiveEnd(stream: stream)
      $0.becomeWritable()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A broken pipe; the end of the process follows.
    process.assumeIsolated { $0.becomeWritable() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    process.assumeIsolated { $0.becomeWritable() }
  }
}
