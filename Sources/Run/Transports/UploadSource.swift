internal import Hosts

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// What is uploaded, read in pieces as they are sent.
final class UploadSource: Sendable {
  private let content: FileContent
  /// Of a file of the controller; -1 for bytes at hand.
  private let descriptor: Int32

  /// - Throws: where the controller's file can't be read.
  init(_ content: FileContent) throws(HostError) {
    self.content = content
    guard case .controllerFile(let path, _) = content else {
      descriptor = -1
      return
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  var size: Int { content.size }

  /// The bytes from `offset` on, at most `count`.
  ///
  /// - Throws: where the file is another than it was.
  func piece(at offset: Int, count: Int) async throws(HostError) -> [UInt8] {
    switch content {
    case .bytes(let bytes): return Array(bytes[offset..<min(offset + count, bytes.count)])
    case .controllerFile(let path, let size):
      let wanted = min(count, size - offset)
      // One byte more than there should be tells a file that has grown.
      let end = offset + wanted == size ? 1 : 0
      switch await Self.read(descriptor, at: offset, count: wanted + end) {
      case .success(let bytes) where bytes.count == wanted: return bytes
      case .success: throw HostError(.actionFailed, "\(path) changed while it was sent")
      case .failure(let error): throw Self.unreadable(path, error.number)
      }
    }
  }

  private static func unreadable(_ file: String, _ number: Int32) -> HostError {
    HostError(.actionFailed, "can't read \(LocalFileError(path: file, number: number))")
  }

  /// Away from the event loop, which a slow disk must not stop.
  @concurrent
  private static func read(
    _ descriptor: Int32, at offset: Int, count: Int
  ) async -> Result<[UInt8], LocalFileError> {
    var length = 0
    var number: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        length = pread(
          descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if length <= 0 { break }
        filled += length
      }
      number = errno
    }
    return length < 0 ? .failure(LocalFileError(path: "", number: number)) : .success(bytes)
  }
}
