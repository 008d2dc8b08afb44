internal import CSSH2
internal import NIOCore

/// A libssh2 session that knows no socket: it reads from and writes to buffers in memory.
///
/// Not Sendable: the connection that made it is the only one to touch it, on its event loop.
final class SessionHandle {
  let pointer: OpaquePointer
  let buffers: SessionBuffers

  init() throws(TransportError) {
    guard Self.isLibraryReady else { throw TransportError(.refused, "libssh2 doesn't start") }
    let buffers = SessionBuffers()
    let abstract = Unmanaged.passUnretained(buffers).toOpaque()
    guard let pointer = libssh2_session_init_ex(nil, nil, nil, abstract) else {
      throw TransportError(.refused, "libssh2 can't make a session")
    }
    self.buffers = buffers
    self.pointer = pointer
    libssh2_session_set_blocking(pointer, 0)
    cssh2_set_callbacks(pointer, sendToBuffer, receiveFromBuffer, noteDisconnect)
  }

  deinit {
    // Nothing more can come or go, so EAGAIN ends soon; should it not, better leak than hang.
    buffers.isAtEnd = true
    for _ in 0..<100 where libssh2_session_free(pointer) != LIBSSH2_ERROR_EAGAIN { return }
  }

  /// Whether libssh2 is 1.11 or newer, which signs with RSA and SHA-2 by itself.
  static let signsWithRSA = libssh2_version(0x010b00) != nil

  /// The one global state there is: libssh2's, made once.
  private static let isLibraryReady = libssh2_init(0) == 0

  /// What the last failed call says, as an error.
  func error(_ code: Int) -> TransportError {
    var text: UnsafeMutablePointer<CChar>?
    var length: Int32 = 0
    let last = libssh2_session_last_error(pointer, &text, &length, 0)
    let number = code == 0 ? last : Int32(truncatingIfNeeded: code)
    var message = text.map { String(cString: $0) } ?? ""
    if message.isEmpty { message = "libssh2 error \(number)" }
    switch number {
    case LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND,
      LIBSSH2_ERROR_DECRYPT, LIBSSH2_ERROR_INVALID_MAC, LIBSSH2_ERROR_BANNER_RECV:
      return TransportError(.lost, buffers.farewell ?? message, code: number)
    case LIBSSH2_ERROR_CHANNEL_CLOSED, LIBSSH2_ERROR_CHANNEL_EOF_SENT,
      LIBSSH2_ERROR_CHANNEL_UNKNOWN:
      return TransportError(.ended, message, code: number)
    default: return TransportError(.refused, message, code: number)
    }
  }
}

/// The bytes between a session and what carries it.
final class SessionBuffers {
  /// Received and not yet read by libssh2.
  var received = ByteBuffer()
  /// Written by libssh2 and not yet sent.
  var sending = ByteBuffer()
  /// Nothing more will be received.
  var isAtEnd = false
  /// What the server says before it introduces itself.
  var greeting = ServerGreeting()
  /// What the server said as it disconnected.
  var farewell: String?
  /// What keyboard-interactive prompts are answered with while logging in.
  var answer: String?
}

/// The buffers of the session that calls back.
private func buffers(
  _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> SessionBuffers? {
  abstract?.pointee.map { Unmanaged<SessionBuffers>.fromOpaque($0).takeUnretainedValue() }
}

/// Always takes everything: a half-sent packet would make libssh2 refuse all other operations until
/// the first is repeated. Back-pressure is applied before libssh2 is called.
private let sendToBuffer: cssh2_send_function = { _, bytes, count, _, abstract in
  guard let buffers = buffers(abstract) else { return -Int(EPIPE) }
  buffers.sending.writeBytes(UnsafeRawBufferPointer(start: bytes, count: count))
  return count
}

private let receiveFromBuffer: cssh2_receive_function = { _, bytes, count, _, abstract in
  guard let buffers = buffers(abstract), let bytes else { return -Int(EPIPE) }
  guard buffers.received.readableBytes > 0 else { return buffers.isAtEnd ? 0 : -Int(EAGAIN) }
  let length = min(count, buffers.received.readableBytes)
  buffers.received.readWithUnsafeReadableBytes { readable in
    bytes.copyMemory(from: readable.baseAddress!, byteCount: length)
    return length
  }
  if buffers.received.readableBytes == 0 { buffers.received.clear() }
  return length
}

private let noteDisconnect: cssh2_disconnect_function = { _, _, text, length, _, _, abstract in
  guard let text, length > 0 else { return }
  buffers(abstract)?.farewell = String(
    decoding: UnsafeRawBufferPointer(start: text, count: Int(length)), as: UTF8.self)
}
