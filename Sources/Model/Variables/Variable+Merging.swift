internal import Diagnostics
package import Templates
internal import Values

extension Variable {
  /// This dictionary with the weaker ones below it, key by key (`hash_behaviour = merge`); down to
  /// the first that is no dictionary as written. A template is none, whatever it makes.
  func merged(over weaker: some Sequence<Variable>) -> Variable {
    guard var entries = writtenEntries else { return self }
    var count = 0
    for variable in weaker {
      guard let below = variable.writtenEntries else { break }
      entries = Expression.merge(entries, over: below)
      count += 1
    }
    let place = SourceRange.synthesized("hash_behaviour = merge")
    return count == 0 ? self : .expression(.dict(entries, place))
  }

  private var writtenEntries: [Expression.Entry]? {
    switch self {
    case .value(let value): Expression.literal(value, .synthesized("value")).writtenEntries
    case .expression(let expression): expression.writtenEntries
    case .scope, .undefined: nil
    }
  }
}

extension Expression {
  /// This dictionary with a weaker one below it, key by key; itself where one of them is none.
  package func merged(over weaker: Expression) -> Expression {
    guard let entries = writtenEntries, let below = weaker.writtenEntries else { return self }
    return .dict(Self.merge(entries, over: below), range)
  }

  /// The entries of a dictionary; nil for anything else.
  fileprivate var writtenEntries: [Entry]? {
    switch self {
    case .dict(let entries, _): return entries
    case .literal(let value, let range):
      guard case .dict(let dict) = value.unmarked() else { return nil }
      return dict.map { key, item in
        Entry(key: .literal(key, range), value: .literal(item.marked(value.marks), range))
      }
    case .template, .list: return nil
    }
  }

  /// The weaker entries with the stronger laid on them; lists are replaced.
  fileprivate static func merge(_ stronger: [Entry], over weaker: [Entry]) -> [Entry] {
    var result = weaker
    var places: [Value: Int] = [:]
    for (index, entry) in weaker.enumerated() {
      if case .literal(let key, _) = entry.key { places[key] = index }
    }
    for entry in stronger {
      guard case .literal(let key, _) = entry.key, let index = places[key] else {
        result.append(entry)
        continue
      }
      if let over = entry.value.writtenEntries, let under = result[index].value.writtenEntries {
        result[index].value = .dict(merge(over, over: under), entry.value.range)
      } else {
        result[index].value = entry.value
      }
    }
    return result
  }
}
