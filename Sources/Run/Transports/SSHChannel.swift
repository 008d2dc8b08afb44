internal import CSSH2

/// A process on the other side of an SSH connection, or a tunnel through it.
struct SSHChannel: RunningProcess {
  typealias ID = Int

  let connection: SSHConnection
  let id: ID

  func send(_ bytes: [UInt8]) async throws(TransportError) {
    try await connection.write(bytes, to: id)
  }

  func finishSending() async { await connection.finishSending(to: id) }

  func receive() async throws(TransportError) -> OutputPiece {
    try await connection.receive(from: id)
  }

  var isAlive: Bool {
    get async { await connection.isOpen(id) }
  }

  func close() async { await connection.closeChannel(id) }
}

/// What has come through a channel and nobody has taken yet.
final class ChannelState {
  /// Reading stops when this many bytes wait; the window then stops the other side.
  static let bufferLimit = 4 << 20

  let handle: OpaquePointer
  var output: [UInt8] = []
  var error: [UInt8] = []
  var isAtEnd = false
  /// Reading stopped because nobody takes.
  var isFull: Bool { output.count + error.count >= Self.bufferLimit }
  private var reader: CheckedContinuation<Void, Never>?

  init(_ handle: OpaquePointer) { self.handle = handle }

  func waitForInput(_ reader: CheckedContinuation<Void, Never>) { self.reader = reader }

  func wakeReader() {
    reader?.resume()
    reader = nil
  }
}

extension SSHConnection {
  private static let window: UInt32 = 2 << 20
  private static let packet: UInt32 = 32768
  private static let pieceSize = 1 << 16

  // MARK: Opening

  /// Opens a channel that nothing runs in; the next process starts in it.
  func openSpare() async throws(TransportError) {
    try await lock()
    defer { unlock() }
    spare = try await openSession()
    isSpareFresh = true
  }

  /// Starts a command in the login shell.
  func start(_ command: String) async throws(TransportError) -> SSHChannel {
    try await lock()
    defer { unlock() }
    let handle: OpaquePointer
    if isSpareFresh, let fresh = spare {
      handle = fresh
      spare = nil
      isSpareFresh = false
    } else {
      handle = try await openSession()
    }
    do throws(TransportError) {
      try await operate { _ in
        Int(
          libssh2_channel_process_startup(
            handle, "exec", 4, command, UInt32(command.utf8.count)))
      }
    } catch {
      letGo(of: handle)
      throw error
    }
    return add(handle)
  }

  /// Opens a tunnel from the host to an address.
  func openTunnel(to host: String, port: Int) async throws(TransportError) -> SSHChannel {
    try await lock()
    defer { unlock() }
    return add(
      try await make { libssh2_channel_direct_tcpip_ex($0, host, Int32(port), "127.0.0.1", 22) })
  }

  private func openSession() async throws(TransportError) -> OpaquePointer {
    try await make {
      libssh2_channel_open_ex($0, "session", 7, Self.window, Self.packet, nil, 0)
    }
  }

  private func add(_ handle: OpaquePointer) -> SSHChannel {
    lastChannel += 1
    let state = ChannelState(handle)
    channels[lastChannel] = state
    // Its first bytes may have come with the answer to the opening.
    drain(state)
    return SSHChannel(connection: self, id: lastChannel)
  }

  func isOpen(_ id: SSHChannel.ID) -> Bool {
    guard failure == nil, let state = channels[id] else { return false }
    return !state.isAtEnd
  }

  // MARK: Reading

  /// The next piece of output, in the order of arrival within each stream.
  func receive(from id: SSHChannel.ID) async throws(TransportError) -> OutputPiece {
    while true {
      guard let state = channels[id] else { return .end }
      if let piece = take(from: state) { return piece }
      if state.isAtEnd { return .end }
      if let failure { throw failure }
      await withCheckedContinuation { state.waitForInput($0) }
    }
  }

