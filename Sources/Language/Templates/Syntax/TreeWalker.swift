internal import Values

/// Visits every node of a tree.
struct TreeWalker {
  /// Called with each expression, the outer before the inner.
  private let visit: (ExpressionNode) -> Void
  /// Whether what is under a condition isn't visited.
  private let skipsConditions: Bool

  init(skipsConditions: Bool = false, _ visit: @escaping (ExpressionNode) -> Void) {
    self.visit = visit
    self.skipsConditions = skipsConditions
  }

  /// Calls `found` with each block, also those inside of others.
  static func blocks(in statements: [StatementNode], _ found: (BlockNode) -> Void) {
    for statement in statements {
      switch statement {
      case .block(let node):
        found(node)
        blocks(in: node.body, found)
      case .conditional(let branches, let otherwise, _):
        for branch in branches { blocks(in: branch.body, found) }
        blocks(in: otherwise, found)
      case .loop(let loop):
        blocks(in: loop.body, found)
        blocks(in: loop.otherwise, found)
      case .with(_, let body, _), .filtered(_, let body, _), .scoped(let body),
        .autoescape(_, let body):
        blocks(in: body, found)
      default: break
      }
    }
  }

  func walk(_ statements: [StatementNode]) {
    for statement in statements { walk(statement) }
  }

  private func walk(_ statement: StatementNode) {
    switch statement {
    case .text, .breakLoop, .continueLoop: break
    case .output(let node, _), .set(_, let node, _), .evaluate(let node), .extends(let node, _),
      .include(let node, _, _, _), .importTemplate(let node, _, _, _),
      .importNames(let node, _, _, _):
      walk(node)
    case .conditional(let branches, let otherwise, _):
      for branch in branches {
        walk(branch.test)
        if !skipsConditions { walk(branch.body) }
      }
      if !skipsConditions { walk(otherwise) }
    case .loop(let loop):
      walk(loop.iterable)
      if let filter = loop.filter { walk(filter) }
      walk(loop.body)
      walk(loop.otherwise)
    case .setBlock(_, let node, let body, _), .filtered(let node, let body, _):
      walk(node)
      walk(body)
    case .with(let bindings, let body, _):
      for (_, node) in bindings { walk(node) }
      walk(body)
    case .macro(let macro): walk(macro)
    case .callBlock(let callee, let arguments, let caller, _):
      walk(callee)
      walk(arguments)
      walk(caller)
    case .block(let block): walk(block.body)
    case .scoped(let body): walk(body)
    case .autoescape(let flag, let body):
      walk(flag)
      walk(body)
    }
  }

  private func walk(_ macro: MacroNode) {
    for parameter in macro.parameters { if let node = parameter.defaultValue { walk(node) } }
    walk(macro.body)
  }

  private func walk(_ arguments: ArgumentNodes) {
    for node in arguments.positional { walk(node) }
    for (_, node) in arguments.keyword { walk(node) }
    if let node = arguments.spreadList { walk(node) }
    if let node = arguments.spreadDict { walk(node) }
  }

  func walk(_ node: ExpressionNode) {
    visit(node)
    switch node {
    case .constant, .name: break
    case .list(let items), .tuple(let items), .concatenation(let items, _):
      for item in items { walk(item) }
    case .dict(let items):
      for (key, value) in items {
        walk(key)
        walk(value)
      }
    case .attribute(let base, _, _), .unary(_, let base, _), .not(let base): walk(base)
    case .element(let base, let other, _), .binary(_, let base, let other, _),
      .and(let base, let other), .or(let base, let other):
      walk(base)
      walk(other)
    case .slice(let base, let slice, _):
      walk(base)
      for part in [slice.start, slice.stop, slice.step] { if let part { walk(part) } }
    case .filter(let base, _, let arguments, _), .test(let base, _, let arguments, _),
      .call(let base, let arguments, _):
      walk(base)
      walk(arguments)
    case .comparison(let first, let rest, _):
      walk(first)
      for (_, node) in rest { walk(node) }
    case .conditional(let test, let then, let otherwise, _):
      if skipsConditions { return }
      walk(test)
      walk(then)
      if let otherwise { walk(otherwise) }
    }
  }
}

/// The names that a tree reads.
enum NameCollector {
  static func names(in statements: [StatementNode]) -> Set<String> {
    var names: Set<String> = []
    TreeWalker { if case .name(let name, _) = $0 { names.insert(name) } }.walk(statements)
    return names
  }
}
