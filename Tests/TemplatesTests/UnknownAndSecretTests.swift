import Testing
import Values

@testable import Templates

/// What only `apply` can tell, and what must not be shown, spreads through everything.
@Suite struct UnknownAndSecretTests {
  private static let unknown = Value.unknown(Unknown(origin: "init"))
  private static let canary = "canary-9431"

  private static let scope = Scope.values([
    "later": unknown, "secret": .string(canary).marked(.secret),
    "list": .list(["a", unknown]), "secrets": .list([.string(canary).marked(.secret), "b"]),
    "account": ["name": "bob", "password": .string(canary).marked(.secret)],
    "registered": ["rc": unknown, "changed": false],
  ])

  /// Arguments that let a filter or test run on text, so that only the rule is in the way.
  private static let arguments: [String: String] = [
    "replace": "'a', 'b'", "split": "','", "batch": "2", "slice": "2", "pow": "2", "log": "2",
    "combine": "{}", "groupby": "'x'", "extract": "{}", "union": "[]", "intersect": "[]",
    "difference": "[]", "symmetric_difference": "[]", "combinations": "1", "ternary": "1, 2",
    "regex_search": "'a'", "regex_findall": "'a'", "subelements": "'x'", "rekey_on_member": "'x'",
    "selectattr": "'x'", "rejectattr": "'x'", "map": "'upper'", "ipmath": "1", "format": "1",
    "attr": "'x'",
    "network_in_network": "'10.0.0.0/8'", "network_in_usable": "'10.0.0.0/8'",
    "password_hash": "'sha512', 'salt', rounds=1000", "ipsubnet": "24, 0", "nthhost": "1",
    "eq": "1", "version": "'1', '<'",
  ]

  @Test(arguments: FilterLibrary.all.keys.sorted())
  func everyFilterOfAnUnknownIsUnknown(name: String) throws {
    // What a type is called is all that `type_debug` asks.
    if name == "type_debug" { return }
    let call = Self.arguments[name].map { "(\($0))" } ?? ""
    let value = try Template("{{ later | \(name)\(call) }}").evaluate(in: Self.scope)
    #expect(value.firstUnknown != nil)
  }

  @Test(arguments: FilterLibrary.all.keys.sorted())
  func noFilterLosesTheMarkOfASecret(name: String) throws {
    if name == "type_debug" { return }
    let call = Self.arguments[name].map { "(\($0))" } ?? ""
    do throws(TemplateError) {
      let value = try Template("{{ secret | \(name)\(call) }}").evaluate(in: Self.scope)
      // Lists of plain items may be bare outside: what they hold isn't.
      #expect(value.marksDeeply.contains(.secret) || !holdsCanary(value))
      #expect(!value.description.contains(Self.canary))
    } catch {
      #expect(!error.message.contains(Self.canary), "\(name) tells in its error")
    }
  }

  @Test(arguments: TestLibrary.all.keys.sorted())
  func everyTestOfAnUnknownIsUnknown(name: String) throws {
    // Whether a variable is there doesn't need its value; nor whether it can be called.
    if ["defined", "undefined", "callable", "filter", "test"].contains(name) { return }
    // `is ==(1)` can't be written.
    if name.first?.isLetter != true { return }
    let value = try? Template("later is \(name)", .condition).evaluate(in: Self.scope)
    let other = try? Template("later is \(name)(1)", .condition).evaluate(in: Self.scope)
    #expect(value?.firstUnknown != nil || other?.firstUnknown != nil)
  }

  private func holdsCanary(_ value: Value) -> Bool {
    PythonText.str(value.unmarkedDeeply()).contains(Self.canary)
  }

  @Test(arguments: [
    "later + 1", "1 + later", "later ~ 'x'", "later == 1", "later in [1]", "1 in list",
    "later.rc", "later['rc'].x", "later[0]", "later[1:]", "not later", "later and true",
    "later or false", "1 if later else 2", "list | join(',')", "'a'.join(list)", "later.upper()",
    "later()[0] if false else later", "'%s' % later", "range(later)", "dict(later)",
    "registered.rc == 0", "later.x is defined", "later is version('1', '<')",
    "[3, later] | max", "lookup('env', later)",
  ])
  func unknownsSpread(expression: String) throws {
    let value = try Template(expression, .condition).evaluate(in: Self.scope)
    #expect(value.firstUnknown?.origin == "init")
  }

  @Test(arguments: [
    ("false and later", Value.bool(false)), ("true or later", true), ("later is defined", true),
    ("later is undefined", false), ("list | length", 2), ("list | first", "a"),
    ("registered is changed", false), ("registered.changed", false), ("list[0]", "a"),
    ("registered | length", 2), ("'rc' in registered.keys()", true),
  ])
  func whatDoesNotNeedTheUnknownIsKnown(expression: String, expected: Value) throws {
    #expect(try Template(expression, .condition).evaluate(in: Self.scope) == expected)
  }

  @Test(arguments: [
    "secret", "secret ~ 'x'", "secret + 'x'", "secret | upper", "secret | b64encode",
    "secrets | join(',')", "secrets[0]", "account.password", "account | to_json", "secret[0:3]",
    "'%s' % secret", "'{}'.format(secret)", "{'a': secret} | to_nice_yaml", "secret.upper()",
    "secret if true else 1", "[secret] | map('upper') | first", "secret == 'x'",
    "account.values() | list", "secret | regex_replace('a', 'b')", "account | dict2items",
  ])
  func secretsStaySecret(expression: String) throws {
    let value = try Template(expression, .condition).evaluate(in: Self.scope)
    #expect(value.marksDeeply.contains(.secret))
    #expect(!value.description.contains("canary"))
  }

  @Test func aFileTellsItsPartsApart() throws {
    let template = Template(
      "user {{ account.name }}\npass {{ secret }}\nkey {{ later }}\n{% if later %}a\n{% endif %}"
        + "{% for x in later %}b\n{% endfor %}end\n", .file)
    let rendered = try template.render(in: Self.scope)
    #expect(
      rendered.shown
        == "user bob\npass (secret)\nkey (known after apply)\n(known after apply)(known after apply)end\n"
    )
    #expect(rendered.value.firstUnknown?.origin == "init")
    #expect(rendered.value.marks == .secret)
    #expect(rendered.pieces.contains(.secret(Self.canary)))
  }

  @Test func whatAnUnknownConditionWouldSetIsUnknown() throws {
    let template = Template(
      "{% set x = 1 %}{% set ns = namespace(n=0) %}{% if later %}{% set x = 2 %}{% endif %}"
        + "{% for i in later %}{% set ns.n = 1 %}{% endfor %}{% set r = [x, ns.n] %}"
        + "{{ r | join }}", .file)
    let rendered = try template.render(in: Self.scope)
    #expect(rendered.value.firstUnknown != nil)
    #expect(!rendered.shown.contains("1"))
  }

  @Test func vaultedTemplatesMakeSecrets() throws {
    var options = TemplateOptions.playbook
    options.marks = .secret
    let value = try Template("a{{ 1 }}", options).evaluate(in: Self.scope)
    #expect(value.marks == .secret)
    #expect(value.unmarked() == "a1")
  }
}
