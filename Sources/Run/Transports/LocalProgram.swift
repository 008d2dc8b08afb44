internal import CSSH2
internal import Hosts

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Programs of this machine that connections need.
enum LocalProgram {
  /// `POSIX_SPAWN_SETSID`, which the C library shows to GNU sources alone.
  private static let newSession: Int16 = 0x80
  /// How long a command of the SSH configuration may take.
  private static let patience: Duration = .seconds(30)

  /// The shell that reads commands of the SSH configuration, as ssh has it.
  static var shell: String { LocalUser.environment("SHELL") ?? "/bin/sh" }

  /// Starts a program as the leader of a new session, with these files as its standard streams.
  static func spawn(
    _ words: [String], input: Int32, output: Int32, error: Int32
  ) throws(TransportError) -> pid_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_adddup2(&files, input, 0)
    posix_spawn_file_actions_adddup2(&files, output, 1)
    posix_spawn_file_actions_adddup2(&files, error, 2)
    // Event loops open their sockets so that children would inherit them.
    _ = cssh2_close_from(&files, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // We ignore SIGPIPE; a command must not.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    let flags = newSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, flags)
    var number: pid_t = 0
    let copies = words.map { (word: String) in strdup(word) } + [nil]
    defer { for word in copies { free(word) } }
    let result = posix_spawnp(&number, words[0], &files, &attributes, copies, environ)
    guard result == 0 else { throw TransportError(.refused, String(cString: strerror(result))) }
    return number
  }

  /// What a program says on both streams until it ends, by the end of their pipes.
  ///
  /// Blocks its thread, for as long as is allowed.
  static func said(by words: [String], within limit: Duration) throws(TransportError) -> Said {
    let output = try ProcessPipes.pipe()
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer {
      for descriptor in [output.read, nowhere] { close(descriptor) }
    }
    let number: pid_t
    do throws(TransportError) {
      number = try spawn(words, input: nowhere, output: output.write, error: output.write)
    } catch {
      close(output.write)
      throw error
    }
    close(output.write)
    let clock = ContinuousClock()
    let end = clock.now + limit
    var said = Said()
    while clock.now < end {
      var poll = pollfd(fd: output.read, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poll, 1, 100) > 0 else { continue }
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { bytes, length in
        count = read(output.read, bytes.baseAddress, bytes.count)
        length = max(count, 0)
      }
      said.bytes += piece
      if count <= 0 { break }
    }
    if clock.now >= end { kill(-number, SIGKILL) }
    while waitpid(number, &said.status, 0) < 0, errno == EINTR {}
    return said
  }

  /// A program's output, and how it ended.
  struct Said: Sendable {
    var bytes: [UInt8] = []
    /// As waitpid has it: 0 is success.
    var status: Int32 = 0

    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// For messages.
    var line: String {
      text.split(whereSeparator: \.isNewline).suffix(4).joined(separator: "; ")
    }
  }

  /// Whether a command of the user's shell ends with status 0; its output goes nowhere.
  ///
  /// Blocks its thread.
  static func succeeds(_ command: String, _ place: String) throws(HostError) -> Bool {
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nowhere) }
    let number: pid_t
    do throws(TransportError) {
      number = try spawn(
        [shell, "-c", "exec " + command], input: nowhere, output: nowhere, error: nowhere)
    } catch {
      throw HostError(.unreachable, "\(place): can't run the command: \(error.message)")
    }
    let clock = ContinuousClock()
    let end = clock.now + patience
    var status: Int32 = 0
    while true {
      let found = waitpid(number, &status, WNOHANG)
      if found == number { return status == 0 }
      if found < 0, errno != EINTR { return false }
      guard clock.now < end else { break }
      usleep(2000)
    }
    kill(-number, SIGKILL)
    waitpid(number, &status, 0)
    throw HostError(
      .unreachable, "\(place): the command hasn't ended within \(patience.inSeconds) s: \(command)")
  }
}
