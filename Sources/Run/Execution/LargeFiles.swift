internal import Cryptography
internal import Glibc
package import ModuleKit
internal import Synchronization

/// Sums of the controller's large files, each read once a run however many hosts want it.
package final class LargeFiles: Sendable {
  /// What tells that a file is the one that was read.
  private struct State: Hashable {
    var device: UInt
    var inode: UInt
    var size: Int
    var seconds: Int
    var nanoseconds: Int

    init(_ status: stat) {
      device = UInt(status.st_dev)
      inode = UInt(status.st_ino)
      size = Int(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  private let known = Mutex<[String: (state: State, file: LargeFile)]>([:])
  private static let pieceSize = 1 << 20

  package init() {}

  /// The sums of a file with more than `limit` bytes; nil for a smaller one, or no file.
  ///
  /// Who comes while another reads waits for him: they want the same file as a rule.
  package func file(_ path: String, over limit: Int) throws(ArgumentError) -> LargeFile? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > limit
    else { return nil }
    let state = State(status)
    return try known.withLock { (known) throws(ArgumentError) in
      if let found = known[path], found.state == state { return found.file }
      let file = try Self.read(path)
      known[path] = (state, file)
      return file
    }
  }

  private static func read(_ path: String) throws(ArgumentError) -> LargeFile {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var sha256 = DigestStream(SHA256.self)
    var sha1 = DigestStream(SHA1.self)
    var size = 0
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = Glibc.read(descriptor, piece.baseAddress, piece.count)
      if count == 0 { break }
      guard count > 0 else { throw unreadable(path) }
      let bytes = UnsafeRawBufferPointer(rebasing: piece[..<count])
      sha256.update(bytes)
      sha1.update(bytes)
      size += count
    }
    return LargeFile(
      size: size, sha256: Hexadecimal.encode(sha256.finish()),
      sha1: Hexadecimal.encode(sha1.finish()))
  }

  private static func unreadable(_ path: String) -> ArgumentError {
    ArgumentError("can't read \(path): \(String(cString: strerror(errno)))")
  }
}
