internal import Hosts

/// Paths on a host, as words of a script.
enum RemotePath {
  /// The path as one word, where a leading `~` is the user's home.
  static func quoted(_ path: String) -> String {
    if path == "~" { return "\"$HOME\"" }
    if path.hasPrefix("~/") { return "\"$HOME\"/\(Shell.quote(String(path.dropFirst(2))))" }
    return Shell.quote(path)
  }
}
