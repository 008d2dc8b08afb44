import Diagnostics
import Documents
import Playbooks
import Templates

/// Files in memory.
struct Texts: PlaybookSources {
  var texts: [String: String]

  func isFile(_ path: String) -> Bool { texts[path] != nil }

  func isFolder(_ path: String) -> Bool { texts.keys.contains { $0.hasPrefix(path + "/") } }

  func names(in folder: String) -> [String] {
    Set(
      texts.keys.filter { $0.hasPrefix(folder + "/") }
        .compactMap {
          $0.dropFirst(folder.count + 1).split(separator: "/").first.map(String.init)
        }
    ).sorted()
  }

  func readYAML(_ path: String) throws(Diagnostics) -> Expression {
    try YAMLReader().read(path: path, text: texts[path] ?? "")
  }
}
