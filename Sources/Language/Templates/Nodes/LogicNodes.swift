internal import Values

/// `a and b`, `a or b`.
final class JunctionNode: ExpressionNode {
  private let left: any ExpressionNode
  private let right: any ExpressionNode
  /// The truth of the left side that makes it the result.
  private let deciding: Bool

  private init(_ left: any ExpressionNode, _ right: any ExpressionNode, deciding: Bool) {
    self.left = left
    self.right = right
    self.deciding = deciding
  }

  static func and(_ left: any ExpressionNode, _ right: any ExpressionNode) -> JunctionNode {
    JunctionNode(left, right, deciding: false)
  }

  static func or(_ left: any ExpressionNode, _ right: any ExpressionNode) -> JunctionNode {
    JunctionNode(left, right, deciding: true)
  }

  var offset: Int? { left.offset ?? right.offset }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let first = try left.evaluate(evaluator)
    switch try evaluator.truth(of: first) {
    case .known(let flag, let marks):
      return flag == deciding ? first : try right.evaluate(evaluator).marked(marks)
    case .unknown(let unknown, let marks): return .value(.unknown(unknown).marked(marks))
    }
  }

  func walk(_ walker: TreeWalker) { walker.walk([left, right]) }
}

/// `not a`.
final class NotNode: ExpressionNode {
  private let inner: any ExpressionNode

  init(_ inner: any ExpressionNode) { self.inner = inner }

  var offset: Int? { inner.offset }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    switch try inner.truth(evaluator) {
    case .known(let flag, let marks): return .value(.bool(!flag).marked(marks))
    case .unknown(let unknown, let marks): return .value(.unknown(unknown).marked(marks))
    }
  }

  func walk(_ walker: TreeWalker) { walker.walk(inner) }
}

/// `a if test else b`.
final class ConditionalNode: ExpressionNode {
  private let test: any ExpressionNode
  private let then: any ExpressionNode
  private let otherwise: (any ExpressionNode)?
  private let at: Int

  init(
    if test: any ExpressionNode, then: any ExpressionNode, else otherwise: (any ExpressionNode)?,
    at offset: Int
  ) {
    self.test = test
    self.then = then
    self.otherwise = otherwise
    at = offset
  }

  var offset: Int? { at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    switch try test.truth(evaluator) {
    case .known(true, let marks): return try then.evaluate(evaluator).marked(marks)
    case .known(false, let marks):
      if let otherwise { return try otherwise.evaluate(evaluator).marked(marks) }
      return evaluator.withoutElse(at: at)
    case .unknown(let unknown, let marks): return .value(.unknown(unknown).marked(marks))
    }
  }

  func write(_ evaluator: Evaluator) throws(TemplateError) {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    switch try test.truth(evaluator) {
    case .known(let flag, let marks):
      guard let chosen = flag ? then : otherwise else {
        return try evaluator.output.write(evaluator.withoutElse(at: at), evaluator)
      }
      if marks.isEmpty { return try chosen.write(evaluator) }
      try evaluator.output.write(try chosen.evaluate(evaluator).marked(marks), evaluator)
    case .unknown(let unknown, let marks):
      try evaluator.output.write(.value(.unknown(unknown).marked(marks)), evaluator)
    }
  }

  func walk(_ walker: TreeWalker) {
    if walker.skipsConditions { return }
    walker.walk([test, then])
    if let otherwise { walker.walk(otherwise) }
  }
}
