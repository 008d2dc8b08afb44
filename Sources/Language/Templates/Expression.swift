package import Diagnostics
internal import OrderedCollections
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
    let isTemplate =
      text.utf8.contains(UInt8(ascii: "{"))
      && (text.contains("{{") || text.contains("{%") || text.contains("{#"))
    self = isTemplate ? .template(Template(text, at: range)) : .literal(.string(text), range)
  }
}

extension Expression {
  /// What somebody would have written for a value: text with delimiters in it is a template.
  package init(data value: Value, at range: SourceRange) {
    switch value {
    case .string(let text): self = Expression(text: text, at: range)
    case .list(let items): self = .list(items.map { Expression(data: $0, at: range) }, range)
    case .dict(let dict):
      self = .dict(
        dict.map {
          Entry(
            key: Expression(data: $0.key, at: range), value: Expression(data: $0.value, at: range))
        }, range)
    default: self = .literal(value, range)
    }
  }

  /// What is written, as data: templates stay text.
  package var data: Value {
    switch self {
    case .literal(let value, _): value
    case .template(let template): .string(template.text)
    case .list(let items, _): .list(items.map(\.data))
    case .dict(let entries, _):
      .dict(
        OrderedDictionary(
          entries.map { ($0.key.data, $0.value.data) }, uniquingKeysWith: { $1 }))
    }
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
      let context = ScopeContext(scope.variables, session: session)
      return try operand(in: context, session).required(context, session).withoutTuples
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
