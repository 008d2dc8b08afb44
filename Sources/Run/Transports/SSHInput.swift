internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Hands a socket's events to the connection, whose actor runs on the socket's event loop.
final class SSHInput: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private let connection: SSHConnection

  init(_ connection: SSHConnection) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    connection.assumeIsolated { $0.receive(bytes) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection.assumeIsolated { $0.receiveEnd() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let reason = TransportError(connecting: error).message
    connection.assumeIsolated { $0.receiveEnd(reason) }
    context.close(promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable else { return }
    connection.assumeIsolated { $0.becomeWritable() }
  }
}

extension TransportError {
  /// In words what NIO reports of a socket.
  init(connecting error: any Error) {
    self.init(.lost, Self.words(error))
  }

  private static func words(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return words(first.error) }
      return "the name \(error.host) can't be resolved"
    case let error as IOError: return String(cString: strerror(error.errnoCode))
    case ChannelError.connectTimeout(let time):
      return "no answer within \(time.nanoseconds / 1_000_000_000) s"
    default: return "\(error)"
    }
  }
}

extension Duration {
  /// For messages: `10`, `0.5`.
  var inSeconds: String {
    let (seconds, attoseconds) = components
    return attoseconds == 0
      ? "\(seconds)" : "\(Double(seconds) + Double(attoseconds) / 1e18)"
  }
}
