import Testing
import Values

@testable import Templates

/// What no template may do: run for ever, fill the memory, exhaust the stack, leave the data.
@Suite struct BoundsTests {
  /// A template, and words of the error that it must be.
  static let bounded: [(template: String, error: String)] = [
    ("{% for a in range(9000) %}{% for b in range(9000) %}{% endfor %}{% endfor %}", "steps"),
    ("{{ range(100000000) | list | length }}", "items"),
    ("{{ range(0, -100000000, -1) | list | length }}", "items"),
    ("{{ 'ab' * 100000000 }}", "items"),
    ("{{ [1] * 100000000 }}", "items"),
    ("{{ (1, 2) * 100000000 }}", "items"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion"),
    (
      "{% macro m(a) %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m(1) %}{{ n() }}{% endcall %}"
        + "{% endmacro %}{{ n() }}", "recursion"
    ),
    ("{% include 'itself' %}", "recursion"),
    ("{% import 'itself' as t %}", "recursion"),
    ("{% extends 'child' %}", "without end"),
    ("{% for n in [1] recursive %}{{ loop([n]) }}{% endfor %}", "recursion"),
    ("{% block b %}{{ self.b() }}{% endblock %}", "recursion"),
    ("{{ 2 ** 100 }}", "64 bits"),
    ("{{ 9223372036854775807 + 1 }}", "64 bits"),
    ("{{ '%999999999d' % 1 }}", "too large"),
    ("{{ 'x'.ljust(999999999) }}", ""),
    ("{{ '{:999999999}'.format(1) }}", ""),
    (
      "{% set ns = namespace(t='x' * 1000000) %}{% for i in range(40) %}"
        + "{% set ns.t = ns.t ~ ns.t %}{% endfor %}", ""
    ),
    ("{{ lipsum(n=1000000) }}", "paragraphs"),
    ("{{ " + String(repeating: "(", count: 5000) + "1", "deeper"),
    (String(repeating: "{% if 1 %}", count: 5000), "deeper"),
    ("{{ 1" + String(repeating: " + 1", count: 5000) + " }}", "longer"),
    ("{{ x" + String(repeating: ".x", count: 5000) + " }}", "longer"),
  ]

  static let resources = NoResources(templates: [
    "itself": "{% include 'itself' %}", "child": "{% extends 'child' %}",
  ])

  @Test(arguments: [
    String(repeating: "(", count: 5000) + "a", "a" + String(repeating: ".a", count: 50_000),
    "a" + String(repeating: "[]", count: 50_000), String(repeating: "!", count: 5000) + "a",
    "ceil(`1e300`)", "abs(`-9223372036854775808`)", "99999999999999999999",
    "a[99999999999999999999]",
  ])
  func queriesAreBounded(query: String) {
    let error = #expect(throws: TemplateError.self) {
      try Template("{{ data | json_query(query) }}", .file).evaluate(
        in: .test(["data": ["a": 1], "query": .string(query)]))
    }
    #expect(error?.kind == .other || error?.kind == .limit)
  }

  @Test(.timeLimit(.minutes(1)), arguments: bounded.indices)
  func templatesAreBounded(index: Int) {
    let (text, words) = Self.bounded[index]
    for dialect in [Dialect.jinja, .ansible] {
      var scope = Scope(TestVariables(variables: [:]), resources: Self.resources)
      scope.dialect = dialect
      scope.stepLimit = 100_000
      let error = #expect(throws: TemplateError.self) {
        try Template(text, .file).evaluate(in: scope)
      }
      #expect(error?.message.contains(words) ?? false, "\(text.prefix(80))")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func regularExpressionsAreBounded() {
    let text = "{{ ('a' * 40) is regex('(a+)+$b') or ('a' * 5000 ~ '!') is match('(a|a)*$') }}"
    // Either answer will do; what counts is that there is one.
    _ = try? Template(text, .file).evaluate(in: .values([:]))
  }

  @Test(arguments: [
    "''.__class__", "[].__class__", "{}['__class__']", "(1).__add__(1)", "s.__len__()",
    "s | attr('__class__') | attr('x')", "m.__globals__", "range.__self__",
    "'{0.__class__}'.format(1)", "'{0.__init__.__globals__}'.format(s)", "namespace().__dict__",
    "loop.__class__", "self.__init__.__globals__", "lookup.__code__", "cycler.__init__",
  ])
  func attributesReachDataOnly(expression: String) throws {
    let text = "{% macro m() %}{% endmacro %}{{ \(expression) }}"
    for dialect in [Dialect.jinja, .ansible] {
      var scope = Scope.values(["s": "text"])
      scope.dialect = dialect
      let shown = (try? Template(text, .file).evaluate(in: scope))?.description ?? ""
      #expect(shown.isEmpty, "\(expression) gives \(shown)")
    }
  }
}
