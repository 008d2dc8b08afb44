package import Diagnostics
package import Values

/// What somebody wrote: it may hold templates, and becomes a `Value` in a scope.
package indirect enum Expression: Sendable {
  /// Data that is no template: numbers, booleans, null, `!unsafe` text, text without `{{`, `{%`, `{#`.
  case literal(Value, SourceRange)
  /// Text with Jinja2 in it.
  case template(Template)
  case list([Expression], SourceRange)
  case dict([Entry], SourceRange)

  /// One entry of a dictionary as written.
  package struct Entry: Sendable {
    package var key: Expression
    package var value: Expression

    package init(key: Expression, value: Expression) {
      self.key = key
      self.value = value
    }
  }

  package var range: SourceRange {
    switch self {
    case .literal(_, let range), .list(_, let range), .dict(_, let range): range
    case .template(let template): template.range
    }
  }

  /// The expression for text as a YAML scalar gives it: a template where it has delimiters.
  package init(text: String, at range: SourceRange) {
    let isTemplate = text.contains("{{") || text.contains("{%") || text.contains("{#")
    self = isTemplate ? .template(Template(text, at: range)) : .literal(.string(text), range)
  }
}

extension Expression {
  /// The value in a scope; dictionaries and lists are evaluated through and through.
  ///
  /// Entries and items that come out as Ansible's `omit` are left out; where the whole is
  /// omitted the error's kind is `.omitted`.
  package func evaluate(in scope: Scope) throws(TemplateError) -> Value {
    switch self {
    case .literal(let value, _): return value
    case .template(let template): return try template.evaluate(in: scope)
    default:
      let session = Session(scope)
      let context = ScopeContext(scope.variables, session: session, isStrict: scope.isStrict)
      return try operand(in: context, session).required(context, session)
    }
  }

  /// The value in a scope; nil where it is Ansible's `omit`: the argument isn't given.
  package func evaluateUnlessOmitted(in scope: Scope) throws(TemplateError) -> Value? {
    do throws(TemplateError) {
      return try evaluate(in: scope)
    } catch  where error.kind == .omitted {
      return nil
    }
  }
}
