internal import Hosts
internal import NIOCore
internal import NIOPosix
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// A ProxyCommand: a program whose standard input and output are the connection.
///
/// Both are one end of a pair of sockets; the other end carries the connection. What it says on its
/// error output is kept, since only it knows why it can't reach the host.
final class ProxyProgram: Sendable {
  private struct State {
    var hasEnded = false
    var said: [UInt8] = []
  }

  private let state = Mutex(State())
  private let eventLoop: any EventLoop
  /// Kept at the end of its error output.
  private let allSaid: EventLoopPromise<Void>
  private let isAllSaid = Mutex(false)
  private static let saidLimit = 4096
  private static let grace = TimeAmount.milliseconds(200)

  /// What the program has said on its error output so far, in one line.
  var said: String {
    String(decoding: state.withLock { $0.said }, as: UTF8.self)
      .split(whereSeparator: \.isNewline).joined(separator: "; ")
  }

  init(on eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    allSaid = eventLoop.makePromise()
  }

  /// Whether its error output is at its end, or won't be waited for any more.
  var hasSaidAll: Bool { isAllSaid.withLock { $0 } }

  /// Calls `action` on the event loop at the end of the error output, or a moment later where a
  /// child of the program keeps it open.
  func whenAllIsSaid(_ action: @escaping @Sendable () -> Void) {
    let late = eventLoop.scheduleTask(in: Self.grace) { self.noteAllSaid() }
    allSaid.futureResult.whenComplete { _ in
      late.cancel()
      action()
    }
  }

  fileprivate func noteAllSaid() {
    isAllSaid.withLock { $0 = true }
    allSaid.succeed()
  }

  /// Starts the command in the user's shell, and gives the channel to it.
  func start(
    _ command: String, for connection: SSHConnection
  ) async throws(TransportError) -> any Channel {
    do throws(TransportError) { return try await started(command, for: connection) } catch {
      noteAllSaid()
      throw error
    }
  }

  private func started(
    _ command: String, for connection: SSHConnection
  ) async throws(TransportError) -> any Channel {
    let pair = try Self.pair()
    let errors: ProcessPipes.Pipe
    do throws(TransportError) { errors = try ProcessPipes.pipe() } catch {
      Self.close([pair.ours, pair.theirs])
      throw error
    }
    let number: pid_t
    do throws(TransportError) {
      number = try LocalProgram.spawn(
        [LocalProgram.shell, "-c", "exec " + command], input: pair.theirs, output: pair.theirs,
        error: errors.write)
    } catch {
      Self.close([pair.ours, pair.theirs, errors.read, errors.write])
      throw error
    }
    Self.close([pair.theirs, errors.write])
    ChildEnd.wait(for: number) { self.state.withLock { $0.hasEnded = true } }
    do {
      // Its messages are read before the connection's end can be.
      _ = try await NIOPipeBootstrap(group: eventLoop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(ProxyMessages(self))
          }
        }
        .takingOwnershipOfDescriptor(input: errors.read).get()
      let channel = try await ClientBootstrap(group: eventLoop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(SSHInput(connection))
          }
        }
        .withConnectedSocket(pair.ours).get()
      channel.closeFuture.whenComplete { _ in self.end(number) }
      return channel
    } catch {
      end(number)
      throw TransportError(.refused, "\(error)")
    }
  }

  /// The program's end may be waiting for something else than its input.
  private func end(_ number: pid_t) {
    state.withLock { state in
      if !state.hasEnded { kill(-number, SIGTERM) }
    }
  }

  fileprivate func note(_ bytes: some Sequence<UInt8>) {
    state.withLock { state in
      state.said += bytes.prefix(max(0, Self.saidLimit - state.said.count))
    }
  }

  private static func pair() throws(TransportError) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw TransportError(.refused, String(cString: strerror(errno)))
    }
    return (ends[0], ends[1])
  }

  private static func close(_ descriptors: [Int32]) {
    for descriptor in descriptors { _ = Glibc.close(descriptor) }
  }
}

/// Hands what the program complains of to its owner.
private final class ProxyMessages: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private let program: ProxyProgram

  init(_ program: ProxyProgram) { self.program = program }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    program.note(unwrapInboundIn(data).readableBytesView)
  }

  func channelInactive(context: ChannelHandlerContext) { program.noteAllSaid() }
}
