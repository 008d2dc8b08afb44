import Diagnostics
import OrderedCollections
import Values

@testable import Templates

/// Variables of a test.
struct TestVariables: VariableSource {
  var variables: [String: Variable]

  func variable(named name: String) -> Variable? { variables[name] }

  var names: [String] { Array(variables.keys) }
}

extension Scope {
  /// A scope whose texts are templates, as in a file of variables.
  static func test(_ values: Value) -> Scope {
    var variables: [String: Variable] = [:]
    if case .dict(let dict) = values {
      for (key, value) in dict {
        if case .string(let name) = key { variables[name] = .expression(Expression(value)) }
      }
    }
    return Scope(TestVariables(variables: variables))
  }

  /// A scope with these values.
  static func values(_ values: [String: Value]) -> Scope {
    Scope(TestVariables(variables: values.mapValues { .value($0) }))
  }
}

extension Expression {
  /// What somebody would have written for a value.
  init(_ value: Value) {
    let range = SourceRange.synthesized("test")
    switch value {
    case .string(let text): self = Expression(text: text, at: range)
    case .list(let items): self = .list(items.map { Expression($0) }, range)
    case .dict(let dict):
      self = .dict(
        dict.map { Entry(key: Expression($0.key), value: Expression($0.value)) }, range)
    default: self = .literal(value, range)
    }
  }
}

extension Template {
  /// A template as a test writes it.
  convenience init(_ text: String, _ options: TemplateOptions = .playbook) {
    let file = SourceFile(path: "test.yml", text: text)
    self.init(text, at: SourceRange(file: file, line: 1, column: 1), options: options)
  }
}
