import Diagnostics
import Testing
import Values

@testable import Templates

/// How an error got where it is: the chain of templates, from the inside out.
@Suite struct ChainTests {
  private func error(_ text: String, _ templates: [String: String]) -> TemplateError? {
    let scope = Scope(
      TestVariables(variables: ["known": .value(1)]), resources: NoResources(templates: templates))
    do throws(TemplateError) {
      _ = try Template(text, .file).evaluate(in: scope)
      return nil
    } catch { return error }
  }

  @Test func errorsTellWhatIncludedTheirTemplate() {
    let found = error(
      "first\n  {% include 'a' %}", ["a": "x\ny\n{% include 'b' %}", "b": "\n{{ knwn }}"])
    #expect(found?.range?.description == "b:2:4")
    #expect(found?.line == 2)
    #expect(found?.help == "did you mean `known`?")
    let notes = found?.notes.map { "\($0.range) \($0.content)" }
    #expect(notes == ["a:3:1 included here", "test.yml:2:3 included here"])
  }

  @Test func errorsTellWhatImportedTheirTemplate() {
    let found = error("{% import 'a' as m %}", ["a": "{{ 1 +\n}}"])
    #expect(found?.kind == .syntax)
    #expect(found?.notes.map { "\($0.range) \($0.content)" } == ["test.yml:1:1 imported here"])
  }

  @Test func theDiagnosticHasTheLineAndACaret() {
    let text = found("{% if x %}\n  {{ nope }}\n{% endif %}")
    #expect(text.contains("test.yml:2:6: error: 'nope' is undefined"))
    #expect(text.contains("  2 |   {{ nope }}\n    |      ^"))
  }

  private func found(_ text: String) -> String {
    let text = text.replacing("x", with: "known")
    return error(text, [:]).map { DiagnosticRenderer().render($0.diagnostic) } ?? ""
  }
}
