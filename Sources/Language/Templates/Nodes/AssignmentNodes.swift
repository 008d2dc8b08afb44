internal import OrderedCollections
internal import Values

/// What a value is assigned to.
indirect enum TargetNode: Sendable {
  case name(Name)
  /// `ns.attribute`, where `ns` is a namespace.
  case attribute(Name, String, at: Int)
  case tuple([TargetNode], at: Int)

  /// Every name that is set.
  var names: [String] {
    switch self {
    case .name(let name): [name.text]
    case .attribute: []
    case .tuple(let targets, _): targets.flatMap(\.names)
    }
  }
}

/// `{% set x = expression %}`.
final class SetNode: StatementNode {
  private let target: TargetNode
  private let expression: any ExpressionNode
  let offset: Int

  init(_ target: TargetNode, _ expression: any ExpressionNode, at offset: Int) {
    self.target = target
    self.expression = expression
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    do throws(TemplateError) {
      try evaluator.assign(try expression.evaluate(evaluator), to: target)
    } catch {
      throw evaluator.placed(error, at: offset)
    }
    return .normal
  }

  func walk(_ walker: TreeWalker) { walker.walk(expression) }

  func give(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    try evaluator.give(value, to: target)
  }

  func giveToNamespaces(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    guard case .attribute(let name, _, _) = target, evaluator.frame.lookUp(name) != nil else {
      return
    }
    try evaluator.assign(.value(value), to: target)
  }
}

/// `{% set x %}…{% endset %}`; `filtered` are filters around the name `<body>`.
final class SetBlockNode: StatementNode {
  private let target: TargetNode
  private let filtered: any ExpressionNode
  private let body: Body
  let offset: Int

  init(_ target: TargetNode, filtered: any ExpressionNode, body: Body, at offset: Int) {
    self.target = target
    self.filtered = filtered
    self.body = body
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try evaluator.placing(offset) { () throws(TemplateError) in
      try evaluator.assign(try evaluator.text(of: body, through: filtered), to: target)
    }
    return .normal
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(filtered)
    walker.walk(body)
  }

  func give(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    try evaluator.give(value, to: target)
  }
}

/// `{% with a = b %}…{% endwith %}`.
final class WithNode: StatementNode {
  private let bindings: [(TargetNode, any ExpressionNode)]
  private let body: Body
  let offset: Int

  init(_ bindings: [(TargetNode, any ExpressionNode)], body: Body, at offset: Int) {
    self.bindings = bindings
    self.body = body
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    var operands: [Operand] = []
    for (_, expression) in bindings { operands.append(try expression.evaluate(evaluator)) }
    return try evaluator.scoped { () throws(TemplateError) in
      for (binding, operand) in zip(bindings, operands) {
        try evaluator.placing(offset) { () throws(TemplateError) in
          try evaluator.assign(operand, to: binding.0)
        }
      }
      return try evaluator.execute(body)
    }
  }

  func walk(_ walker: TreeWalker) {
    for (_, node) in bindings { walker.walk(node) }
    walker.walk(body)
  }
}

extension Evaluator {
  /// Sets names, attributes of namespaces, or several at once.
  func assign(_ operand: Operand, to target: TargetNode) throws(TemplateError) {
    switch target {
    case .name(let name): frame[name] = operand
    case .attribute(let name, let attribute, let at):
      guard case .object(let object as Namespace)? = frame.lookUp(name) else {
        throw TemplateError(
          .other, "cannot assign attribute on non-namespace object", at: template.place(of: at))
      }
      object.attributes[attribute] = operand
    case .tuple(let targets, let at): try unpack(operand, into: targets, at: at)
    }
  }

  private func unpack(
    _ operand: Operand, into targets: [TargetNode], at offset: Int
  ) throws(TemplateError) {
    if case .value(let value) = operand, case .unknown = value.unmarked() {
      for target in targets { try assign(operand, to: target) }
      return
    }
    if case .value(let value) = operand, value.unmarked().pythonCount == nil {
      throw TemplateError(
        .type, "cannot unpack non-iterable \(operand.typeName) object",
        at: template.place(of: offset))
    }
    let items = try placing(offset) { () throws(TemplateError) in try self.items(of: operand) }
    guard items.count == targets.count else {
      let message =
        items.count > targets.count
        ? "too many values to unpack (expected \(targets.count))"
        : "not enough values to unpack (expected \(targets.count), got \(items.count))"
      throw TemplateError(.other, message, at: template.place(of: offset))
    }
    for (target, item) in zip(targets, items) { try assign(item, to: target) }
  }

  /// As `assign`, for a value that stands for whatever may be assigned.
  fileprivate func give(_ value: Value, to target: TargetNode) throws(TemplateError) {
    switch target {
    case .name, .attribute: try assign(.value(value), to: target)
    case .tuple(let targets, _): for target in targets { try give(value, to: target) }
    }
  }
}
