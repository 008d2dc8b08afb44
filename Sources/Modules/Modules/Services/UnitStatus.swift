package import Hosts
package import OrderedCollections

/// What systemd says about a unit.
package struct UnitStatus: Hashable, Sendable {
  /// The properties that `systemctl show` prints, by name; empty where systemd doesn't answer.
  package var properties: OrderedDictionary<String, String>
  /// What `systemctl is-enabled` says: `enabled`, `disabled`, `static`, `masked`, …
  package var enablement: String
  /// Why systemd doesn't answer; nil where it does.
  package var complaint: String?

  package init(
    properties: OrderedDictionary<String, String> = [:], enablement: String = "",
    complaint: String? = nil
  ) {
    self.properties = properties
    self.enablement = enablement
    self.complaint = complaint
  }

  /// Whether there is a unit file, or a masked name; a unit that only others name isn't there.
  package var exists: Bool {
    let load = properties["LoadState"] ?? "not-found"
    return load != "not-found" || properties["ActiveState"] == "active"
  }

  package var isMasked: Bool {
    properties["LoadState"] == "masked" || enablement.hasPrefix("masked")
  }

  package var isRunning: Bool {
    ["active", "activating", "reloading"].contains(properties["ActiveState"] ?? "")
  }

  /// Running, or not yet quite stopped.
  package var isAnyhowActive: Bool {
    isRunning || properties["ActiveState"] == "deactivating"
  }

  /// Started at boot; nil where enabling has no meaning (`static`, `generated`, …).
  package var isEnabled: Bool? {
    switch enablement {
    case "enabled", "enabled-runtime", "alias": true
    case "static", "generated", "transient", "indirect": nil
    default: false
    }
  }

  /// Whether a unit file changed since systemd read it.
  package var needsReload: Bool { properties["NeedDaemonReload"] == "yes" }

  /// Asks systemd about a unit, which has its suffix.
  package static func query(_ unit: String, scope: SystemdScope) -> Query<UnitStatus> {
    var subjects: [Subject] = [.unit(unit)]
    for folder in scope.unitFolders {
      subjects += [.path("\(folder)/\(unit)"), .path("\(folder)/\(unit).d")]
    }
    var question = Question(script: scope.script(of: unit), about: subjects)
    if scope == .system {
      question.unit = UnitQuestion(unit: unit)
      question.script = UnitQuestion(unit: unit).script
    }
    return Query(question) { (output) throws(HostError) in
      output.status == 0
        ? UnitStatus(systemctl: output.text) : UnitStatus(complaint: output.complaint)
    }
  }

  /// Reads `systemctl show`, an empty line, and `systemctl is-enabled`. Values may have empty lines.
  package init(systemctl text: String) {
    self.init()
    let end = text.ranges(of: "\n\n").last
    for line in text[..<(end?.lowerBound ?? text.endIndex)].split(separator: "\n") {
      guard let equals = line.firstIndex(of: "="), equals != line.startIndex else { continue }
      properties[String(line[..<equals])] = String(line[line.index(after: equals)...])
    }
    let last = end.map { text[$0.upperBound...].prefix { $0 != "\n" } }
    enablement = last.map(String.init) ?? ""
  }
}

/// Which manager of systemd's is meant.
package enum SystemdScope: String, Hashable, Sendable {
  case system, user, global

  /// systemctl's option for it, with a space in front.
  package var option: String { self == .system ? "" : " --\(rawValue)" }

  /// A user's manager is found by the user's runtime folder.
  package var environment: String {
    self == .user ? "XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)} " : ""
  }

  /// Says what `UnitQuestion.script` says, of another manager's unit.
  fileprivate func script(of unit: String) -> String {
    let word = Shell.quote(unit)
    let systemctl = "\(environment)systemctl\(option)"
    return """
      command -v systemctl >/dev/null || { echo 'there is no systemctl' >&2; exit 1; }
      \(systemctl) --no-pager show -- \(word) || exit 1
      printf '\\n'; \(systemctl) is-enabled -- \(word) 2>/dev/null; exit 0
      """
  }

  /// Where it finds its unit files.
  package var unitFolders: [String] {
    self == .system
      ? [
        "/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system",
        "/lib/systemd/system",
      ]
      : ["/etc/systemd/user", "/usr/lib/systemd/user"]
  }
}
