#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Small files of this machine: keys, known_hosts, configurations.
enum LocalFile {
  /// The whole content, or the system's error number.
  static func read(_ path: String, limit: Int = 64 << 20) -> Result<[UInt8], LocalFileError> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(LocalFileError(path: path, number: errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      var count = 0
      bytes += [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, length in
        count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        length = max(count, 0)
      }
      if count == 0 { return .success(bytes) }
      if count < 0, errno != EINTR {
        return .failure(LocalFileError(path: path, number: errno))
      }
    }
    return .failure(LocalFileError(path: path, number: EFBIG))
  }

  /// The content as text, nil if it can't be read.
  static func text(_ path: String) -> String? {
    guard case .success(let bytes) = read(path) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether there is anything at the path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Appends text, making the file (mode 0600) where necessary.
  static func append(_ text: String, to path: String) -> LocalFileError? {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return LocalFileError(path: path, number: errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      return LocalFileError(path: path, number: errno)
    }
    return nil
  }

  /// The paths that a shell pattern matches, sorted.
  static func matching(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }
}

/// Why a file of this machine could not be used.
struct LocalFileError: Error, Hashable, CustomStringConvertible {
  var path: String
  var number: Int32

  /// `PATH: No such file or directory`
  var description: String { "\(path): \(String(cString: strerror(number)))" }
}
