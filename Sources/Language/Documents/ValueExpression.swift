package import Diagnostics
package import Templates
package import Values

extension Expression {
  /// The expression for data that was written in another form than YAML: texts may be templates.
  package init(written value: Value, at range: SourceRange) {
    switch value {
    case .string(let text): self = Expression(text: text, at: range)
    case .list(let items): self = .list(items.map { Expression(written: $0, at: range) }, range)
    case .dict(let dict):
      let entries = dict.map {
        Entry(key: .literal($0.key, range), value: Expression(written: $0.value, at: range))
      }
      self = .dict(entries, range)
    default: self = .literal(value, range)
    }
  }
}
