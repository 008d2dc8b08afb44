import Glibc

/// A running program: one pipe brings its output, and it is always waited for.
struct LabChild {
  private let pid: pid_t
  private let output: Int32

  /// Starts the program. It inherits nothing but its three standard descriptors.
  init(_ command: LabCommand) throws(LabError) {
    let output = try LabChild.makePipe()
    defer { close(output.write) }
    // The input lies in the pipe before the program starts: no second loop, no dead-lock.
    let input = try LabChild.makePipe()
    defer { close(input.read) }
    let bytes = Array(command.input.utf8)
    precondition(bytes.count < 65536, "the input must fit into a pipe")
    let written = bytes.isEmpty ? 0 : write(input.write, bytes, bytes.count)
    close(input.write)
    self.output = output.read
    do throws(LabError) {
      guard written == bytes.count else { throw LabChild.failure("write", errno) }
      pid = try LabChild.spawn(command, input: input.read, output: output.write)
    } catch {
      close(output.read)
      throw error
    }
  }

  private static func makePipe() throws(LabError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failure("pipe", errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ command: LabCommand, input: Int32, output: Int32
  ) throws(LabError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    // A twin lives on: it must not hold open what this process has open.
    for descriptor in LabFiles.names(in: "/proc/self/fd").compactMap({ Int32($0) })
    where descriptor > 2 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    // A program must not inherit blocked or ignored signals of ours.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    var variables = environment()
    variables.merge(command.environment) { $1 }
    var child: pid_t = 0
    let status = withCStrings(command.arguments) { arguments in
      withCStrings(variables.map { "\($0)=\($1)" }) { environment in
        posix_spawnp(&child, command.arguments[0], &actions, &attributes, arguments, environment)
      }
    }
    guard status == 0 else { throw failure(command.arguments[0], status) }
    return child
  }

  /// Reads to the end of the output, ends the program when its time is over, and waits for it.
  func wait(timeout seconds: Int, line: (String) -> Void) -> LabCommand.Result {
    defer { close(output) }
    let end = LabClock.now + seconds * 1000
    var bytes: [UInt8] = []
    var seen = 0
    var timedOut = false
    var buffer = [UInt8](repeating: 0, count: 65536)
    var descriptor = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    while true {
      let left = end - LabClock.now
      if left <= 0 {
        timedOut = true
        kill(pid, SIGKILL)
        break
      }
      let ready = poll(&descriptor, 1, Int32(min(left, 1000)))
      if ready <= 0 { continue }
      let count = read(output, &buffer, buffer.count)
      if count <= 0 { break }
      bytes.append(contentsOf: buffer[0..<count])
      while let newline = bytes[seen...].firstIndex(of: 10) {
        line(String(decoding: bytes[seen..<newline], as: UTF8.self))
        seen = newline + 1
      }
    }
    var status: Int32 = 0
    // A program may shut its output and go on.
    while waitpid(pid, &status, WNOHANG) == 0 {
      if LabClock.now >= end {
        timedOut = true
        kill(pid, SIGKILL)
      }
      LabClock.rest(milliseconds: 1)
    }
    let signal = status & 0x7f
    return LabCommand.Result(
      status: signal == 0 ? status >> 8 & 0xff : 128 + signal,
      output: String(decoding: bytes, as: UTF8.self), timedOut: timedOut)
  }

  private static func failure(_ what: String, _ number: Int32) -> LabError {
    LabError(.commandFailed, "\(what): \(String(cString: strerror(number)))")
  }

  private static func environment() -> [String: String] {
    var variables: [String: String] = [:]
    for name in ["PATH", "HOME", "LANG", "http_proxy", "https_proxy", "no_proxy", "TMPDIR"] {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    // Tools of the system's folders are needed, and a user's PATH may lack them.
    variables["PATH", default: "/usr/bin:/bin"] += ":/usr/local/sbin:/usr/sbin:/sbin"
    variables["LC_ALL"] = "C.UTF-8"
    variables["DEBIAN_FRONTEND"] = "noninteractive"
    return variables
  }

  private static func withCStrings<Answer>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
  ) -> Answer {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }
}

/// The monotonic clock.
enum LabClock {
  /// Milliseconds since the machine started.
  static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// Lets this thread rest.
  static func rest(milliseconds: Int) {
    usleep(UInt32(milliseconds) * 1000)
  }
}
