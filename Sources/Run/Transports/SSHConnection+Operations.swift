internal import CSSH2
internal import NIOCore

/// Calls of libssh2, one after the other, each repeated until it needs no further input.
extension SSHConnection {
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
          session.buffers.greeting.isOver ? .lost : earlyKind,
          session.buffers.farewell ?? ending()))
    }
    await withCheckedContinuation { inputWaiters.append($0) }
  }

  /// Ends the connection where the error means that.
  func noted(_ error: TransportError) -> TransportError {
    guard [.lost, .droppedEarly, .turnedAway].contains(error.kind) else { return error }
    var error = error
    if !session.buffers.greeting.isOver {
      error.kind = earlyKind
      if proxy != nil || error.kind == .turnedAway { error.message = ending() }
    }
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
}
