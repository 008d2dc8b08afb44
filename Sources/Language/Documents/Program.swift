#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Runs a program on this machine, without a shell, and takes what it says.
package struct Program {
  /// What became of a program that could be started.
  package struct Ending: Sendable {
    package var output: [UInt8]
    package var errors: [UInt8]
    /// The exit status; 128 and the signal's number where a signal ended it.
    package var status: Int
  }

  /// Why there is no ending.
  package enum Problem: Error {
    /// It couldn't be started; the system's words.
    case unstartable(String)
    /// It ran longer than it may, and was killed.
    case tooSlow
    /// It said more than anybody can mean.
    case tooMuch
  }

  /// A path with a slash in it; it isn't looked up.
  package var path: String
  package var arguments: [String]
  /// How long it may take, in seconds.
  package var timeLimit = 120
  /// Whether it asks on the terminal: then it stays in this process' group and has its standard
  /// input and error, and what it starts outlives a time that is up.
  package var asksOnTerminal = false
  /// What it reads from its standard input; no more than a pipe holds.
  package var input: [UInt8] = []
  /// How much it may say, in bytes.
  package var outputLimit = 256 << 20

  package init(_ path: String, _ arguments: [String]) {
    self.path = path.contains("/") ? path : "./" + path
    self.arguments = arguments
  }

  /// Runs it in this process' folder and environment; its standard input is `input` unless it asks.
  package func run() throws(Problem) -> Ending {
    var output = Pipe()
    var errors = Pipe()
    var input = Pipe()
    defer {
      output.close()
      errors.close()
      input.close()
    }
    if !input.fill(with: self.input) { throw .unstartable("its input is too long") }
    input.closeWriting()
    let process = try start(input, output, errors)
    input.close()
    output.closeWriting()
    errors.closeWriting()
    do throws(Problem) {
      let deadline = Self.milliseconds() + timeLimit * 1000
      while output.isOpen || errors.isOpen {
        try Self.wait(for: [output, errors], until: deadline)
        output.read()
        errors.read()
        if output.bytes.count + errors.bytes.count > outputLimit { throw .tooMuch }
      }
      return Ending(
        output: output.bytes, errors: errors.bytes,
        status: try Self.status(of: process, until: deadline))
    } catch {
      // The group is the program's own: what it started goes with it.
      kill(asksOnTerminal ? process : -process, SIGKILL)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      throw error
    }
  }

  private func start(_ input: Pipe, _ output: Pipe, _ errors: Pipe) throws(Problem) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
    if !asksOnTerminal {
      posix_spawn_file_actions_adddup2(&actions, input.reading, 0)
      posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    if !asksOnTerminal {
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    }
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    var failure: Int32 = 0
    // Whoever wrote it may have it open for a moment more.
    for _ in 0..<200 {
      failure = posix_spawn(&process, path, &actions, &attributes, &words, environ)
      if failure != ETXTBSY { break }
      usleep(10_000)
    }
    if failure != 0 { throw .unstartable(String(cString: strerror(failure))) }
    return process
  }

  // MARK: Waiting

  private static func wait(for pipes: [Pipe], until deadline: Int) throws(Problem) {
    var questions = pipes.filter(\.isOpen).map {
      pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0)
    }
    let left = deadline - milliseconds()
    if left <= 0 { throw .tooSlow }
    poll(&questions, nfds_t(questions.count), Int32(min(left, 1_000_000)))
  }

  /// Waits for the end; a program may have closed its output long before.
  private static func status(of process: pid_t, until deadline: Int) throws(Problem) -> Int {
    var status: Int32 = 0
    while true {
      let answer = waitpid(process, &status, WNOHANG)
      if answer == process {
        let signal = Int(status & 127)
        return signal == 0 ? Int(status >> 8 & 255) : 128 + signal
      }
      if answer < 0, errno != EINTR { return 0 }
      if milliseconds() > deadline { throw .tooSlow }
      usleep(1000)
    }
  }

  private static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
  }
}

/// A pipe from a program to us.
private struct Pipe {
  private(set) var reading: Int32 = -1
  private(set) var writing: Int32 = -1
  private(set) var bytes: [UInt8] = []

  var isOpen: Bool { reading >= 0 }

  init() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    (reading, writing) = (ends[0], ends[1])
    // Closed in whatever else is started meanwhile.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
  }

  /// Reads what is there; at the end the pipe is closed.
  mutating func read() {
    guard isOpen else { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = buffer.withUnsafeMutableBytes { unistdRead(reading, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 {
        return close()
      } else if errno != EINTR {
        return
      }
    }
  }

  /// Writes what will be read; false where a pipe can't hold it.
  func fill(with bytes: [UInt8]) -> Bool {
    guard bytes.count <= 65_536 else { return false }
    return bytes.isEmpty || unistdWrite(writing, bytes, bytes.count) == bytes.count
  }

  mutating func closeWriting() {
    if writing >= 0 { closeDescriptor(writing) }
    writing = -1
  }

  mutating func close() {
    closeWriting()
    if reading >= 0 { closeDescriptor(reading) }
    reading = -1
  }
}

// The C functions that the pipe's methods hide.
private func unistdRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int)
  -> Int
{ read(descriptor, buffer, count) }

private func unistdWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}

private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
