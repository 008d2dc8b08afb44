/// Paths as text, as people wrote them: relative ones stay relative.
enum FilePath {
  /// The folder that a file stands in; `.` where the path has none.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  /// `name` in `folder`, without `.` and `x/..`; `name` itself where it is absolute.
  static func join(_ folder: String, _ name: String) -> String {
    let path = name.hasPrefix("/") || folder == "." || folder.isEmpty ? name : folder + "/" + name
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    let text = parts.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + text : (text.isEmpty ? "." : text)
  }
}
