import FoundationEssentials
import Glibc

/// Files and folders of the lab on this machine, with errors that name the path.
enum LabFiles {
  /// Makes a folder and those above it; an existing one is left alone.
  static func makeFolder(_ path: String, mode: Int = 0o755) throws(LabError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch { throw LabError(.commandFailed, "can't make the folder \(path): \(error)") }
  }

  /// Writes a file whole, or not at all.
  static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(LabError) {
    let temporary = path + ".new"
    let file = open(temporary, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, mode)
    guard file >= 0 else {
      throw LabError(.commandFailed, "can't write \(path): \(String(cString: strerror(errno)))")
    }
    let bytes = Array(text.utf8)
    let written = Glibc.write(file, bytes, bytes.count)
    fchmod(file, mode)
    close(file)
    guard written == bytes.count, rename(temporary, path) == 0 else {
      throw LabError(.commandFailed, "can't write \(path): \(String(cString: strerror(errno)))")
    }
  }

  /// A file's text, or nil if it can't be read. Files of /proc have no size: it is read to its end.
  static func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0 { return nil }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: buffer[0..<count])
    }
  }

  /// The names in a folder, sorted; none if there is no such folder.
  static func names(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// The folders in a folder.
  static func folders(in path: String) -> [String] {
    names(in: path).filter { name in
      var status = stat()
      return lstat("\(path)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
  }

  /// Writes to a file of the kernel, which takes what is written at once; whether it took it shows
  /// later, where it matters.
  static func poke(_ text: String, into path: String) {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    let bytes = Array(text.utf8)
    _ = Glibc.write(file, bytes, bytes.count)
  }

  /// How many seconds ago a folder last got or lost an entry; none if there is no such folder.
  static func age(of folder: String) -> Int {
    var status = stat()
    guard stat(folder, &status) == 0 else { return 0 }
    return time(nil) - status.st_mtim.tv_sec
  }

  /// Whether there is something at the path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Removes a folder with all in it, but nothing that is mounted there.
  static func remove(_ path: String) throws(LabError) {
    try LabCommand(["rm", "-rf", "--one-file-system", path]).run(timeout: 120)
  }
}
