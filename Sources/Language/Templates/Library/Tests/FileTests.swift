internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Tests of files on the controller.
enum FileTests {
  static let all: [LibraryFunction] =
    test("file", "is_file") { type(of: $0) == S_IFREG }
    + test("directory", "is_dir") { type(of: $0) == S_IFDIR }
    + test("exists") { access($0, F_OK) == 0 }
    + test("link", "is_link") { type(of: $0, followsLinks: false) == S_IFLNK }
    + test("link_exists") { type(of: $0, followsLinks: false) != nil }
    + test("abs", "is_abs") { $0.hasPrefix("/") }
    + test("mount", "is_mount") { isMount($0) }
    + test("vaulted_file") { isVaulted($0) }
    + ["same_file", "is_same_file"].map { name in
      LibraryFunction(
        name, "other",
        whole: { (call) throws(TemplateError) in
          let one = try status(call.text)
          let other = try status(call.text("other") ?? "")
          return .bool(one.st_ino == other.st_ino && one.st_dev == other.st_dev)
        })
    }

  private static func test(
    _ names: String..., holds: @escaping @Sendable (String) -> Bool
  ) -> [LibraryFunction] {
    names.map { name in LibraryFunction(name, whole: { .bool(holds($0.text)) }) }
  }

  private static func status(_ path: String) throws(TemplateError) -> stat {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw TemplateError(
        .other,
        "[Errno \(errno)] \(String(cString: strerror(errno))): \(PythonText.repr(path))")
    }
    return status
  }

  /// Whether another file system begins at a folder: its parent is on another device, or itself.
  private static func isMount(_ path: String) -> Bool {
    guard type(of: path, followsLinks: false) != S_IFLNK, let own = try? status(path),
      let parent = try? status(path + "/..")
    else { return false }
    return own.st_dev != parent.st_dev || own.st_ino == parent.st_ino
  }

  private static func isVaulted(_ path: String) -> Bool {
    guard let file = fopen(path, "r") else { return false }
    defer { fclose(file) }
    let header = Array("$ANSIBLE_VAULT".utf8)
    var bytes = [UInt8](repeating: 0, count: header.count)
    return fread(&bytes, 1, bytes.count, file) == bytes.count && bytes == header
  }

  private static func type(of path: String, followsLinks: Bool = true) -> mode_t? {
    var status = stat()
    let found = followsLinks ? stat(path, &status) : lstat(path, &status)
    return found == 0 ? status.st_mode & S_IFMT : nil
  }
}
