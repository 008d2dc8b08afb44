internal import OrderedCollections
internal import Values

/// Text, a number, `true`, `false`, `none`.
final class ConstantNode: ExpressionNode {
  let value: Value

  init(_ value: Value) { self.value = value }

  var offset: Int? { nil }
  var jinjaName: String { "const" }
  var isConstant: Bool { true }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand { .value(value) }
}

/// `[a, b]`.
final class ListNode: ExpressionNode {
  private let items: [any ExpressionNode]

  init(_ items: [any ExpressionNode]) { self.items = items }

  var offset: Int? { items.first?.offset }
  var jinjaName: String { "list" }
  var isConstant: Bool { items.allSatisfy(\.isConstant) }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    return Operand(list: try items.operands(evaluator))
  }

  func walk(_ walker: TreeWalker) { walker.walk(items) }
}

/// `a, b`, in parentheses or not.
final class TupleNode: ExpressionNode {
  private let items: [any ExpressionNode]

  init(_ items: [any ExpressionNode]) { self.items = items }

  var offset: Int? { items.first?.offset }
  var jinjaName: String { "tuple" }
  var isConstant: Bool { items.allSatisfy(\.isConstant) }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let list = Operand(list: try items.operands(evaluator))
    guard case .value(.list(let values)) = list else { return list }
    return .value(.tuple(values))
  }

  func walk(_ walker: TreeWalker) { walker.walk(items) }
}

/// `{a: b}`.
final class DictNode: ExpressionNode {
  private let entries: [(key: any ExpressionNode, value: any ExpressionNode)]

  init(_ entries: [(key: any ExpressionNode, value: any ExpressionNode)]) {
    self.entries = entries
  }

  var offset: Int? { entries.first?.key.offset ?? entries.first?.value.offset }
  var jinjaName: String { "dict" }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    var dict = Value.Dictionary(minimumCapacity: entries.count)
    for (keyNode, valueNode) in entries {
      let operand = try valueNode.evaluate(evaluator)
      if case .omit = operand { continue }
      let key = try keyNode.evaluateValue(evaluator)
      dict.set(try evaluator.value(of: operand), forPythonKey: try key.dictionaryKey())
    }
    return .value(.dict(dict))
  }

  func walk(_ walker: TreeWalker) {
    for (key, value) in entries {
      walker.walk(key)
      walker.walk(value)
    }
  }
}

extension [any ExpressionNode] {
  /// What each gives; what is omitted is left out.
  fileprivate func operands(_ evaluator: Evaluator) throws(TemplateError) -> [Operand] {
    var operands: [Operand] = []
    operands.reserveCapacity(count)
    for node in self {
      let operand = try node.evaluate(evaluator)
      if case .omit = operand { continue }
      operands.append(operand)
    }
    return operands
  }
}
