import Diagnostics
import Synchronization
import Testing
import Values

@testable import Templates

/// Scopes, limits, places, other templates: what a record of answers can't hold.
@Suite struct EvaluationTests {
  private func error(
    _ text: String, _ options: TemplateOptions = .playbook, in scope: Scope = .values([:])
  ) -> TemplateError? {
    do throws(TemplateError) {
      _ = try Template(text, options).evaluate(in: scope)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Scopes

  @Test func otherHostsVariablesAreEvaluatedInTheirScope() throws {
    let range = SourceRange.synthesized("test")
    func host(_ name: String) -> Variable {
      .scope(
        TestVariables(variables: [
          "inventory_hostname": .value(.string(name)),
          "address": .expression(Expression(text: "{{ inventory_hostname }}.example", at: range)),
          // Nobody uses it: whoever counts or lists names never evaluates it.
          "broken": .expression(Expression(text: "{{ nope }}", at: range)),
        ]))
    }
    let scope = Scope(
      TestVariables(variables: [
        "inventory_hostname": .value("me"), "groups": .value(["all": ["n1", "n2"]]),
        "hostvars": .scope(TestVariables(variables: ["n1": host("n1"), "n2": host("n2")])),
      ]))
    func evaluate(_ text: String) throws -> Value { try Template(text).evaluate(in: scope) }
    #expect(try evaluate("{{ hostvars['n1'].address }}") == "n1.example")
    #expect(try evaluate("{{ hostvars.n2['address'] }}") == "n2.example")
    #expect(
      try evaluate("{{ groups.all | map('extract', hostvars, 'address') | list }}")
        == ["n1.example", "n2.example"])
    #expect(try evaluate("{{ 'n3' in hostvars }}") == false)
    #expect(try evaluate("{{ hostvars.n3.address | default('none') }}") == "none")
    #expect(try evaluate("{% for h in hostvars %}{{ h }} {% endfor %}") == "n1 n2 ")
    #expect(try evaluate("{{ hostvars['n1'] | length }}") == 3)
    #expect(try evaluate("{{ hostvars | length }}{{ hostvars | list }}") == "2['n1', 'n2']")
    #expect(try evaluate("{{ vars['inventory_hostname'] }}{{ vars.groups.all[0] }}") == "men1")
    #expect(error("{{ hostvars.n1.nope }}", in: scope)?.kind == .undefined)
  }

  @Test func variablesThatNeedThemselvesAreNamed() {
    let scope = Scope.test(["a": "{{ b }}", "b": "x{{ c.d }}", "c": ["d": "{{ a }}"]])
    let found = error("{{ a }}", in: scope)
    #expect(found?.kind == .limit)
    #expect(
      found?.message == "recursive loop: `a` → `b` → `c` → `a`"
        || found?.message == "recursive loop: `a` → `b` → `a`")
  }

  @Test func overlaidVariablesWin() throws {
    let scope = Scope.values(["item": 1, "x": 2]).adding(["item": .value(3)])
    #expect(try Template("{{ item + x }}").evaluate(in: scope) == 5)
  }

  @Test func omittedArgumentsAreToldApart() throws {
    let expression = Expression(text: "{{ nope | default(omit) }}", at: .synthesized("test"))
    #expect(try expression.evaluateUnlessOmitted(in: .values([:])) == nil)
    #expect(error("{{ omit }}")?.kind == .omitted)
    let dict = Expression(["a": "{{ omit }}", "b": ["{{ omit }}", 1]])
    #expect(try dict.evaluate(in: .values([:])) == ["b": [1]])
  }

