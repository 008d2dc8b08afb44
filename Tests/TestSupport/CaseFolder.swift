internal import FoundationEssentials

/// The files of cases in a folder beside a test file.
package struct CaseFolder: Sendable {
  package let path: String

  /// - Parameter file: The test file; leave it to its default.
  package init(_ name: String, beside file: String = #filePath) {
    let folder = file.split(separator: "/").dropLast().joined(separator: "/")
    path = "/\(folder)/\(name)"
  }

  /// The files in it and below it that end so, by their path in it, sorted.
  package func names(endingIn suffix: String) -> [String] {
    let all = try? FileManager.default.subpathsOfDirectory(atPath: path)
    return (all ?? []).filter { $0.hasSuffix(suffix) }.sorted()
  }
}
