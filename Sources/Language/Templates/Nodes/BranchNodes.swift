internal import Values

/// `{% if %}`, `{% elif %}` and `{% else %}`.
final class IfNode: StatementNode {
  private let branches: [(test: any ExpressionNode, body: Body)]
  private let otherwise: Body
  let offset: Int

  init(
    _ branches: [(test: any ExpressionNode, body: Body)], else otherwise: Body, at offset: Int
  ) {
    self.branches = branches
    self.otherwise = otherwise
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    for index in branches.indices {
      switch try answer(branches[index].test, evaluator) {
      case .known(true, _): return try evaluator.execute(branches[index].body)
      case .known(false, _): continue
      case .unknown(let unknown, let marks):
        // Any of what follows may be printed or set.
        let value = Value.unknown(unknown).marked(marks)
        for branch in branches[index...] { try branch.body.give(value, evaluator) }
        try otherwise.give(value, evaluator)
        try evaluator.output.write(.value(value), evaluator)
        return .normal
      }
    }
    return try evaluator.execute(otherwise)
  }

  private func answer(
    _ test: any ExpressionNode, _ evaluator: Evaluator
  ) throws(TemplateError) -> Evaluator.Truth {
    do throws(TemplateError) {
      return try test.truth(evaluator)
    } catch {
      throw evaluator.placed(error, at: offset)
    }
  }

  func walk(_ walker: TreeWalker) {
    for branch in branches {
      walker.walk(branch.test)
      if !walker.skipsConditions { walker.walk(branch.body) }
    }
    if !walker.skipsConditions { walker.walk(otherwise) }
  }

  func give(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    for branch in branches { try branch.body.give(value, evaluator) }
    try otherwise.give(value, evaluator)
  }

  func giveToNamespaces(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    for branch in branches { try branch.body.giveToNamespaces(value, evaluator) }
    try otherwise.giveToNamespaces(value, evaluator)
  }
}

/// `{% for %}`.
final class LoopNode: StatementNode {
  let target: TargetNode
  let iterable: any ExpressionNode
  let filter: (any ExpressionNode)?
  let isRecursive: Bool
  /// Whether anything in it may look for `loop`.
  let usesLoop: Bool
  let body: Body
  let otherwise: Body
  let offset: Int

  init(
    _ target: TargetNode, in iterable: any ExpressionNode, if filter: (any ExpressionNode)?,
    isRecursive: Bool, usesLoop: Bool, body: Body, else otherwise: Body, at offset: Int
  ) {
    self.target = target
    self.iterable = iterable
    self.filter = filter
    self.isRecursive = isRecursive
    self.usesLoop = usesLoop
    self.body = body
    self.otherwise = otherwise
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try LoopRun(self, evaluator).run()
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(iterable)
    if let filter { walker.walk(filter) }
    walker.walk(body)
    walker.walk(otherwise)
  }

  func give(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    try body.giveToNamespaces(value, evaluator)
  }

  func giveToNamespaces(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    try body.giveToNamespaces(value, evaluator)
  }
}

/// `{% break %}` and `{% continue %}`.
final class JumpNode: StatementNode {
  private let flow: Flow
  let offset: Int

  init(_ flow: Flow, at offset: Int) {
    self.flow = flow
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow { flow }
}
