internal import Values

enum UnaryOperator: String, Sendable {
  case negate = "-"
  case plus = "+"
}

enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
}

/// `-a` and `+a`.
final class UnaryNode: ExpressionNode {
  private let operation: UnaryOperator
  private let inner: any ExpressionNode
  private let at: Int

  init(_ operation: UnaryOperator, _ inner: any ExpressionNode, at offset: Int) {
    self.operation = operation
    self.inner = inner
    at = offset
  }

  var offset: Int? { at }
  var isConstant: Bool { inner.isConstant }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let operand = try inner.evaluateOperand(evaluator)
    return try evaluator.placing(at) { () throws(TemplateError) in
      .value(
        try Value.liftCarefully([operand]) { (operands) throws(TemplateError) in
          try Arithmetic.apply(operation, operands[0])
        })
    }
  }

  func walk(_ walker: TreeWalker) { walker.walk(inner) }
}

/// `a + b` and the other operators between two operands.
final class BinaryNode: ExpressionNode {
  private let operation: BinaryOperator
  private let left: any ExpressionNode
  private let right: any ExpressionNode
  private let at: Int

  init(
    _ operation: BinaryOperator, _ left: any ExpressionNode, _ right: any ExpressionNode,
    at offset: Int
  ) {
    self.operation = operation
    self.left = left
    self.right = right
    at = offset
  }

  var offset: Int? { left.start ?? at }
  var isConstant: Bool { left.isConstant && right.isConstant }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let operand = try left.evaluate(evaluator)
    if case .object(let time as any TimeObject) = operand,
      let result = time.combine(operation, try right.evaluate(evaluator))
    {
      return result
    }
    let first = try evaluator.required(operand)
    let isFormat = operation == .modulo && first.unmarked().isText
    let second =
      isFormat ? try right.evaluateValue(evaluator) : try right.evaluateOperand(evaluator)
    do throws(TemplateError) {
      if case .int(let one) = first, case .int(let other) = second {
        return .value(try combine(one, other))
      }
      return try combine(first, second, isFormat: isFormat, evaluator)
    } catch {
      throw evaluator.placed(error, at: at)
    }
  }

  /// Whole numbers: what fits is the most frequent, all else is `Arithmetic`'s.
  private func combine(_ one: Int, _ other: Int) throws(TemplateError) -> Value {
    let (result, isTooLarge) =
      switch operation {
      case .add: one.addingReportingOverflow(other)
      case .subtract: one.subtractingReportingOverflow(other)
      case .multiply: one.multipliedReportingOverflow(by: other)
      // Python rounds down, which is what machines do where no side is negative.
      case .floorDivide where one >= 0 && other > 0: (one / other, false)
      case .modulo where one >= 0 && other > 0: (one % other, false)
      default: (0, true)
      }
    if !isTooLarge { return .int(result) }
    return try Arithmetic.apply(operation, .int(one), .int(other))
  }

  private func combine(
    _ first: Value, _ second: Value, isFormat: Bool, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    if first.marks.contains(.markup) || second.marks.contains(.markup) {
      return try Markup.combine(operation, first, second)
    }
    let result = try (isFormat ? Value.liftDeeply : Value.liftCarefully)([first, second]) {
      (operands) throws(TemplateError) -> Value in
      if isFormat, case .string(let format) = operands[0] {
        return .string(try PercentFormat.apply(format, operands[1]))
      }
      return try Arithmetic.apply(operation, operands[0], operands[1])
    }
    return .value(try evaluator.session.grown(result))
  }

  func walk(_ walker: TreeWalker) { walker.walk([left, right]) }
}

/// `a ~ b ~ c`.
final class ConcatenationNode: ExpressionNode {
  private let parts: [any ExpressionNode]
  private let at: Int

  init(_ parts: [any ExpressionNode], at offset: Int) {
    self.parts = parts
    at = offset
  }

  var offset: Int? { at }
  var isConstant: Bool { parts.allSatisfy(\.isConstant) }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    if evaluator.autoescapes { return try concatenateMarkup(evaluator) }
    var rendered = RenderedText([])
    var known = ""
    for part in parts {
      switch try part.evaluate(evaluator) {
      case .value(.string(let text)): known += text
      case .value(.int(let number)): known += String(number)
      case .omit: continue
      case let operand:
        rendered.append(.known(known))
        known = ""
        rendered.append(
          try evaluator.placing(at) { () throws(TemplateError) in
            try evaluator.piece(of: operand)
          })
      }
    }
    if rendered.pieces.isEmpty { return .value(try evaluator.session.grown(.string(known))) }
    rendered.append(.known(known))
    return .value(try evaluator.session.grown(rendered.value))
  }

  /// Where output is escaped: HTML as soon as one part is.
  private func concatenateMarkup(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    var operands: [Operand] = []
    for part in parts { operands.append(try part.evaluate(evaluator)) }
    // Jinja2 joins constants when it compiles, as plain text.
    let isMarkup = operands.contains(where: \.isMarkup) && !isConstant
    evaluator.autoescapes = isMarkup
    defer { evaluator.autoescapes = true }
    var rendered = RenderedText([])
    for operand in operands {
      rendered.append(
        try evaluator.placing(at) { () throws(TemplateError) in
          try evaluator.piece(of: operand)
        })
    }
    let value = try evaluator.session.grown(rendered.value)
    return .value(isMarkup ? value.marked(.markup) : value)
  }

  func walk(_ walker: TreeWalker) { walker.walk(parts) }
}
