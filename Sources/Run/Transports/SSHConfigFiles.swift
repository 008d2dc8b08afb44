internal import Hosts
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The files of ssh_config(5), each read once however many hosts ask.
final class SSHConfigFiles: Sendable {
  /// A file to begin with.
  struct Source: Hashable, Sendable {
    var path: String
    /// Where the names of its includes are, unless they are whole paths.
    var folder: String
    /// Others must not be able to write it: it says what programs are run.
    var isPersonal = false
    /// Whether it's an error where there is none.
    var isRequired = false
  }

  /// What a file holds, and what a pattern of an `Include` finds.
  private let content: @Sendable (_ path: String) -> Result<[UInt8], LocalFileError>
  private let search: @Sendable (_ pattern: String) -> [String]
  private let read = Mutex<[String: Result<[SSHConfigLine], HostError>]>([:])
  private let found = Mutex<[String: [String]]>([:])

  init(
    content: @escaping @Sendable (_ path: String) -> Result<[UInt8], LocalFileError> = {
      LocalFile.read($0)
    },
    search: @escaping @Sendable (_ pattern: String) -> [String] = { LocalFile.matching($0) }
  ) {
    self.content = content
    self.search = search
  }

  /// The lines of a file; nil where there is none.
  func lines(of path: String, _ source: Source) throws(HostError) -> [SSHConfigLine]? {
    if let known = read.withLock({ $0[path] }) { return try known.get() }
    let text: String
    switch content(path) {
    case .success(let bytes): text = String(decoding: bytes, as: UTF8.self)
    case .failure(let error):
      guard source.isRequired, path == source.path else { return nil }
      throw HostError(.unreachable, "can't read the SSH configuration \(error)")
    }
    let result = Self.parsed(text, path, source)
    read.withLock { $0[path] = result }
    return try result.get()
  }

  /// The files that an `Include` names, in order.
  func matching(_ pattern: String) -> [String] {
    if let known = found.withLock({ $0[pattern] }) { return known }
    let paths = search(pattern)
    found.withLock { $0[pattern] = paths }
    return paths
  }

  private static func parsed(
    _ text: String, _ path: String, _ source: Source
  ) -> Result<[SSHConfigLine], HostError> {
    do throws(HostError) {
      if source.isPersonal, !isSafe(path) {
        throw HostError(
          .unreachable, "others than its owner may write \(path)",
          help: "as ssh does, we take no configuration that others can change: chmod go-w \(path)")
      }
      return .success(try SSHConfigLine.lines(of: text, file: path))
    } catch {
      return .failure(error)
    }
  }

  /// Whether the file is root's or ours, and nobody else may write it.
  private static func isSafe(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return true }
    return (status.st_uid == 0 || status.st_uid == getuid()) && status.st_mode & 0o022 == 0
  }
}
