import Documents
import Execution
import Playbooks
import TestSupport
import Testing
import Values

/// Playbooks as ansible-core walked through them: `Scripts/record-runs` wrote `expected.txt`.
@Suite(.timeLimit(.minutes(2)))
struct RecordedRunTests {
  private static let folder = CaseFolder("Recorded").path
  static let cases = LocalPlaybookSources().names(in: folder).filter { $0 != "hosts.ini" }

  @Test(arguments: cases)
  func walksAsAnsibleDoes(_ name: String) async throws {
    let folder = Self.folder + "/" + name
    let expected = try DocumentFile.text(folder + "/expected.txt")
    var trial = Trial("", on: Self.folder + "/hosts.ini", LocalConnector())
    trial.sources = LocalPlaybookSources()
    trial.folder = folder
    trial.take(arguments: try DocumentFile.text(folder + "/site.yml"))
    let record = try await trial.run()
    let text = RunText(record).text
    #expect(text == expected, "\n\(Self.difference(from: expected, to: text))")
  }

  /// The lines that ansible-core alone has (`-`), and ours alone (`+`).
  private static func difference(from old: String, to new: String) -> String {
    let lines = new.split(separator: "\n").difference(from: old.split(separator: "\n"))
    return lines.map { change in
      switch change {
      case .remove(let offset, let line, _): "-\(offset) \(line)\n"
      case .insert(let offset, let line, _): "+\(offset) \(line)\n"
      }
    }.joined()
  }
}

extension Trial {
  /// Takes `# args: --tags x` of a playbook's first line.
  fileprivate mutating func take(arguments text: String) {
    guard text.hasPrefix("# args: ") else { return }
    let words = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst(2).map(String.init)
    for (option, value) in zip(words, words.dropFirst()) {
      let list = value.split(separator: ",").map(String.init)
      switch option {
      case "--tags": tags = list
      case "--skip-tags": skippedTags = list
      case "--limit": limit = value
      default: break
      }
    }
  }
}

/// A run in the form of `expected.txt`.
struct RunText {
  let text: String

  init(_ record: TrialRecord) {
    var text = ""
    for host in Set(record.reports.map(\.host)).sorted() {
      let lines = record.reports.filter { $0.host == host }.compactMap(Self.line)
      if !lines.isEmpty { text += "\(host)\n" + lines.joined() }
    }
    for (host, recap) in record.summary.hosts.sorted(by: { $0.name < $1.name }) {
      guard record.reports.contains(where: { $0.host == host }) else { continue }
      text += "\(host): changed=\(recap.changed) failures=\(recap.failed) skipped=\(recap.skipped)"
      text += " unreachable=\(recap.unreachable) rescued=\(recap.rescued)"
      text += " ignored=\(recap.ignored)\n"
    }
    let status = record.summary.hasFailures ? 2 : record.summary.hasUnreachable ? 4 : 0
    self.text = text + "exit \(status)\n"
  }

  private static func line(_ report: StepReport) -> String? {
    if ["include_tasks", "include_role", "meta"].contains(report.module) { return nil }
    // Ansible's callbacks know of no rescue yet when a task fails.
    var outcome = report.outcome.name
    if outcome == "rescued" { outcome = "failed" }
    let name = report.role.map { "\($0) : \(report.task)" } ?? report.task
    var line = "  \(outcome) \(name)"
    let isTold = ["ok", "changed"].contains(outcome) || !report.items.isEmpty
    if report.module == "debug", isTold, outcome != "failed", outcome != "ignored" {
      if let said = said(report) { line += ": \(said.json())" }
    }
    return line + "\n"
  }

  private static func said(_ report: StepReport) -> Value? {
    if !report.items.isEmpty {
      return .list(report.items.map { $0.detail.result["msg"] ?? .null })
    }
    if let message = report.detail.result["msg"] { return message }
    // `var:` answers under the expression's text.
    guard case .dict(let dict) = report.detail.result else { return nil }
    let values = dict.filter { !["changed", "failed"].contains($0.key) }.map(\.value)
    return values.isEmpty ? nil : .list(values)
  }
}
