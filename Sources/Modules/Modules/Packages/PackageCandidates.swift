package import Hosts

/// What versions apt would install.
package struct PackageCandidates: Hashable, Sendable {
  /// The candidate by package; nothing where apt knows the package only by name or not at all.
  package var versions: [String: String]

  /// Asks `apt-cache policy`, seen from `release` where one is given.
  package static func query(_ names: [String], from release: String?) -> Query<PackageCandidates> {
    let option = release.map { "-t \(Shell.quote($0)) " } ?? ""
    let script = "LC_ALL=C apt-cache policy \(option)-- \(Shell.words(names)) 2>/dev/null; exit 0"
    return Query(script, about: names.map { .package($0) } + [.packageSources]) {
      (output) throws(HostError) in
      PackageCandidates(policy: output.text)
    }
  }

  /// Reads `apt-cache policy`.
  package init(policy text: String) {
    versions = [:]
    var name: String?
    for line in text.split(separator: "\n") {
      if !line.hasPrefix(" "), line.hasSuffix(":") {
        name = String(line.dropLast())
      } else if let name, line.hasPrefix("  Candidate: ") {
        let version = String(line.dropFirst("  Candidate: ".count))
        if version != "(none)" { versions[name] = version }
      }
    }
  }
}
