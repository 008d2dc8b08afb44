internal import CSSH2

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The three pipes of a child process.
struct ProcessPipes {
  typealias Pipe = (read: Int32, write: Int32)

  let input: Pipe
  let output: Pipe
  let error: Pipe

  init() throws(TransportError) {
    var made: [Pipe] = []
    for _ in 0..<3 {
      do throws(TransportError) { made.append(try Self.pipe()) } catch {
        for pipe in made { Self.close(pipe) }
        throw error
      }
    }
    (input, output, error) = (made[0], made[1], made[2])
  }

  /// Starts `/bin/sh -c command` as the leader of a new session, and closes the child's ends here.
  func spawn(_ command: String) throws(TransportError) -> pid_t {
    let number = try LocalProgram.spawn(
      ["/bin/sh", "-c", command], input: input.read, output: output.write, error: error.write)
    _ = [input.read, output.write, error.write].map { Glibc.close($0) }
    return number
  }

  /// A pipe that no other child inherits.
  static func pipe() throws(TransportError) -> Pipe {
    var ends: [Int32] = [0, 0]
    guard pipe2(&ends, O_CLOEXEC) == 0 else {
      throw TransportError(.refused, String(cString: strerror(errno)))
    }
    return (ends[0], ends[1])
  }

  func closeAll() { for pipe in [input, output, error] { Self.close(pipe) } }

  private static func close(_ pipe: Pipe) {
    _ = Glibc.close(pipe.read)
    _ = Glibc.close(pipe.write)
  }
}
