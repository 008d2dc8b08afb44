internal import OrderedCollections
internal import Values

/// `callee(arguments)`.
final class CallNode: ExpressionNode {
  let callee: any ExpressionNode
  let arguments: ArgumentNodes
  let at: Int

  init(_ callee: any ExpressionNode, _ arguments: ArgumentNodes, at offset: Int) {
    self.callee = callee
    self.arguments = arguments
    at = offset
  }

  var offset: Int? { at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    return try evaluator.call(callee, try arguments.evaluate(evaluator), at: at)
  }

  /// What a macro or a block prints, it prints in place where the output is text.
  func write(_ evaluator: Evaluator) throws(TemplateError) {
    guard evaluator.output.isText, !evaluator.autoescapes, callee is NameNode else {
      return try evaluator.output.write(try evaluate(evaluator), evaluator)
    }
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let operands = try arguments.evaluate(evaluator)
    let function = try callee.evaluate(evaluator)
    if case .object(let object) = function,
      try evaluator.write(object, operands, at: at)
    {
      return
    }
    try evaluator.output.write(try evaluator.call(function, operands, at: at), evaluator)
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(callee)
    arguments.walk(walker)
  }
}

/// What stands between the parentheses of a call.
struct ArgumentNodes: Sendable {
  var positional: [any ExpressionNode] = []
  var keyword: [(name: String, value: any ExpressionNode)] = []
  /// `*list` and `**dict`.
  var spreadList: (any ExpressionNode)?
  var spreadDict: (any ExpressionNode)?

  static let none = ArgumentNodes()

  /// What is handed over.
  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Arguments {
    var arguments = Arguments()
    for node in positional { arguments.positional.append(try node.evaluate(evaluator)) }
    for (name, node) in keyword { arguments.keyword.append((name, try node.evaluate(evaluator))) }
    if let spreadList {
      arguments.positional += try evaluator.items(of: try spreadList.evaluate(evaluator))
    }
    if let spreadDict {
      let dict = try spreadDict.evaluateValue(evaluator)
      guard case .dict(let entries) = dict.unmarked() else {
        throw TemplateError(
          .type, "argument after ** must be a mapping, not \(dict.pythonTypeName)")
      }
      for (key, value) in entries {
        guard case .string(let name) = key.unmarked() else {
          throw TemplateError(.type, "keywords must be strings")
        }
        arguments.keyword.append((name, .value(value.marked(dict.marks))))
      }
    }
    return arguments
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(positional)
    for (_, node) in keyword { walker.walk(node) }
    if let spreadList { walker.walk(spreadList) }
    if let spreadDict { walker.walk(spreadDict) }
  }

  /// The values of arguments that are all written as constants; nil for others.
  var constants: (positional: [Value], keyword: [(String, Value)])? {
    if spreadList != nil || spreadDict != nil { return nil }
    var constants: (positional: [Value], keyword: [(String, Value)]) = ([], [])
    for node in positional {
      guard let node = node as? ConstantNode else { return nil }
      constants.positional.append(node.value)
    }
    for (name, node) in keyword {
      guard let node = node as? ConstantNode else { return nil }
      constants.keyword.append((name, node.value))
    }
    return constants
  }
}
