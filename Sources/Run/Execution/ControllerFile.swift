internal import Glibc
internal import Hosts

/// A file of the controller that a run writes: what `fetch` brings.
enum ControllerFile {
  /// Writes beside the place and moves, with the folders on the way.
  static func save(_ content: [UInt8], to path: String) throws(HostError) {
    try makeFolders(above: path)
    let temporary = path + ".orchestrate"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    var rest = content[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        close(descriptor)
        unlink(temporary)
        throw failure(path)
      }
      rest = rest.dropFirst(count)
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      unlink(temporary)
      throw failure(path)
    }
  }

  private static func makeFolders(above path: String) throws(HostError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/").dropLast() {
      made += "/" + part
      guard mkdir(made, 0o755) == 0 || errno == EEXIST else { throw failure(made) }
    }
  }

  private static func failure(_ path: String) -> HostError {
    HostError(.actionFailed, "can't write \(path): \(String(cString: strerror(errno)))")
  }
}
