package import Hosts

/// A user of a host, as its databases have it.
package struct UserAccount: Hashable, Sendable {
  package var number: Int
  package var primaryGroup: String
  package var primaryGroupNumber: Int
  package var comment: String
  package var home: String
  package var shell: String
  /// Beside the first, sorted.
  package var groups: [String]
  /// The password's hash, as /etc/shadow has it; empty where it can't be read.
  package var passwordHash: String
  /// Whether the home is there.
  package var hasHome: Bool

  /// Asks for a user; nil where there is none.
  package static func query(_ name: String) -> Query<UserAccount?> {
    let word = Shell.quote(name)
    // `id -Gn` names the primary group first; shadow is root's alone.
    let script = #"""
      u=$(getent passwd -- \#(word)) || exit 0
      g=$(id -Gn -- \#(word)); printf '%s\n' "$u" "${g%% *}" "$g"
      s=$(getent shadow -- \#(word) 2>/dev/null) && { s=${s#*:}; printf '%s\n' "${s%%:*}"; }
      h=${u%:*}; h=${h##*:}; if [ -d "$h" ]; then echo home; fi
      """#
    let subjects: [Subject] = [
      .user(name), .path("/etc/passwd"), .path("/etc/shadow"), .path("/etc/group"),
    ]
    return Query<UserAccount?>(script, about: subjects) { (output) throws(HostError) in
      UserAccount(answer: output.text)
    }
  }

  /// Understands what the query's script says; nil where there is no user.
  package init?(answer text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let fields = lines[0].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard fields.count >= 7, lines.count >= 3, let number = Int(fields[2]),
      let group = Int(fields[3])
    else { return nil }
    self.number = number
    primaryGroupNumber = group
    comment = fields[4]
    home = fields[5]
    shell = fields[6]
    primaryGroup = lines[1]
    let primary = primaryGroup
    groups = lines[2].split(separator: " ").map(String.init).filter { $0 != primary }.sorted()
    passwordHash = lines.count > 3 && lines[3] != "home" ? lines[3] : ""
    hasHome = lines.contains("home")
  }
}
