import Foundation
import OrderedCollections
import Testing
import Values

@testable import Templates

/// Compares with what Jinja2 and ansible-core answered: `Scripts/record-templates` wrote it down.
@Suite struct RecordedTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }()

  @Test func thereAreCases() { #expect(Self.files.count > 3) }

  @Test(arguments: files)
  func answersAsRecorded(file: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    let content = try Value(json: text)
    guard case .list(let cases)? = content["cases"] else {
      Issue.record("no cases in \(file)")
      return
    }
    for (number, recorded) in cases.enumerated() {
      try check(recorded, of: content, "\(file) case \(number + 1)")
    }
  }

  /// What isn't as the reference has it is told to users, in the words of the case.
  @Test func eachDifferenceIsDocumented() throws {
    let document = Self.folder.appending(path: "../../../Documentation/Compatibility.md")
    let lines = try String(contentsOf: document, encoding: .utf8).split(separator: "\n")
    let told = Set(lines.compactMap { $0.split(separator: "|").first?.dropFirst().dropLast() })
    var reasons: Set<String> = []
    for file in Self.files {
      let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
      guard case .list(let cases)? = try Value(json: text)["cases"] else { continue }
      for case .dict(let recorded) in cases {
        if let reason = recorded["differs"]?.text { reasons.insert(reason) }
      }
    }
    #expect(reasons.count > 20)
    for reason in reasons {
      #expect(told.contains(reason[...]), "Compatibility.md doesn't tell: \(reason)")
    }
  }

  private func check(_ recorded: Value, of content: Value, _ name: String) throws {
    let text = try #require(recorded["template"]?.text)
    let form = recorded["form"]?.text ?? content["form"]?.text ?? "native"
    var variables = content["variables"] ?? .dict([:])
    if case .dict(let extra)? = recorded["variables"], case .dict(var all) = variables {
      all.merge(extra, uniquingKeysWith: { _, last in last })
      variables = .dict(all)
    }
    let comment = Comment(rawValue: "\(name): \(PythonText.repr(text))")
    if form == "plain" {
      return try PlainCase(text, variables, recorded, content).check(comment)
    }
    let answer: Value
    do throws(TemplateError) {
      var scope = Scope.test(variables)
      scope.resources = CaseResources(content["files"], settings: content["settings"])
      answer = try Template(text, options(form)).evaluate(in: scope)
    } catch {
      guard let expected = recorded["error"]?.text else {
        Issue.record("fails: \(error.message) – \(comment)")
        return
      }
      if let ours = recorded["ours"]?.text {
        #expect(error.message == ours, comment)
      } else {
        #expect(expected.contains(error.message), comment)
      }
      return
    }
    if let error = recorded["error"] {
      Issue.record("answers \(answer.debugDescription), not error \(error) – \(comment)")
      return
    }
    let (plain, type) = (Self.plain(answer.unmarkedDeeply()), answer.pythonTypeName)
    #expect(plain == recorded["result"], comment)
    #expect(type == recorded["type"]?.text, comment)
  }

  private func options(_ form: String) -> TemplateOptions {
    switch form {
    case "expression": return .condition
    case "file": return .file
    case "jinja":
      var options = TemplateOptions.file
      options.trimBlocks = false
      return options
    default: return .playbook
    }
  }

  /// Dictionaries as lists of pairs, as the record has them for their order and keys.
  private static func plain(_ value: Value) -> Value {
    switch value {
    case .list(let items): .list(items.map(plain))
    case .dict(let dict): .list(dict.map { .list([plain($0.key), plain($0.value)]) })
    default: value
    }
  }
}