  private func take(from state: ChannelState) -> OutputPiece? {
    let wasFull = state.isFull
    var piece: OutputPiece?
    if !state.output.isEmpty {
      piece = .output(state.output)
      state.output = []
    } else if !state.error.isEmpty {
      piece = .error(state.error)
      state.error = []
    }
    if wasFull, failure == nil { drain(state) }
    return piece
  }

  /// Moves what libssh2 holds for a channel to its buffers.
  func drain(_ state: ChannelState) {
    defer { state.wakeReader() }
    guard failure == nil else { return }
    for stream: Int32 in [0, 1] {
      while !state.isFull {
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { bytes, length in
          count = bytes.withMemoryRebound(to: CChar.self) {
            libssh2_channel_read_ex(state.handle, stream, $0.baseAddress, $0.count)
          }
          length = max(count, 0)
        }
        if count > 0 {
          if stream == 0 { state.output += piece } else { state.error += piece }
          continue
        }
        if count < 0, count != Int(LIBSSH2_ERROR_EAGAIN) { end(state, by: session.error(count)) }
        break
      }
    }
    if libssh2_channel_eof(state.handle) == 1 { state.isAtEnd = true }
    flush()
  }

  private func end(_ state: ChannelState, by error: TransportError) {
    if error.kind == .ended { state.isAtEnd = true }
    // At the carrier's end, `receiveEnd` says what happened, after the last bytes were looked at.
    if error.kind == .lost, !session.buffers.isAtEnd { _ = noted(error) }
  }

  /// Has libssh2 read and answer what concerns no channel.
  func drainIdle(_ handle: OpaquePointer) {
    var byte: CChar = 0
    _ = libssh2_channel_read_ex(handle, 0, &byte, 1)
  }

  // MARK: Writing

  /// Writes all bytes; libssh2 sends what one call holds without waiting for answers.
  func write(_ bytes: [UInt8], to id: SSHChannel.ID) async throws(TransportError) {
    var offset = 0
    while offset < bytes.count {
      if let failure { throw failure }
      guard let state = channels[id] else { throw TransportError(.ended, "the process has ended") }
      let count = bytes.withUnsafeBytes { text in
        libssh2_channel_write_ex(
          state.handle, 0, text.baseAddress!.assumingMemoryBound(to: CChar.self) + offset,
          text.count - offset)
      }
      flush()
      if count == Int(LIBSSH2_ERROR_EAGAIN) {
        guard !hasClosed(state) else { throw TransportError(.ended, "the process has ended") }
        try await nextInput()
      } else if count < 0 {
        throw noted(session.error(count))
      } else {
        offset += count
        await untilWritable()
      }
    }
  }

  /// Whether the other side has closed the channel: then its window never opens again.
  private func hasClosed(_ state: ChannelState) -> Bool {
    state.isAtEnd && libssh2_channel_wait_closed(state.handle) != LIBSSH2_ERROR_EAGAIN
  }

  func finishSending(to id: SSHChannel.ID) async {
    guard let state = channels[id] else { return }
    _ = try? await operate { _ in
      channels[id] == nil ? 0 : Int(libssh2_channel_send_eof(state.handle))
    }
  }

  // MARK: Closing

  /// Closes a channel. The other side confirms when its process has ended; nobody waits for that.
  func closeChannel(_ id: SSHChannel.ID) {
    guard let state = channels.removeValue(forKey: id) else { return }
    state.wakeReader()
    letGo(of: state.handle)
  }

  private func letGo(of handle: OpaquePointer) {
    guard failure == nil else { return }
    closing.append(handle)
    retryClosing()
    flush()
  }

  /// Frees the channels that both sides have closed; the last one is kept to drain by.
  func retryClosing() {
    guard failure == nil else { return }
    closing.removeAll { handle in
      guard libssh2_channel_close(handle) != LIBSSH2_ERROR_EAGAIN else { return false }
      if spare == nil, channels.isEmpty {
        spare = handle
        return true
      }
      return libssh2_channel_free(handle) != LIBSSH2_ERROR_EAGAIN
    }
    if let old = spare, !isSpareFresh, !channels.isEmpty,
      libssh2_channel_free(old) != LIBSSH2_ERROR_EAGAIN
    {
      spare = nil
    }
  }
}
