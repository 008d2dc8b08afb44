internal import Cryptography
internal import Hosts

/// A shell that stays: commands are written to it one after the other, their output comes framed.
actor RemoteShell {
  nonisolated let executor: any SerialExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Names one run of a command, so that what would end it doesn't end a later one.
  typealias Sequence = Int

  /// Whom the shell runs as; nil for the login user.
  nonisolated let become: Become?
  /// What is to be killed to end all that runs in it.
  nonisolated let groups: [Int32]
  /// Its private folder on the host, made when first needed.
  nonisolated let folder: String

  private let process: any RunningProcess
  private let nonce: String
  private let outputLimit: Int
  private var output: [UInt8]
  private var error: [UInt8]
  private var last: Sequence = 0
  private var finished: Sequence = 0
  /// Why it's being ended; it can't be used any more.
  private(set) var interruption: HostError.Kind?
  private var isBroken = false
  private(set) var hasFolder = false

  init(
    _ opened: ShellDialogue.Opened, as become: Become?, folder: String, outputLimit: Int,
    on executor: any SerialExecutor
  ) {
    self.executor = executor
    self.become = become
    self.folder = folder
    self.outputLimit = outputLimit
    process = opened.process
    groups = opened.groups
    output = opened.output
    error = opened.error
    nonce = SecureRandom.hex(16)
  }

  /// Whether the next command can be given to it.
  var isUsable: Bool {
    get async {
      guard !isBroken, interruption == nil else { return false }
      return await process.isAlive
    }
  }

  /// The number of the next run.
  func nextSequence() -> Sequence {
    last += 1
    return last
  }

  /// Runs one command and reads its output to the end.
  func run(_ text: CommandText, as sequence: Sequence) async throws(HostError) -> CommandOutput {
    defer { finished = sequence }
    if let interruption { throw HostError(interruption, "ended before it began") }
    if text.needsFolder { hasFolder = true }
    let mark = "\(nonce).\(sequence)"
    var answer = Answer(mark: mark, limit: outputLimit)
    answer.take(output: output, error: error)
    output = []
    error = []
    do throws(TransportError) {
      try await process.send(text.framed(mark: mark, folder: folder))
      while !answer.isComplete {
        switch try await process.receive() {
        case .output(let bytes): answer.take(output: bytes, error: [])
        case .error(let bytes): answer.take(output: [], error: bytes)
        case .end: throw TransportError(.ended, "the shell ended")
        }
      }
    } catch {
      isBroken = true
      throw failure(error, answer)
    }
    if let interruption { throw HostError(interruption, "ended") }
    output = answer.output.rest
    error = answer.error.rest
    return try result(answer)
  }

  private func failure(_ error: TransportError, _ answer: Answer) -> HostError {
    if let interruption { return HostError(interruption, "ended") }
    guard error.kind == .ended else {
      return HostError(
        .connectionLost, "the connection was lost while a command ran: \(error.message)",
        output: answer.soFar)
    }
    return HostError(
      .actionFailed, "the host's shell ended before the command was done",
      help: "the command, or something on the host, has killed it", output: answer.soFar)
  }

  private func result(_ answer: Answer) throws(HostError) -> CommandOutput {
    let word = answer.output.trailer ?? ""
    if word == CommandText.noFolder {
      throw HostError(
        .actionFailed, "can't make a private folder: \(answer.soFar.errorText)",
        help: "see that ansible_remote_tmp is a folder where the user may write",
        output: answer.soFar)
    }
    guard let status = Int32(word) else {
      throw HostError(.probeFailed, "the host's shell says '\(word)' instead of an exit status")
    }
    guard !answer.output.isCut, !answer.error.isCut else {
      throw HostError(
        .actionFailed, "the command said more than \(outputLimit >> 20) MB",
        help: "redirect its output to a file on the host")
    }
    var output = answer.soFar
    output.status = status
    return output
  }

  // MARK: Ending

  /// Marks a run as to be ended; false if it's done already or being ended.
  func interrupt(_ sequence: Sequence, _ kind: HostError.Kind) -> Bool {
    guard finished < sequence, interruption == nil else { return false }
    interruption = kind
    return true
  }

  /// Lets go of the shell; who waits for output is told.
  func abandon() async {
    isBroken = true
    await process.close()
  }

  /// Ends it in peace: it removes its folder at the end of its input.
  func end() async {
    isBroken = true
    await process.finishSending()
    let process = process
    let deadline = Deadline(after: .seconds(5)) { await process.close() }
    while let piece = try? await process.receive(), piece != .end {}
    deadline.cancel()
    await process.close()
  }
}

/// Both streams of one command.
private struct Answer {
  var output: FrameScanner
  var error: FrameScanner

  init(mark: String, limit: Int) {
    output = FrameScanner(mark: mark + " ", limit: limit)
    error = FrameScanner(mark: mark + " ", limit: limit)
  }

  var isComplete: Bool { output.isComplete && error.isComplete }

  var soFar: CommandOutput {
    CommandOutput(
      status: -1, standardOutput: Array(output.body), standardError: Array(error.body))
  }

  mutating func take(output bytes: [UInt8], error errorBytes: [UInt8]) {
    if !bytes.isEmpty { output.append(bytes) }
    if !errorBytes.isEmpty { error.append(errorBytes) }
  }
}
