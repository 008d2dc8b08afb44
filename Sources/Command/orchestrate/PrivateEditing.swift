import Diagnostics
@preconcurrency import Dispatch
import Documents
import Glibc

/// Secret text in an editor: in a file of a private folder that is overwritten and removed however
/// the editing ends.
enum PrivateEditing {
  /// Lets people edit bytes; throws where the editor fails.
  ///
  /// - Parameter name: the path that the bytes belong to: editors go by its ending.
  static func edit(_ plain: [UInt8], as name: String) throws(Diagnostics) -> [UInt8] {
    let folder = try makeFolder()
    defer { wipe(folder) }
    let path = folder + "/" + (name.split(separator: "/").last.map(String.init) ?? "text")
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("can't write \(path)") }
    let isWritten = VaultFile.put(plain, into: descriptor)
    guard close(descriptor) == 0, isWritten else { throw failure("can't write \(path)") }
    let editor = getenv("EDITOR").map { String(cString: $0) } ?? "vi"
    try EditorProcess.run(editor, on: path)
    return try DocumentFile.bytes(path)
  }

  /// A folder of this user's alone: in memory where the system has such a place for users.
  private static func makeFolder() throws(Diagnostics) -> String {
    let names: [String] = ["XDG_RUNTIME_DIR", "TMPDIR"]
    let candidates = names.compactMap { name in getenv(name).map { String(cString: $0) } }
    for base in candidates + ["/tmp"] {
      var template = Array("\(base)/orchestrate.XXXXXX".utf8CString)
      if mkdtemp(&template) != nil {
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
    }
    throw failure("can't make a private folder for the editor")
  }

  /// Overwrites and removes a folder's files, those that the editor made among them.
  private static func wipe(_ folder: String) {
    guard let handle = opendir(folder) else { return }
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let path = folder + "/" + name
      var status = stat()
      if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        wipe(path)
        continue
      }
      if status.st_mode & S_IFMT == S_IFREG {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor >= 0 {
          _ = VaultFile.put([UInt8](repeating: 0, count: Int(status.st_size)), into: descriptor)
          fsync(descriptor)
          close(descriptor)
        }
      }
      unlink(path)
    }
    closedir(handle)
    rmdir(folder)
  }

  static func failure(_ words: String) -> Diagnostics {
    Diagnostics(Diagnostic(.error, "\(words): \(String(cString: strerror(errno)))"))
  }
}

/// The editor while it runs.
enum EditorProcess {
  /// Runs a command line, as `$EDITOR` has it, on a file; throws unless it ends well.
  ///
  /// Ctrl-C is the editor's own business, as with `system`. SIGTERM and SIGHUP end the editor, and
  /// then this program by way of its error.
  static func run(_ command: String, on path: String) throws(Diagnostics) {
    let words: [String]
    do throws(ShellWords.Problem) { words = try ShellWords.split(command).map(\.text) } catch {
      throw Diagnostics(Diagnostic(.error, "$EDITOR has a quote that isn't closed: \(command)"))
    }
    let arguments = (words.isEmpty ? ["vi"] : words) + [path]
    let ignored = [SIGINT, SIGQUIT].map { ($0, signal($0, SIG_IGN)) }
    defer { for (number, handler) in ignored { signal(number, handler) } }
    let editor = try start(arguments)
    let sources = [SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { kill(editor, SIGTERM) }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    var status: Int32 = 0
    while waitpid(editor, &status, 0) < 0 {
      if errno != EINTR { throw PrivateEditing.failure("can't wait for the editor") }
    }
    guard status == 0 else {
      let end = status & 127 == 0 ? "with status \(status >> 8)" : "by signal \(status & 127)"
      throw Diagnostics(
        Diagnostic(
          .error, "the editor `\(command)` ended \(end): nothing is written",
          help: "set EDITOR to a program that waits until the file is closed"))
    }
  }

  private static func start(_ arguments: [String]) throws(Diagnostics) -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGINT, SIGQUIT, SIGTERM, SIGHUP] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    // This thread may block signals; the editor mustn't.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var editor: pid_t = 0
    let error = posix_spawnp(&editor, words[0]!, nil, &attributes, words, environ)
    guard error == 0 else {
      errno = error
      throw PrivateEditing.failure("can't start the editor `\(arguments[0])`")
    }
    return editor
  }
}
