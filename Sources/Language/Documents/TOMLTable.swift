internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// A table of a TOML text while it is read.
final class TOMLTable {
  /// How a table came to be, which says who may add to it.
  enum Kind {
    /// Only a header of a table within it was seen.
    case implicit
    /// By a header of its own.
    case header
    /// By a key with dots.
    case dotted
    /// In braces: complete.
    case inline
  }

  /// What a key stands for.
  enum Item {
    case value(Expression)
    case table(TOMLTable)
    /// `[[name]]`: never empty.
    case tables([TOMLTable])

    var expression: Expression {
      switch self {
      case .value(let value): value
      case .table(let table): table.expression
      case .tables(let all): .list(all.map(\.expression), all[0].range)
      }
    }
  }

  struct Entry {
    var key: Located<String>
    var item: Item
  }

  var kind: Kind
  var entries: OrderedDictionary<String, Entry> = [:]
  private(set) var range: SourceRange

  init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// Puts a table under a key that isn't there.
  func add(_ key: Located<String>, _ table: TOMLTable) -> TOMLTable {
    entries[key.content] = Entry(key: key, item: .table(table))
    return table
  }

  /// Closes a table in braces, and those that its dotted keys made.
  func freeze(at range: SourceRange) {
    kind = .inline
    self.range = range
    for entry in entries.values {
      if case .table(let inner) = entry.item { inner.kind = .inline }
    }
  }

  var expression: Expression {
    .dict(
      entries.values.map { entry in
        Expression.Entry(
          key: .literal(.string(entry.key.content), entry.key.range), value: entry.item.expression)
      }, range)
  }
}
