package import Diagnostics
package import Values

internal import OrderedCollections

/// Text with Jinja2 in it, parsed once, at its first use.
package final class Template: Sendable {
  package let text: String
  package let range: SourceRange
  package let options: TemplateOptions

  /// A playbook's or a variable's text: its result keeps its type where it is one expression.
  package init(_ text: String, at range: SourceRange, options: TemplateOptions = .playbook) {
    self.text = text
    self.range = range
    self.options = options
  }

  /// The result in a scope.
  package func evaluate(in scope: Scope) throws(TemplateError) -> Value {
    throw TemplateError(.other, "not there yet", at: range)
  }

  /// Parses and says what is wrong; also names unknown filters, tests and lookups.
  package func check() throws(TemplateError) {}
}

/// How a template is read.
package struct TemplateOptions: Hashable, Sendable {
  /// What the text is.
  package enum Form: Hashable, Sendable {
    /// Text with `{{ }}`; one sole expression keeps its type.
    case native
    /// Always makes text: a template file.
    case text
    /// A bare expression without braces: `when:`, `until:`, `var:`.
    case expression
  }

  package var form: Form = .native
  package var trimBlocks = true
  package var lstripBlocks = false
  package var keepsTrailingNewline = true
  package var variableStart = "{{"
  package var variableEnd = "}}"
  package var blockStart = "{%"
  package var blockEnd = "%}"
  package var commentStart = "{#"
  package var commentEnd = "#}"
  package var newline = "\n"
  /// What every result carries beside its own marks: text that stood in a vault file is secret.
  package var marks: Marks = []

  package init() {}

  package static let playbook = TemplateOptions()
  /// A file, as Ansible's `template` reads it by default.
  package static let file: TemplateOptions = {
    var options = TemplateOptions()
    options.form = .text
    return options
  }()
  /// A bare expression.
  package static let condition: TemplateOptions = {
    var options = TemplateOptions()
    options.form = .expression
    return options
  }()
}

extension Expression {
  /// The value in a scope; dictionaries and lists are evaluated through and through.
  package func evaluate(in scope: Scope) throws(TemplateError) -> Value {
    switch self {
    case .literal(let value, _): return value
    case .template(let template):
      return try template.evaluate(in: scope).marked(template.options.marks)
    case .list(let items, _):
      var values: [Value] = []
      for item in items { values.append(try item.evaluate(in: scope)) }
      return .list(values)
    case .dict(let entries, _):
      var pairs: [(Value, Value)] = []
      for entry in entries {
        pairs.append((try entry.key.evaluate(in: scope), try entry.value.evaluate(in: scope)))
      }
      return .dict(.init(pairs, uniquingKeysWith: { $1 }))
    }
  }
}

extension Value {
  /// Truth as Python has it: empty, zero and none are false.
  package var isTruthy: Bool {
    switch self {
    case .null: false
    case .bool(let flag): flag
    case .int(let number): number != 0
    case .float(let number): number != 0
    case .string(let text): !text.isEmpty
    case .list(let items): !items.isEmpty
    case .dict(let dict): !dict.isEmpty
    case .unknown: false
    case .marked(let inner, _): inner.isTruthy
    }
  }
}