  @Test func conditionsThatAreNotBooleanWarn() throws {
    let warnings = Mutex<[String]>([])
    var scope = Scope.values(["list": [1], "flag": true])
    scope.warn = { diagnostic in warnings.withLock { $0.append(diagnostic.message) } }
    #expect(try Template("list", .condition).condition(in: scope) == .known(true))
    #expect(try Template("flag", .condition).condition(in: scope) == .known(true))
    #expect(
      warnings.withLock { $0 }
        == ["conditional result (True) was derived from value of type 'list'"])
  }

  // MARK: Limits

  @Test(arguments: [
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for i in range(99999999) %}{% endfor %}",
    "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
    "{{ 'x' * 999999999 }}", "{{ [1] * 999999999 }}", "{{ 'x'.ljust(999999999) }}",
    "{{ 9223372036854775807 + 1 }}", "{{ 10 ** 30 }}", "{{ range(30) | permutations | list }}",
    "{{ ('a' * 40 ~ 'b') | regex_search('(a+)+$') }}", "{{ '%999999999d' % 1 }}",
  ])
  func workIsBounded(text: String) {
    var scope = Scope.values([:])
    scope.stepLimit = 20_000
    #expect(error(text, in: scope)?.kind == .limit)
  }

  @Test(arguments: ["(", "[", "not ", "-", "{1:", "1 if 1 else ", "x("])
  func nestingIsBounded(opening: String) {
    let text = String(repeating: opening, count: 20_000)
    #expect(error(text, .condition)?.kind == .syntax)
    #expect(error(String(repeating: "{% if 1 %}", count: 20_000))?.kind == .syntax)
  }

  @Test(arguments: ["+ 1", "| string", ".x", "and 1", "~ 1", "== 1"])
  func longChainsDoNotExhaustTheStack(link: String) {
    let text = "1 " + String(repeating: link + " ", count: 20_000)
    _ = error(text, .condition)
  }

  @Test func deepVariablesDoNotExhaustTheStack() {
    var values: [String: Variable] = ["v0": .value(1)]
    for index in 1...1000 {
      let text = "{% if true %}{{ [v\(index - 1)] | map('string') | first }}{% endif %}"
      values["v\(index)"] = .expression(Expression(text: text, at: .synthesized("test")))
    }
    let scope = Scope(TestVariables(variables: values))
    #expect(error("{{ v1000 }}", in: scope)?.kind == .limit)
    #expect(error("{{ v50 }}", in: scope) == nil)
  }

  // MARK: Places

  @Test func errorsHaveTheirPlace() {
    let found = error("one\n  {{ nope }}\n", .file)
    #expect(found?.range?.description == "test.yml:2:6")
    #expect(error("a {{ 1 +\n 'x' }}")?.range?.description == "test.yml:1:8")
    #expect(error("{% if x %}\n{% endfor %}")?.range?.start.line == 2)
    #expect(error("a\nb {{ 1 | nosuch }}")?.range?.description == "test.yml:2:10")
  }

  @Test func placesInBlockScalarsAreFoundAgain() {
    let source = SourceFile(
      path: "site.yml", text: "- copy:\n    content: |\n      first\n      x {{ nope }}\n")
    let range = SourceRange(file: source, line: 2, column: 14)
    let template = Template("first\nx {{ nope }}\n", at: range)
    let found = #expect(throws: TemplateError.self) { try template.evaluate(in: .values([:])) }
    #expect(found?.range?.description == "site.yml:4:12")
  }

  @Test func namesAreSuggested() {
    let scope = Scope.values(["haproxy_port": 1])
    #expect(error("{{ haproxy_prot }}", in: scope)?.help == "did you mean `haproxy_port`?")
    #expect(error("{{ 1 | uper }}")?.help == "did you mean `upper`?")
    #expect(error("{{ 1 is defned }}")?.help == "did you mean `defined`?")
  }

  @Test(arguments: [
    ("{{ x | nosuch }}", "No filter named 'nosuch'."),
    ("{{ x is nosuch }}", "No test named 'nosuch'."),
    ("{% if 1 %}{% for i in x | nosuch %}{% endfor %}{% endif %}", "No filter named 'nosuch'."),
    ("{{ lookup('nosuch', 1) }}", "The lookup plugin 'nosuch' was not found."),
    ("{{ 1 + }}", "unexpected 'end of print statement'"),
  ])
  func checkFindsMistakesWithoutEvaluating(text: String, message: String) {
    let found = #expect(throws: TemplateError.self) { try Template(text).check() }
    #expect(found?.message == message)
    #expect(throws: Never.self) { try Template("{{ nope.x | upper }}").check() }
  }

  // MARK: Other templates

  private struct Files: TemplateResources {
    let files: [String: String]
    private let none = NoResources()

    init(_ files: [String: String]) { self.files = files }

    func locate(_ name: String, in folder: String) -> String? { files[name] != nil ? name : nil }
    func read(_ path: String) throws(TemplateError) -> (bytes: [UInt8], isSecret: Bool) {
      (Array((files[path] ?? "").utf8), path.contains("vault"))
    }
    func environment(_ name: String) -> String? { name == "HOME" ? "/home/me" : nil }
    func pipe(_ command: String) throws(TemplateError) -> String { "ran \(command)\n" }
    func runSecret(_ name: String, byteCount: Int) -> [UInt8] {
      (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 * 7 + name.utf8.count) }
    }
    func hosts(matching pattern: String) throws(TemplateError) -> [String] { ["n1", "n2"] }
    func decrypt(_ vaultText: String) throws(TemplateError) -> String { "plain" }
  }

  private func render(_ text: String, _ files: [String: String]) throws -> Value {
    let scope = Scope(
      TestVariables(variables: ["name": .value("world")]), resources: Files(files))
    return try Template(text, .file).evaluate(in: scope)
  }

  @Test func templatesIncludeImportAndExtend() throws {
    #expect(
      try render("a {% include 'b.j2' %} c", ["b.j2": "hello {{ name }}{{ x | default('') }}"])
        == "a hello world c")
    #expect(try render("{% set x = 1 %}{% include 'b' %}", ["b": "{{ x }}"]) == "1")
    #expect(
      try render("{% set x = 1 %}{% include 'b' without context %}", ["b": "{{ x | d('-') }}"])
        == "-")
    #expect(try render("a{% include 'no' ignore missing %}b", [:]) == "ab")
    #expect(try render("{% include ['no', 'b'] %}", ["b": "B"]) == "B")
    let macros = "{% macro m(x) %}<{{ x }}>{% endmacro %}{% set v = 5 %}"
    #expect(try render("{% import 'm' as l %}{{ l.m(1) }}{{ l.v }}", ["m": macros]) == "<1>5")
    #expect(
      try render("{% from 'm' import m as f, v %}{{ f(2) }}{{ v }}", ["m": macros]) == "<2>5")
    let base = "[{% block a %}A{% endblock %}|{% block b %}B{{ name }}{% endblock %}]"
    #expect(
      try render(
        "{% extends 'base' %}{% block b %}{{ super() }}!{% endblock %}x",
        ["base": base]) == "[A|Bworld!]")
    #expect(throws: TemplateError.self) {
      try render("{% include 'a' %}", ["a": "{% include 'a' %}"])
    }
    #expect(throws: TemplateError.self) { try render("{% include 'no' %}", [:]) }
  }

  @Test func lookupsUseTheResources() throws {
    let files = ["f": "text\n", "vault": "s3\n", "t.j2": "hi {{ name }}\n"]
    #expect(try render("{{ lookup('file', 'f') }}", files) == "text")
    #expect(
      try render("{{ lookup('file', 'vault') }}", files) == Value.string("s3").marked(.secret))
    #expect(try render("{{ lookup('template', 't.j2') }}", files) == "hi world\n")
    #expect(try render("{{ lookup('env', 'HOME') }}", files) == "/home/me")
    #expect(try render("{{ lookup('pipe', 'date') }}", files) == "ran date")
    #expect(try render("{{ query('inventory_hostnames', 'all') | join('+') }}", files) == "n1+n2")
    #expect(try render("{{ lookup('first_found', ['x', 'f']) }}", files) == "f")
    #expect(throws: TemplateError.self) { try render("{{ lookup('password', 'x') }}", files) }
    #expect(throws: TemplateError.self) { try render("{{ lookup('file', 'no') }}", files) }
  }

  @Test func runSecretsAreSecretAndStay() throws {
    let text = "{{ lookup('run_secret', 'certificate-key', format='hex', bytes=32) }}"
    let key = try render(text, [:])
    #expect(key.marks == .secret)
    #expect(key.unmarked().text?.utf8.count == 64)
    #expect(try render(text, [:]) == key)
    let token = try render("{{ lookup('run_secret', 't', format='bootstrap_token') }}", [:])
    #expect(token.marks == .secret)
    let parts = token.unmarked().text?.split(separator: ".").map(\.count)
    #expect(parts == [6, 16])
  }
}
