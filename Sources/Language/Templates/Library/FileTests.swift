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

  private static func test(
    _ names: String..., holds: @escaping @Sendable (String) -> Bool
  ) -> [LibraryFunction] {
    names.map { name in LibraryFunction(name, whole: { .bool(holds($0.text)) }) }
  }

  private static func type(of path: String, followsLinks: Bool = true) -> mode_t? {
    var status = stat()
    let found = followsLinks ? stat(path, &status) : lstat(path, &status)
    return found == 0 ? status.st_mode & S_IFMT : nil
  }
}
