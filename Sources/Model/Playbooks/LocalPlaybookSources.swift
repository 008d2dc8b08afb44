package import Diagnostics
package import Documents
internal import Glibc
package import Templates

/// This machine's files, vaulted ones decrypted.
package struct LocalPlaybookSources: PlaybookSources {
  package var reader: YAMLReader

  package init(reader: YAMLReader = YAMLReader()) { self.reader = reader }

  package func isFile(_ path: String) -> Bool { kind(of: path) == S_IFREG }

  package func isFolder(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

  package func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  package func readYAML(_ path: String) throws(Diagnostics) -> Expression {
    try reader.read(path)
  }

  /// The file's type, links followed; nil where there is nothing.
  private func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }
}
