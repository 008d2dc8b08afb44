import Diagnostics
import Documents
import Playbooks
import Templates
import Testing

/// A case's folder as the reader sees it: paths are relative to it, so diagnostics don't depend on
/// where the repository is.
struct CaseSources: PlaybookSources {
  let folder: String
  private let local = LocalPlaybookSources()

  init(_ folder: String) { self.folder = folder }

  func isFile(_ path: String) -> Bool { local.isFile(folder + "/" + path) }

  func isFolder(_ path: String) -> Bool { local.isFolder(folder + "/" + path) }

  func names(in path: String) -> [String] { local.names(in: folder + "/" + path) }

  func readYAML(_ path: String) throws(Diagnostics) -> Expression {
    try YAMLReader().read(path: path, text: DocumentFile.text(folder + "/" + path))
  }
}

/// One folder of `Listings` or `Mistakes`, with a playbook in `site.yml`.
struct PlaybookCase: CustomTestStringConvertible, Sendable {
  var name: String
  var folder: String

  var testDescription: String { name }

  /// All cases in a folder beside this file.
  static func all(in part: String) -> [PlaybookCase] {
    let root = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!)) + "/" + part
    return LocalPlaybookSources().names(in: root).map {
      PlaybookCase(name: $0, folder: root + "/" + $0)
    }
  }

  var reader: PlaybookReader {
    PlaybookReader(files: CaseSources(folder), modules: .sample)
  }

  /// A recorded text beside the playbook.
  func recorded(_ file: String) throws -> String { try DocumentFile.text(folder + "/" + file) }
}

extension ModuleCatalog {
  /// A few modules: the reader doesn't know what they do.
  static let sample: ModuleCatalog = {
    let names: Set<String> = [
      "apt", "assert", "command", "copy", "debug", "fail", "file", "include_vars", "ping", "raw",
      "script", "service", "set_fact", "setup", "shell", "template",
    ]
    let free: Set<String> = ["command", "include_vars", "raw", "script", "shell"]
    return ModuleCatalog(
      names: names.sorted(), isModule: { names.contains(shortName($0)) },
      takesFreeForm: { free.contains(shortName($0)) })
  }()
}
