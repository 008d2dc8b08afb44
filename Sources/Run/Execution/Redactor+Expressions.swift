package import OrderedCollections
package import Templates
internal import Values

extension Redactor {
  /// Remembers every secret that is written in an expression: what a vaulted file says.
  ///
  /// Learned where it is written, since a host may print a secret that reached it as a part of a
  /// longer text.
  package func learn(from expression: Expression) {
    switch expression {
    case .literal(let value, _): learn(from: value)
    case .template: break
    case .list(let items, _): for item in items { learn(from: item) }
    case .dict(let entries, _): for entry in entries { learn(from: entry.value) }
    }
  }

  /// The same for variables.
  package func learn(from variables: OrderedDictionary<String, Expression>) {
    for expression in variables.values { learn(from: expression) }
  }
}
