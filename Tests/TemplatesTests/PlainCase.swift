import Diagnostics
import OrderedCollections
import Testing
import Values

@testable import Templates

/// A case that plain Jinja2 answered: result, or kind, message and line of an error.
struct PlainCase {
  private let template: Template
  private let scope: Scope
  private let recorded: Value

  init(_ text: String, _ variables: Value, _ recorded: Value, _ content: Value) throws {
    self.recorded = recorded
    let settings = TemplateSettings(Self.merged("options", recorded, content))
    let file = SourceFile(path: "<template>", text: text)
    template = Template(
      text, at: SourceRange(file: file, line: 1, column: 1), options: settings.options)
    var sources: [String: String] = [:]
    if case .dict(let all) = Self.merged("templates", recorded, content) {
      for case (.string(let name), .string(let source)) in all { sources[name] = source }
    }
    var all: [String: Variable] = [:]
    if case .dict(let values) = variables {
      for case (.string(let name), let value) in values { all[name] = .value(value) }
    }
    var scope = Scope(TestVariables(variables: all), resources: NoResources(templates: sources))
    scope.dialect = settings.dialect
    self.scope = scope
  }

  /// What the file says, and over it what the case says.
  private static func merged(_ key: String, _ recorded: Value, _ content: Value) -> Value {
    guard case .dict(var all) = content[key] ?? [:] else { return [:] }
    if case .dict(let own)? = recorded[key] { all.merge(own, uniquingKeysWith: { $1 }) }
    return .dict(all)
  }

  func check(_ comment: Testing.Comment) throws {
    do throws(TemplateError) {
      let answer = try template.evaluate(in: scope)
      #expect(recorded["error"] == nil && answer == recorded["result"], comment)
    } catch {
      guard let expected = recorded["error"] else {
        Issue.record("fails: \(error.message) – \(comment)")
        return
      }
      #expect(error.message == (recorded["ours"] ?? expected["message"])?.text, comment)
      if recorded["ours"] == nil {
        #expect(error.plainKind == expected["kind"]?.text, comment)
        #expect(error.line == expected["line"].flatMap(\.pythonInt), comment)
      }
    }
  }
}
