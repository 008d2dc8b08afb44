import Diagnostics
import Documents
import Glibc

/// Files as `vault` reads and writes them; `-` is standard input or output.
enum VaultFile {
  /// All bytes of a file.
  static func read(_ path: String) throws(Diagnostics) -> [UInt8] {
    guard path == "-" else { return try DocumentFile.bytes(path) }
    if isatty(STDIN_FILENO) == 1 {
      TextFile.standardError("Reading from standard input; end with ctrl-d.\n")
    }
    return try DocumentFile.bytes("/dev/stdin")
  }

  /// Replaces a file in one step, so that a reader sees the old bytes or the new ones; its mode and
  /// owner stay. A new file is its owner's alone.
  static func write(_ bytes: [UInt8], to path: String) throws(Diagnostics) {
    if path == "-" { return TextFile.standardOutput(bytes) }
    // A link stays one: what it names is replaced.
    let path = target(of: path)
    var status = stat()
    let exists = stat(path, &status) == 0
    let temporary = "\(folder(of: path))/.\(path.split(separator: "/").last ?? "").\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    var isDone = put(bytes, into: descriptor)
    if exists {
      if status.st_uid != geteuid() || status.st_gid != getegid() {
        _ = fchown(descriptor, status.st_uid, status.st_gid)
      }
      isDone = isDone && fchmod(descriptor, status.st_mode & 0o7777) == 0
    }
    isDone = isDone && fsync(descriptor) == 0
    isDone = close(descriptor) == 0 && isDone
    if isDone, rename(temporary, path) == 0 { return }
    let error = failure(path)
    unlink(temporary)
    throw error
  }

  /// Writes all of the bytes; false where the system refuses.
  static func put(_ bytes: [UInt8], into descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func target(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "" : String(path[..<$0]) } ?? "."
  }

  private static func failure(_ path: String) -> Diagnostics {
    Diagnostics(Diagnostic(.error, "can't write \(path): \(String(cString: strerror(errno)))"))
  }
}
