internal import Cryptography
package import Hosts

/// A host behind framed shells: one for each user that is asked for, more where scripts overlap.
package actor ShellHost: Host {
  package nonisolated let executor: any SerialExecutor
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private let machine: any Machine
  private let target: ConnectionTarget
  private let options: TransportOptions
  private var idle: [Become?: [RemoteShell]] = [:]
  private var busy: [ObjectIdentifier: (shell: RemoteShell, run: RemoteShell.Sequence)] = [:]
  /// Shells being opened, idle and busy.
  private var shellCount = 0
  private var shellLimit: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []
  /// Private folders of shells that ended without removing them, for the next shell to remove.
  private var leftovers: [Become?: [String]] = [:]
  /// What may still run in shells whose connection was lost.
  private var orphans: [Become?: Orphans] = [:]
  /// What came of killing a shell's processes: nil where they are dead.
  private var killed: [ObjectIdentifier: HostError?] = [:]
  private var killWaiters: [ObjectIdentifier: CheckedContinuation<Void, Never>] = [:]
  private let uploads = ConnectGate(2)
  private var isClosed = false

  init(_ machine: any Machine, _ target: ConnectionTarget, _ options: TransportOptions) {
    self.machine = machine
    self.target = target
    self.options = options
    executor = machine.executor
    shellLimit = max(options.shellsPerHost, 1)
  }

  // MARK: Host

  package func read(
    _ script: String, as become: Become?
  ) async throws(HostError) -> CommandOutput {
    let text = CommandText(reading: script)
    do throws(HostError) {
      return try await perform(as: become, timeout: options.commandTimeout) { _ in text }
    } catch {
      // Reading twice does no harm; the next attempt connects anew.
      guard error.kind == .connectionLost, !Task.isCancelled, !isClosed else { throw error }
      return try await perform(as: become, timeout: options.commandTimeout) { _ in text }
    }
  }

  package func run(
    _ command: Command, as become: Become?
  ) async throws(HostError) -> CommandOutput {
    try await perform(as: become, timeout: command.timeout ?? options.commandTimeout) {
      (shell) throws(HostError) in try CommandText(command, folder: shell.folder)
    }
  }

  package func upload(
    _ content: FileContent, to path: String, as become: Become?
  ) async throws(HostError) {
    try checkCancellation()
    await uploads.enter()
    defer { uploads.leave() }
    try await machine.connect()
    let become = await effective(become)
    let upload = Upload(
      dialogue: ShellDialogue(machine: machine, become: become, timeout: options.becomeTimeout),
      path: path, compresses: options.compressesUploads)
    do throws(HostError) { try await upload.send(content) } catch {
      guard error.kind != .connectionLost, !isClosed else { throw error }
      // Not a child task: it must happen even where we were cancelled.
      await Task { _ = try? await self.read(upload.removal, as: become) }.value
      throw error
    }
  }

  package func close() async {
    guard !isClosed else { return }
    isClosed = true
    for (shell, run) in busy.values { await interrupt(shell, run, .cancelled) }
    let shells = idle.values.joined()
    idle = [:]
    await withTaskGroup { group in
      for shell in shells { group.addTask { await shell.end() } }
    }
    await removeLeftovers()
    await machine.close()
    wakeWaiting()
  }

  // MARK: One command

  private func perform(
    as become: Become?, timeout: Duration?,
    _ text: (RemoteShell) throws(HostError) -> CommandText
  ) async throws(HostError) -> CommandOutput {
    let shell = try await takeShell(as: become)
    let run = await shell.nextSequence()
    busy[ObjectIdentifier(shell)] = (shell, run)
    let deadline = timeout.map { limit in
      Deadline(after: limit) { await self.interrupt(shell, run, .timedOut) }
    }
    let result = await withTaskCancellationHandler {
      await Self.result { () async throws(HostError) in
        try await shell.run(try text(shell), as: run)
      }
    } onCancel: {
      Task { await self.interrupt(shell, run, .cancelled) }
    }
    deadline?.cancel()
    busy[ObjectIdentifier(shell)] = nil
    let interruption = await shell.interruption
    if let interruption { throw await ended(shell, interruption, timeout) }
    if case .failure(let error) = result, error.kind == .connectionLost {
      orphans[shell.become, default: Orphans()].add(shell.groups)
    }
    await giveBack(shell)
    return try result.get()
  }

  private static func result(
    _ body: () async throws(HostError) -> CommandOutput
  ) async -> Result<CommandOutput, HostError> {
    do throws(HostError) { return .success(try await body()) } catch { return .failure(error) }
  }

  private func checkCancellation() throws(HostError) {
    guard !Task.isCancelled else { throw HostError(.cancelled, "cancelled before it began") }
    guard !isClosed else { throw HostError(.cancelled, "the host's connection was closed") }
  }

  // MARK: Ending a command

  /// Ends a run and all its processes, unless it's done.
  private func interrupt(
    _ shell: RemoteShell, _ run: RemoteShell.Sequence, _ kind: HostError.Kind
  ) async {
    guard await shell.interrupt(run, kind) else { return }
    // Not in the task that was cancelled: it would be refused everything.
    await Task {
      let problem = await self.kill(shell)
      await shell.abandon()
      self.noteKilled(shell, problem)
    }.value
  }

  private func kill(_ shell: RemoteShell) async -> HostError? {
    let kills = shell.groups.map { "kill -KILL -\($0) 2>/dev/null; " }.joined()
    let dialogue = ShellDialogue(
      machine: machine, become: shell.become, timeout: options.becomeTimeout)
    do throws(HostError) {
      let opened = try await dialogue.open("\(kills)rm -rf \(RemotePath.quoted(shell.folder))")
      let deadline = Deadline(after: .seconds(5)) { await opened.process.close() }
      while let piece = try? await opened.process.receive(), piece != .end {}
      deadline.cancel()
      await opened.process.close()
      return nil
    } catch {
      return error
    }
  }

  private func noteKilled(_ shell: RemoteShell, _ problem: HostError?) {
    let id = ObjectIdentifier(shell)
    killed[id] = .some(problem)
    killWaiters.removeValue(forKey: id)?.resume()
  }

  /// Waits until the run's processes are dead, and says why they are.
  private func ended(
    _ shell: RemoteShell, _ kind: HostError.Kind, _ timeout: Duration?
  ) async -> HostError {
    let id = ObjectIdentifier(shell)
    if killed[id] == nil { await withCheckedContinuation { killWaiters[id] = $0 } }
    let problem = killed.removeValue(forKey: id).flatMap { $0 }
    await drop(shell, isClean: problem == nil)
    var message =
      kind == .timedOut
      ? "the command took longer than \((timeout ?? .zero).inSeconds) s"
      : "the command was cancelled"
    if let problem {
      message += "; it may still run, because ending it failed: \(problem.message)"
    } else {
      message += " and was ended"
    }
    return HostError(kind, message)
  }

  // MARK: Shells

  /// An idle shell of the user, or a new one, or the next that is given back.
  private func takeShell(as wanted: Become?) async throws(HostError) -> RemoteShell {
    while true {
      try checkCancellation()
      // Before the user is known, nobody can tell whether becoming him is needed.
      if wanted != nil { try await machine.connect() }
      let become = await effective(wanted)
      if let shell = idle[become]?.popLast() {
        if await shell.isUsable { return shell }
        await drop(shell, isClean: false)
        continue
      }
      if shellCount < shellLimit {
        shellCount += 1
        do throws(HostError) { return try await openShell(as: become) } catch {
          shellCount -= 1
          // The server allows fewer than we thought: wait for one of those that there are.
          guard error.kind == .unreachable, shellCount > 0 else {
            wakeWaiting()
            throw error
          }
          shellLimit = shellCount
          continue
        }
      }
      if let other = idle.first(where: { !$0.value.isEmpty })?.key,
        let shell = idle[other]?.popLast()
      {
        await shell.end()
        await drop(shell, isClean: true)
        continue
      }
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func openShell(as become: Become?) async throws(HostError) -> RemoteShell {
    let dialogue = ShellDialogue(machine: machine, become: become, timeout: options.becomeTimeout)
    let opened = try await dialogue.open(
      target.shell == "/bin/sh" ? nil : "exec \(Shell.quote(target.shell))")
    let folder = "\(target.remoteTemporaryFolder)/orchestrate-\(SecureRandom.hex(16))"
    let shell = RemoteShell(
      opened, as: become, folder: folder, outputLimit: options.outputLimit, on: executor)
    let old = leftovers.removeValue(forKey: become) ?? []
    let word = RemotePath.quoted(folder)
    let removal = "[ ! -e \(word) ] || rm -rf \(word)"
    // A broken pipe must not keep it from cleaning up behind itself.
    var start = "trap \(Shell.quote(removal)) EXIT; trap : PIPE"
    if let orphans = orphans.removeValue(forKey: become) { start += "; \(orphans.wait)" }
    if !old.isEmpty { start += "; rm -rf " + old.map(RemotePath.quoted).joined(separator: " ") }
    do throws(TransportError) { try await opened.process.send(Array((start + "\n").utf8)) } catch {
      throw HostError(.connectionLost, "the connection was lost: \(error.message)")
    }
    return shell
  }

  private func giveBack(_ shell: RemoteShell) async {
    if isClosed {
      await shell.end()
      await drop(shell, isClean: true)
    } else if await shell.isUsable {
      idle[shell.become, default: []].append(shell)
      wakeWaiting()
    } else {
      await drop(shell, isClean: false)
    }
  }

  private func drop(_ shell: RemoteShell, isClean: Bool) async {
    if !isClean {
      await shell.abandon()
      if await shell.hasFolder { leftovers[shell.become, default: []].append(shell.folder) }
    }
    shellCount -= 1
    wakeWaiting()
  }

  private func wakeWaiting() {
    if isClosed {
      for waiter in waiting { waiter.resume() }
      waiting = []
    } else if !waiting.isEmpty {
      waiting.removeFirst().resume()
    }
  }

  private func removeLeftovers() async {
    for (become, folders) in leftovers {
      let script = "rm -rf " + folders.map(RemotePath.quoted).joined(separator: " ")
      let dialogue = ShellDialogue(machine: machine, become: become, timeout: .seconds(10))
      if let opened = try? await dialogue.open(script) {
        while let piece = try? await opened.process.receive(), piece != .end {}
        await opened.process.close()
      }
    }
    leftovers = [:]
  }

  /// Nil where the user is the one that we log in as, as Ansible has it.
  private func effective(_ become: Become?) async -> Become? {
    guard let become, await machine.user != become.user else { return nil }
    return become
  }
}
