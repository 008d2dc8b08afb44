internal import Cryptography
internal import Hosts

/// Sends one file as the input of a `cat` that runs as the become-user; what is large, compressed
/// where that is quicker.
struct Upload {
  let dialogue: ShellDialogue
  let path: String
  /// Whether what is large is compressed; nil where it pays.
  let compresses: Bool?

  /// libssh2 sends what one call holds without waiting for answers: a large piece fills a long line.
  private static let pieceSize = 2 << 20
  /// So much of a large file goes first as it is, to see how quick the line is.
  private static let trialSize = 4 << 20
  private static let sampleSize = 256 << 10

  /// Removes what a broken upload left.
  var removal: String { "rm -f \(RemotePath.quoted(path))" }

  /// How long a cancelled upload may take to come to its end.
  private static let grace: Duration = .seconds(5)

  /// Sends all; whatever was at the path is replaced, a link isn't followed.
  ///
  /// The other side knows how much is to come: what breaks off half way it removes by itself, even
  /// where nobody is left to tell it.
  func send(_ content: FileContent) async throws(HostError) {
    let source = try UploadSource(content)
    guard compresses != false, source.size >= 4 * Self.trialSize else {
      _ = try await send(source, try await begin(0..<source.size), by: nil)
      return
    }
    // Waits already, so that whenever we go somebody there takes away what has come.
    let rest = try await begin(Self.trialSize..<source.size)
    do throws(HostError) {
      let first = try await send(source, try await begin(0..<Self.trialSize), by: nil)
      let isCompressed = first.canUnpack ? try await pays(source, first.time) : false
      _ = try await send(source, rest, by: isCompressed ? GzipStream() : nil)
    } catch {
      await rest.opened.process.close()
      throw error
    }
  }

  private func pays(_ source: UploadSource, _ time: Duration) async throws(HostError) -> Bool {
    if let compresses { return compresses }
    // From the middle: many files begin unlike the rest.
    let sample = try await source.piece(at: source.size / 2, count: Self.sampleSize)
    let passage = time / .seconds(1) / Double(Self.trialSize)
    return await CompressionTrial.run(on: sample).pays(where: passage)
  }

  /// What a part's way told.
  private struct Passage {
    var time: Duration
    /// Whether the host has gzip.
    var canUnpack: Bool
  }

  /// A part that the other side waits for.
  private struct Part {
    var range: Range<Int>
    var opened: ShellDialogue.Opened
    /// What it says when it has all.
    var mark: String
  }

  /// Has the other side wait for a part: the first one makes the file, the other adds to it as the
  /// first line says.
  private func begin(_ range: Range<Int>) async throws(HostError) -> Part {
    let word = RemotePath.quoted(path)
    let mark = SecureRandom.hex(16)
    let taking =
      range.lowerBound == 0
      ? "cat >\(word)"
      : "IFS= read -r how && case $how in gzip) gzip -dc ;; *) cat ;; esac >>\(word)"
    let opened = try await dialogue.open(
      """
      \(range.lowerBound == 0 ? "rm -f \(word) && umask 077 && set -C && " : ""){
      \(taking) && [ "$(wc -c <\(word))" -eq \(range.upperBound) ] &&
      printf '\\n\(mark) %s\\n' "$(command -v gzip)" || { rm -f \(word); exit 1; }; }
      """)
    return Part(range: range, opened: opened, mark: mark)
  }

  private func send(
    _ source: UploadSource, _ part: Part, by gzip: GzipStream?
  ) async throws(HostError) -> Passage {
    let process = part.opened.process
    let result = await withTaskCancellationHandler {
      await Self.result { () async throws(HostError) in
        try await transfer(source, part, by: gzip)
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
    return try result.get()
  }

  private static func result(
    _ body: () async throws(HostError) -> Passage
  ) async -> Result<Passage, HostError> {
    do throws(HostError) { return .success(try await body()) } catch { return .failure(error) }
  }

  private func transfer(
    _ source: UploadSource, _ part: Part, by gzip: GzipStream?
  ) async throws(HostError) -> Passage {
    let clock = ContinuousClock()
    let start = clock.now
    let process = part.opened.process
    var broken: TransportError?
    // Trouble with our own file; the remote side is let finish first, since what it hasn't begun to
    // write can't be removed yet.
    var local: HostError?
    do throws(SendError) { try await send(source, part.range, by: gzip, to: process) } catch {
      switch error {
      case .host(let error): local = error
      // The remote side says why on its error output: read that first.
      case .transport(let error): broken = error
      }
    }
    await process.finishSending()
    do throws(HostError) {
      let word = try await answer(of: part, broken)
      if let local { throw local }
      return Passage(time: clock.now - start, canUnpack: !word.isEmpty)
    } catch { throw local ?? error }
  }

  /// What the other side says at its end; it has all then.
  private func answer(
    of part: Part, _ broken: TransportError?
  ) async throws(HostError) -> String {
    var output = FrameScanner(mark: part.mark + " ", limit: 1 << 16)
    output.append(part.opened.output)
    var said = part.opened.error
    do throws(TransportError) {
      while !output.isComplete {
        switch try await part.opened.process.receive() {
        case .output(let bytes): output.append(bytes)
        case .error(let bytes): said = Array((said + bytes).prefix(1 << 16))
        case .end: throw TransportError(.ended, broken?.message ?? "the transfer broke off")
        }
      }
      return output.trailer ?? ""
    } catch {
      guard error.kind == .ended else {
        throw HostError(
          .connectionLost, "the connection was lost while sending \(path): \(error.message)")
      }
      let reason = String(decoding: said, as: UTF8.self)
      throw HostError(
        .actionFailed, "can't write \(path): \(reason.isEmpty ? error.message : reason)",
        output: CommandOutput(status: 1, standardError: said))
    }
  }

  private enum SendError: Error {
    case host(HostError)
    case transport(TransportError)
  }

  private func send(
    _ source: UploadSource, _ range: Range<Int>, by gzip: GzipStream?,
    to process: any RunningProcess
  ) async throws(SendError) {
    if range.lowerBound > 0 {
      let how = gzip == nil ? "cat\n" : "gzip\n"
      do throws(TransportError) { try await process.send(Array(how.utf8)) } catch {
        throw .transport(error)
      }
    }
    var offset = range.lowerBound
    while offset < range.upperBound, !Task.isCancelled {
      var piece: [UInt8]
      do throws(HostError) {
        let count = min(Self.pieceSize, range.upperBound - offset)
        piece = try await source.piece(at: offset, count: count)
      } catch { throw .host(error) }
      offset += piece.count
      if let gzip { piece = await gzip.next(piece, isLast: offset == range.upperBound) }
      do throws(TransportError) { try await process.send(piece) } catch { throw .transport(error) }
    }
  }
}
