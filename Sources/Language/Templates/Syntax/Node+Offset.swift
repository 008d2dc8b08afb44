/// Where Jinja2 says that nodes are: its line numbers are of these places.
extension StatementNode {
  /// Where an error in this statement is.
  var offset: Int {
    switch self {
    case .text: 0
    case .output(let node, let at): node.offset ?? at
    case .conditional(_, _, let at), .set(_, _, let at), .setBlock(_, _, _, let at),
      .with(_, _, let at), .filtered(_, _, let at), .callBlock(_, _, _, let at),
      .include(_, _, _, let at), .importTemplate(_, _, _, let at),
      .importNames(_, _, _, let at), .extends(_, let at), .breakLoop(let at),
      .continueLoop(let at):
      at
    case .loop(let loop): loop.offset
    case .macro(let macro): macro.offset
    case .block(let block): block.offset
    case .scoped(let body): body.first?.offset ?? 0
    case .autoescape(_, let body): body.first?.offset ?? 0
    case .evaluate(let node): node.offset ?? 0
    }
  }
}

extension ExpressionNode {
  /// Where the operation is that is done last; nil for what can't fail.
  var offset: Int? {
    switch self {
    case .constant: nil
    case .list(let items), .tuple(let items): items.first?.offset
    case .dict(let items): items.first?.key.offset ?? items.first?.value.offset
    case .name(_, let at), .attribute(_, _, let at), .element(_, _, let at),
      .slice(_, _, let at), .filter(_, _, _, let at), .test(_, _, _, let at),
      .call(_, _, let at), .unary(_, _, let at), .concatenation(_, let at),
      .conditional(_, _, _, let at):
      at
    case .binary(_, let left, _, let at), .comparison(let left, _, let at): left.start ?? at
    case .and(let left, let right), .or(let left, let right): left.offset ?? right.offset
    case .not(let inner): inner.offset
    }
  }
}

extension ExpressionNode {
  /// What Jinja2 calls such a node where it can't be assigned to.
  var jinjaName: String {
    switch self {
    case .constant: "const"
    case .list: "list"
    case .tuple: "tuple"
    case .dict: "dict"
    default: "name"
    }
  }

  /// Where the expression begins, as far as nodes know; nil for constants.
  var start: Int? {
    switch self {
    case .binary(_, let left, _, let at), .comparison(let left, _, let at): left.start ?? at
    default: offset
    }
  }
}

extension StatementNode {
  /// Whether this is nothing but white space.
  var isBlank: Bool {
    guard case .text(let text) = self else { return false }
    return text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }
}

extension ExpressionNode {
  /// Whether Jinja2 computes this when it compiles the template.
  var isConstant: Bool {
    switch self {
    case .constant: true
    case .filter(let input, _, let arguments, _):
      input.isConstant && arguments.positional.allSatisfy(\.isConstant)
    case .concatenation(let items, _), .list(let items), .tuple(let items):
      items.allSatisfy(\.isConstant)
    case .binary(_, let left, let right, _): left.isConstant && right.isConstant
    case .unary(_, let inner, _): inner.isConstant
    default: false
    }
  }
}
