/// Visits every expression of a tree, the outer before the inner.
struct TreeWalker {
  /// Whether what is under a condition isn't visited.
  let skipsConditions: Bool
  private let visit: (any ExpressionNode) -> Void

  init(skipsConditions: Bool = false, _ visit: @escaping (any ExpressionNode) -> Void) {
    self.visit = visit
    self.skipsConditions = skipsConditions
  }

  func walk(_ statements: Body) {
    for statement in statements { statement.walk(self) }
  }

  func walk(_ nodes: [any ExpressionNode]) {
    for node in nodes { walk(node) }
  }

  func walk(_ node: any ExpressionNode) {
    visit(node)
    node.walk(self)
  }
}

/// The names that a tree reads.
enum NameCollector {
  static func names(in statements: Body) -> Set<String> {
    var names: Set<String> = []
    TreeWalker { if let node = $0 as? NameNode { names.insert(node.name.text) } }.walk(statements)
    return names
  }
}
