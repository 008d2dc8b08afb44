internal import NIOCore

/// The way out: what libssh2 writes is handed to the carrier.
extension SSHConnection {
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
}
