import Diagnostics
import Documents
import Execution
import FoundationEssentials
import Inventories
import OrderedCollections
import Playbooks
import Templates
import TestSupport
import Testing
import Values
import Variables

/// Playbooks that define `x` at several levels, and what ansible-core said that it is:
/// `Scripts/record-precedence` made and ran them.
@Suite(.timeLimit(.minutes(3)))
struct PrecedenceTests {
  private static let folder = CaseFolder("Precedence")
  static let cases = folder.names(endingIn: ".yml")

  @Test func thereAreMoreThanTwoHundred() { #expect(Self.cases.count > 200) }

  @Test(arguments: cases)
  func theSameDefinitionWins(_ name: String) async throws {
    let written = try PrecedenceCase(Self.folder.path + "/" + name)
    let root = FileManager.default.temporaryDirectory.path + "/precedence-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    try written.write(to: root)
    var trial = Trial("", on: root + "/inventory/hosts.ini", LocalConnector())
    trial.sources = LocalPlaybookSources()
    trial.folder = root
    try trial.take(written.arguments)
    let record = try await trial.run()
    let answers = record.answers(of: "h").map(\.brief)
    #expect(answers == written.expected, "\(record.failures)")
  }
}

/// One of these files.
struct PrecedenceCase {
  var arguments: [String]
  var files: [(path: String, text: String)]
  var expected: [Value]

  init(_ path: String) throws {
    guard case .dict(let entries, _) = try YAMLReader().read(path) else {
      throw TemplateError(.other, "\(path) is no case")
    }
    let parts = OrderedDictionary(
      uniqueKeysWithValues: entries.map { ($0.key.plain.description, $0.value.plain) })
    arguments = parts["arguments"]?.items?.map(\.description) ?? []
    expected = parts["expected"]?.items ?? []
    guard case .dict(let texts)? = parts["files"] else { throw TemplateError(.other, "no files") }
    files = texts.map { ($0.key.description, $0.value.description) }
  }

  func write(to root: String) throws {
    for (path, text) in files {
      let whole = root + "/" + path
      let folder = whole.split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(
        atPath: "/" + folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: whole))
    }
  }
}

extension Templates.Expression {
  /// The data as written, templates as text.
  fileprivate var plain: Value {
    switch self {
    case .literal(let value, _): value
    case .template(let template): .string(template.text)
    case .list(let items, _): .list(items.map(\.plain))
    case .dict(let entries, _):
      .dict(
        OrderedDictionary(entries.map { ($0.key.plain, $0.value.plain) }, uniquingKeysWith: { $1 }))
    }
  }
}

extension Trial {
  /// Takes options of the command line.
  fileprivate mutating func take(_ arguments: [String]) throws {
    for (option, value) in zip(arguments, arguments.dropFirst()) {
      let list = value.split(separator: ",").map(String.init)
      switch option {
      case "--tags": tags = list
      case "--skip-tags": skippedTags = list
      case "--limit": limit = value
      case "-e": try take(extra: value)
      default: break
      }
    }
  }

  private mutating func take(extra value: String) throws {
    let reader = YAMLReader()
    if value.hasPrefix("@") {
      extra.merge(try reader.variables(in: folder + "/" + value.dropFirst())) { $1 }
    } else if value.hasPrefix("{"),
      case .dict(let entries, _) = try reader.read(path: "-e", text: value)
    {
      for entry in entries { extra[entry.key.plain.description] = entry.value }
    } else {
      let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
      extra[parts[0]] = Templates.Expression(text: parts[1], at: .synthesized("-e"))
    }
  }
}

extension Value {
  /// A command's result as one word, since it tells of times.
  fileprivate var brief: Value {
    guard case .string(let text) = self, text.contains("'stdout': 'registered'"),
      let start = text.firstIndex(of: "{"), let end = text.lastIndex(of: "}")
    else { return self }
    return .string(text[..<start] + "registered" + text[text.index(after: end)...])
  }
}

extension TrialRecord {
  /// What `debug` answered on a host, item by item; `failed` where it did.
  fileprivate func answers(of host: String) -> [Value] {
    reports.filter { $0.host == host && $0.module == "debug" }.flatMap { report -> [Value] in
      let ends =
        report.items.isEmpty
        ? [(report.outcome, report.detail)] : report.items.map { ($0.outcome, $0.detail) }
      return ends.compactMap { outcome, detail in
        switch outcome {
        case .skipped: nil
        case .failed: "failed"
        default: detail.result["msg"] ?? .null
        }
      }
    }
  }

  fileprivate var failures: [String] {
    reports.compactMap { report in
      if case .failed(let message, _, _) = report.outcome { return message }
      return nil
    }
  }
}
