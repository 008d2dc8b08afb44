package import Diagnostics
package import Templates

/// What the reader needs of the file system; tests lend a dictionary.
package protocol PlaybookSources: Sendable {
  /// Whether there is a file, not a folder, under the path.
  func isFile(_ path: String) -> Bool
  /// Whether there is a folder under the path.
  func isFolder(_ path: String) -> Bool
  /// The names in a folder, sorted; empty where it can't be read.
  func names(in folder: String) -> [String]
  /// A YAML file's one document; `.literal(.null, …)` where it is empty.
  func readYAML(_ path: String) throws(Diagnostics) -> Expression
}
