import Glibc

/// Where the last apply of a playbook left how long its steps took.
enum RunRecord {
  /// `$XDG_STATE_HOME/orchestrate/runs/NAME.jsonl`; nil without a home.
  ///
  /// - Parameters:
  ///   - playbook: as it was given.
  ///   - sources: the inventory's, as they were given.
  static func path(playbook: String, sources: [String]) -> String? {
    let state =
      environment("XDG_STATE_HOME") ?? environment("HOME").map { $0 + "/.local/state" }
    guard let state else { return nil }
    let words = ([playbook] + sources).map { Controller.absolute($0) }.joined(separator: "+")
    let name = words.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return "\(state)/orchestrate/runs/\(String(name.suffix(200))).jsonl"
  }

  /// Keeps the lines; where that isn't possible, the run goes on without.
  static func save(_ text: String, to path: String) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
    try? TextFile.write(text, to: path)
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
