import Diagnostics
import Values

@testable import Templates

/// What the fuzzer runs, and what a test runs on each input that once broke something.
enum TemplateFuzz {
  private static let variables: [String: Value] = [
    "d": ["a": 1, "b": [1, 2], "c": ["x": "y"]], "l": [3, 1, 2], "s": "text", "n": nil, "t": true,
    "f": .float(1.5), "e": "", "u": .unknown(Unknown(origin: "a task")),
    "secret": Value.string("hidden").marked(.secret), "html": "<a href=\"x\">é</a>",
  ]
  private static let templates = [
    "base": "<{% block a %}A{% endblock %}>", "i": "({{ s }})", "i2": "{% include 'i2' %}",
    "m": "{% macro f(x) %}[{{ x }}]{% endmacro %}",
  ]

  /// Reads the first byte as the dialect and the options, the rest as a template, and renders it.
  ///
  /// Any answer will do but none: errors are answers, crashes and hangs aren't.
  static func run(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    var options = first & 1 == 0 ? TemplateOptions.plain : .file
    options.trimBlocks = first & 2 != 0
    options.lstripBlocks = first & 4 != 0
    if first & 8 != 0 { options.form = first & 1 == 0 ? .expression : .native }
    options.extensions = [.evaluation, .loopControls]
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    let file = SourceFile(path: "<fuzz>", text: text)
    let template = Template(
      text, at: SourceRange(file: file, line: 1, column: 1), options: options)
    var scope = Scope(
      TestVariables(variables: variables.mapValues { .value($0) }),
      resources: NoResources(templates: templates))
    scope.dialect = first & 1 == 0 ? .jinja : .ansible
    scope.dialect.autoescapes = first & 16 != 0
    if first & 32 != 0 { scope.dialect.undefined = .chainable }
    scope.stepLimit = 20_000
    do throws(TemplateError) {
      _ = try template.render(in: scope).shown
    } catch {
      _ = DiagnosticRenderer().render(error.diagnostic)
    }
  }
}
