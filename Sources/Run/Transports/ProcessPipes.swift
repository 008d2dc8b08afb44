internal import CSSH2

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The three pipes of a child process.
struct ProcessPipes {
  typealias Pipe = (read: Int32, write: Int32)

  /// `POSIX_SPAWN_SETSID`, which the C library shows to GNU sources alone.
  private static let newSession: Int16 = 0x80

  let input: Pipe
  let output: Pipe
  let error: Pipe

  init() throws(TransportError) {
    var made: [Pipe] = []
    for _ in 0..<3 {
      var ends: [Int32] = [0, 0]
      guard pipe2(&ends, O_CLOEXEC) == 0 else {
        let reason = String(cString: strerror(errno))
        for pipe in made { Self.close(pipe) }
        throw TransportError(.refused, reason)
      }
      made.append((ends[0], ends[1]))
    }
    (input, output, error) = (made[0], made[1], made[2])
  }

  /// Starts `/bin/sh -c command` as the leader of a new session, and closes the child's ends here.
  func spawn(_ command: String) throws(TransportError) -> pid_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_adddup2(&files, input.read, 0)
    posix_spawn_file_actions_adddup2(&files, output.write, 1)
    posix_spawn_file_actions_adddup2(&files, error.write, 2)
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
    let flags = Self.newSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, flags)
    var number: pid_t = 0
    let words = ["/bin/sh", "-c", command].map { (word: String) in strdup(word) } + [nil]
    defer { for word in words { free(word) } }
    let result = posix_spawn(&number, "/bin/sh", &files, &attributes, words, environ)
    guard result == 0 else { throw TransportError(.refused, String(cString: strerror(result))) }
    _ = [input.read, output.write, error.write].map { Glibc.close($0) }
    return number
  }

  func closeAll() { for pipe in [input, output, error] { Self.close(pipe) } }

  private static func close(_ pipe: Pipe) {
    _ = Glibc.close(pipe.read)
    _ = Glibc.close(pipe.write)
  }
}
