internal import Cryptography
package import ModuleKit
package import Values

/// The controller's files, in memory.
package struct MemoryFiles: ControllerFiles {
  /// Contents by the path that a task gives; a path with a final slash is a folder.
  package var contents: [String: [UInt8]]
  /// What templates render to, by path; other templates render to their own text.
  package var rendered: [String: Value]
  /// What people see of templates, by path.
  package var shown: [String: String] = [:]
  /// The paths whose content is secret.
  package var secrets: Set<String>

  package init(
    _ contents: [String: [UInt8]] = [:], rendered: [String: Value] = [:],
    secrets: Set<String> = []
  ) {
    self.contents = contents
    self.rendered = rendered
    self.secrets = secrets
  }

  package func locate(_ name: String, in folder: String) throws(ArgumentError) -> String {
    let bare = name.hasSuffix("/") ? String(name.dropLast()) : name
    if contents[bare] != nil || rendered[bare] != nil || isFolder(bare) == true { return bare }
    throw ArgumentError("there is no file `\(name)` in `\(folder)/`")
  }

  package func read(_ path: String) throws(ArgumentError) -> (bytes: [UInt8], isSecret: Bool) {
    guard let bytes = contents[path] else { throw ArgumentError("there is no file `\(path)`") }
    return (bytes, secrets.contains(path))
  }

  package func largeFile(_ path: String, over limit: Int) throws(ArgumentError) -> LargeFile? {
    let (bytes, isSecret) = try read(path)
    if bytes.count <= limit || isSecret { return nil }
    return LargeFile(size: bytes.count, sha256: SHA256.hex(bytes), sha1: SHA1.hex(bytes))
  }

  package func list(_ folder: String) throws(ArgumentError) -> [String] {
    var names: Set<String> = []
    for path in contents.keys where path.hasPrefix(folder + "/") {
      var name = String(path.dropFirst(folder.count + 1))
      if !name.isEmpty { names.insert(name) }
      // The folders on the way are there, too.
      while let slash = name.dropLast().lastIndex(of: "/") {
        name = String(name[...slash])
        names.insert(name)
      }
    }
    return names.sorted()
  }

  package func isFolder(_ path: String) -> Bool? {
    if contents[path] != nil || rendered[path] != nil { return false }
    return contents.keys.contains { $0.hasPrefix(path + "/") } ? true : nil
  }

  package func mode(of path: String) throws(ArgumentError) -> UInt16 { 0o644 }

  package func render(
    _ path: String, options: [String: Value]
  ) throws(ArgumentError) -> RenderedFile {
    if let value = rendered[path] { return RenderedFile(value, shown: shown[path]) }
    let (bytes, isSecret) = try read(path)
    return RenderedFile(
      Value.string(String(decoding: bytes, as: UTF8.self)).marked(isSecret ? .secret : []))
  }

  package func variables(_ path: String) throws(ArgumentError) -> Value {
    guard let value = rendered[path] else { throw ArgumentError("there is no file `\(path)`") }
    return value
  }
}
