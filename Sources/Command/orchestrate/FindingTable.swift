import Inspection
import OrderedCollections
import Values

/// Findings for people and for programs.
struct FindingTable {
  var findings: [Finding]
  var playbook: String
  /// The inventory's sources, for the command that mends.
  var sources: [String]

  /// A line a finding, and below those that aren't well what mends them.
  var text: String {
    let checks = findings.map(\.check.count).max() ?? 0
    let hosts = findings.map { ($0.host ?? "").count }.max() ?? 0
    var text = ""
    for finding in findings {
      let sign =
        switch finding.state {
        case .well: "ok     "
        case .warning: "warning"
        case .wrong: "WRONG  "
        }
      let host = Self.padded(finding.host ?? "", hosts)
      text += "\(sign)  \(Self.padded(finding.check, checks))  \(host)  \(finding.detail)\n"
      if finding.state != .well, let remedy = finding.remedy {
        text += "         mend it: \(words(remedy))\n"
      }
    }
    let wrong = findings.count { $0.state == .wrong }
    let warnings = findings.count { $0.state == .warning }
    let end = wrong == 0 ? "all well" : "\(wrong) wrong"
    return text + "\n\(end)\(warnings == 0 ? "" : ", \(warnings) warnings")\n"
  }

  /// The same as data.
  var value: Value {
    .list(
      findings.map { finding in
        var fields: OrderedDictionary<String, Value> = [
          "check": .string(finding.check), "state": .string(finding.state.rawValue),
          "detail": .string(finding.detail),
        ]
        if let host = finding.host { fields["host"] = .string(host) }
        if finding.state != .well, let remedy = finding.remedy {
          fields["remedy"] = .string(words(remedy))
        }
        return .object(fields)
      })
  }

  private func words(_ remedy: Finding.Remedy) -> String {
    let inventory = sources.map { " -i \($0)" }.joined()
    switch remedy {
    case .play(let tags, let task):
      return "orchestrate apply \(playbook)\(inventory) --tags \(tags)  (task \"\(task)\")"
    case .playbook(let path): return "orchestrate apply \(path)\(inventory)"
    case .look(let at): return "look at \(at)"
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
