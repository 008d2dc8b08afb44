internal import Values

/// What a block prints: one operand keeps its type, more become text.
final class Output {
  private var first: Operand?
  private(set) var count = 0
  private(set) var rendered = RenderedText([])

  /// Adds text of the template itself.
  func write(_ text: String, _ evaluator: Evaluator) throws(TemplateError) {
    try flush(evaluator)
    count += 1
    rendered.append(.known(text))
  }

  /// Adds the result of an expression.
  func write(_ operand: Operand, _ evaluator: Evaluator) throws(TemplateError) {
    switch operand {
    case .value(.null) where evaluator.dialect.isAnsible: return
    case .undefined(let undefined):
      // An `if` without `else` prints nothing, but alone it is no value either.
      if !evaluator.dialect.isAnsible, undefined.isSilent || !evaluator.isStrict { return }
      if undefined.isSilent || !evaluator.isStrict {
        if first == nil, count == 0 { first = operand }
        return
      }
      throw evaluator.error(for: undefined)
    default: break
    }
    if !evaluator.dialect.isAnsible {
      rendered.append(try evaluator.piece(of: operand))
      return
    }
    if count == 0 {
      first = operand
      count = 1
      return
    }
    try flush(evaluator)
    count += 1
    rendered.append(try evaluator.piece(of: operand))
  }

  /// Turns the sole operand so far into text.
  func flush(_ evaluator: Evaluator) throws(TemplateError) {
    guard let operand = first else { return }
    first = nil
    if case .undefined = operand { return }
    rendered.append(try evaluator.piece(of: operand))
  }

  /// What was printed, with its type where it is one sole operand.
  func result(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    if count == 0 { return first ?? .null }
    if count == 1, let first { return first }
    try flush(evaluator)
    return .value(rendered.value)
  }

  /// What was printed, as text.
  func text(_ evaluator: Evaluator) throws(TemplateError) -> RenderedText {
    try flush(evaluator)
    return rendered
  }
}
