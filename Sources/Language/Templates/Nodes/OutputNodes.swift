internal import Values

/// Text outside of any tag.
final class TextNode: StatementNode {
  private let text: String

  init(_ text: String) { self.text = text }

  var offset: Int { 0 }

  /// Whether this is nothing but white space.
  var isBlank: Bool {
    text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try evaluator.session.grow(by: text.utf8.count)
    try evaluator.output.write(text, evaluator)
    return .normal
  }
}

/// `{{ expression }}`.
final class OutputNode: StatementNode {
  private let expression: any ExpressionNode
  private let at: Int

  init(_ expression: any ExpressionNode, at offset: Int) {
    self.expression = expression
    at = offset
  }

  var offset: Int { expression.offset ?? at }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    do throws(TemplateError) {
      try expression.write(evaluator)
    } catch {
      throw evaluator.placed(error, at: at)
    }
    return .normal
  }

  func walk(_ walker: TreeWalker) { walker.walk(expression) }
}

/// `{% do expression %}`.
final class DoNode: StatementNode {
  private let expression: any ExpressionNode

  init(_ expression: any ExpressionNode) { self.expression = expression }

  var offset: Int { expression.offset ?? 0 }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    _ = try expression.evaluate(evaluator)
    return .normal
  }

  func walk(_ walker: TreeWalker) { walker.walk(expression) }
}

/// `{% filter name %}…{% endfilter %}`; `filtered` are filters around the name `<body>`.
final class FilterBlockNode: StatementNode {
  private let filtered: any ExpressionNode
  private let body: Body
  let offset: Int

  init(_ filtered: any ExpressionNode, body: Body, at offset: Int) {
    self.filtered = filtered
    self.body = body
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try evaluator.placing(offset) { () throws(TemplateError) in
      try evaluator.output.write(
        try evaluator.text(of: body, through: filtered), evaluator)
    }
    return .normal
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(filtered)
    walker.walk(body)
  }
}

/// `{% autoescape flag %}…{% endautoescape %}`.
final class AutoescapeNode: StatementNode {
  private let flag: any ExpressionNode
  private let body: Body

  init(_ flag: any ExpressionNode, body: Body) {
    self.flag = flag
    self.body = body
  }

  var offset: Int { body.first?.offset ?? 0 }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    let outer = evaluator.autoescapes
    defer { evaluator.autoescapes = outer }
    if case .known(let isOn, _) = try evaluator.truth(of: try flag.evaluate(evaluator)) {
      evaluator.autoescapes = isOn
    }
    return try evaluator.scoped { () throws(TemplateError) in try evaluator.execute(body) }
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(flag)
    walker.walk(body)
  }
}

extension Evaluator {
  /// What a block prints, put through filters.
  func text(
    of body: Body, through filtered: any ExpressionNode
  ) throws(TemplateError) -> Operand {
    let printed = try scoped { () throws(TemplateError) in
      try capturing { () throws(TemplateError) in _ = try execute(body) }
    }
    return try scoped { () throws(TemplateError) in
      frame[.body] = printed
      return try filtered.evaluate(self)
    }
  }
}
