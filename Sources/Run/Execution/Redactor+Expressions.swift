package import OrderedCollections
package import Templates
internal import Values

extension Redactor {
  /// Remembers every secret that is written in expressions: what a vaulted file says, and what
  /// `!vault` stands before, unless no password opens it.
  ///
  /// Learned where it is written, since a host may print a secret that reached it as a part of a
  /// longer text, or before this run.
  package func learn(from expressions: some Sequence<Expression>) {
    var seals: [Seal] = []
    for expression in expressions { learn(from: expression, &seals) }
    let opened = SideBySide.map(seals.count, inPartsOf: 1) { [seals] part in
      part.compactMap { try? seals[$0].opened() }
    }
    for value in opened.joined() { learn(from: value.marked(.secret)) }
  }

  /// The same for variables.
  package func learn(from variables: OrderedDictionary<String, Expression>) {
    learn(from: variables.values)
  }

  private func learn(from expression: Expression, _ seals: inout [Seal]) {
    switch expression {
    case .literal(let value, _): learn(from: value)
    case .template(let template): if let seal = template.seal { seals.append(seal) }
    case .list(let items, _): for item in items { learn(from: item, &seals) }
    case .dict(let entries, _): for entry in entries { learn(from: entry.value, &seals) }
    }
  }
}
