package import Diagnostics
internal import Glibc

/// Files that people wrote, as text.
package enum DocumentFile {
  /// A file's text; a byte order mark is passed over.
  package static func text(_ path: String) throws(Diagnostics) -> String {
    var bytes = try bytes(path)[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostics(
        Diagnostic(.error, "\(path): this is no text in UTF-8", help: "save it as UTF-8"))
    }
    return text
  }

  /// A file's bytes.
  package static func bytes(_ path: String) throws(Diagnostics) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes.append(contentsOf: buffer[..<count])
      } else if errno != EINTR {
        throw failure(path)
      }
    }
  }

  /// A file's first bytes, at most `count`.
  package static func start(of path: String, count: Int) throws(Diagnostics) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: count)
    let length = Glibc.read(descriptor, &buffer, count)
    return Array(buffer.prefix(max(0, length)))
  }

  private static func failure(_ path: String) -> Diagnostics {
    Diagnostics(Diagnostic(.error, "can't read \(path): \(String(cString: strerror(errno)))"))
  }
}
