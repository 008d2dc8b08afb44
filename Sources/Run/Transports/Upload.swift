internal import Cryptography
internal import Hosts

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Sends one file as the input of a `cat` that runs as the become-user.
struct Upload {
  let dialogue: ShellDialogue
  let path: String

  /// libssh2 sends what one call holds without waiting for answers: a large piece fills a long line.
  private static let pieceSize = 2 << 20

  /// Removes what a broken upload left.
  var removal: String { "rm -f \(RemotePath.quoted(path))" }

  /// How long a cancelled upload may take to come to its end.
  private static let grace: Duration = .seconds(5)

  /// Sends all; whatever was at the path is replaced, a link isn't followed.
  ///
  /// The other side knows how much is to come: what breaks off half way it removes by itself, even
  /// where nobody is left to tell it.
  func send(_ content: FileContent) async throws(HostError) {
    let word = RemotePath.quoted(path)
    let mark = SecureRandom.hex(16)
    let opened = try await dialogue.open(
      """
      rm -f \(word) && umask 077 && set -C && {
      cat >\(word) && [ "$(wc -c <\(word))" -eq \(content.size) ] && printf '\\n\(mark) \\n' ||
      { rm -f \(word); exit 1; }; }
      """)
    let process = opened.process
    let result = await withTaskCancellationHandler {
      await Self.result { () async throws(HostError) in
        try await transfer(content, through: opened, mark)
      }
    } onCancel: {
      // The other side is let finish, or what it hasn't begun to write couldn't be removed.
      Task {
        try? await Task.sleep(for: Self.grace)
        await process.close()
      }
    }
    await process.close()
    guard !Task.isCancelled else { throw HostError(.cancelled, "cancelled while sending \(path)") }
    try result.get()
  }

  private static func result(
    _ body: () async throws(HostError) -> Void
  ) async -> Result<Void, HostError> {
    do throws(HostError) { return .success(try await body()) } catch { return .failure(error) }
  }

  private func transfer(
    _ content: FileContent, through opened: ShellDialogue.Opened, _ mark: String
  ) async throws(HostError) {
    let process = opened.process
    var broken: TransportError?
    // Trouble with our own file; the remote side is let finish first, since what it hasn't begun to
    // write can't be removed yet.
    var local: HostError?
    do throws(SendError) {
      switch content {
      case .bytes(let bytes): try await send(bytes, to: process)
      case .controllerFile(let file, let size): try await send(file, size, to: process)
      }
    } catch {
      switch error {
      case .host(let error): local = error
      // The remote side says why on its error output: read that first.
      case .transport(let error): broken = error
      }
    }
    await process.finishSending()
    var output = FrameScanner(mark: mark + " ", limit: 1 << 16)
    output.append(opened.output)
    var said = opened.error
    do throws(TransportError) {
      while !output.isComplete {
        switch try await process.receive() {
        case .output(let bytes): output.append(bytes)
        case .error(let bytes): said = Array((said + bytes).prefix(1 << 16))
        case .end: throw TransportError(.ended, broken?.message ?? "the transfer broke off")
        }
      }
    } catch {
      if let local { throw local }
      guard error.kind == .ended else {
        throw HostError(
          .connectionLost, "the connection was lost while sending \(path): \(error.message)")
      }
      let reason = String(decoding: said, as: UTF8.self)
      throw HostError(
        .actionFailed, "can't write \(path): \(reason.isEmpty ? error.message : reason)",
        output: CommandOutput(status: 1, standardError: said))
    }
    if let local { throw local }
  }

  private enum SendError: Error {
    case host(HostError)
    case transport(TransportError)
  }

  private func send(_ bytes: [UInt8], to process: any RunningProcess) async throws(SendError) {
    for start in stride(from: 0, to: bytes.count, by: Self.pieceSize) where !Task.isCancelled {
      let piece = Array(bytes[start..<min(start + Self.pieceSize, bytes.count)])
      do throws(TransportError) { try await process.send(piece) } catch { throw .transport(error) }
    }
  }

  private func send(
    _ file: String, _ size: Int, to process: any RunningProcess
  ) async throws(SendError) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .host(Self.unreadable(file, errno)) }
    defer { close(descriptor) }
    var sent = 0
    while true {
      let piece: [UInt8]
      switch await Self.piece(of: descriptor, at: sent) {
      case .success(let bytes): piece = bytes
      case .failure(let error): throw .host(Self.unreadable(file, error.number))
      }
      if piece.isEmpty || Task.isCancelled { break }
      do throws(TransportError) { try await process.send(piece) } catch { throw .transport(error) }
      sent += piece.count
    }
    guard sent == size || Task.isCancelled else {
      throw .host(HostError(.actionFailed, "\(file) changed while it was sent"))
    }
  }

  private static func unreadable(_ file: String, _ number: Int32) -> HostError {
    HostError(.actionFailed, "can't read \(LocalFileError(path: file, number: number))")
  }

  /// Away from the event loop, which a slow disk must not stop.
  @concurrent
  private static func piece(
    of descriptor: Int32, at offset: Int
  ) async -> Result<[UInt8], LocalFileError> {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, length in
      count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      length = max(count, 0)
    }
    return count < 0 ? .failure(LocalFileError(path: "", number: errno)) : .success(bytes)
  }
}
