internal import Values

/// What a block prints: one operand keeps its type, more become text.
final class Output {
  private var first: Operand?
  private var pieces: [RenderedText.Piece] = []
  /// Known text behind the last of the pieces.
  private let text = TextBuffer()
  private(set) var count = 0
  /// Whether one sole operand may keep its type.
  private let keepsType: Bool

  /// Whether all that is printed here becomes text at once.
  var isText: Bool { !keepsType }

  init(keepsType: Bool) { self.keepsType = keepsType }

  /// Adds text of a template itself.
  func write(_ text: String, _ evaluator: Evaluator) throws(TemplateError) {
    if first != nil { try flush(evaluator) }
    count += 1
    self.text.append(text)
  }

  /// Adds the result of an expression.
  func write(_ operand: Operand, _ evaluator: Evaluator) throws(TemplateError) {
    switch operand {
    case .value(.string(let string)) where !keepsType && !evaluator.autoescapes:
      count += 1
      try evaluator.session.grow(by: string.utf8.count)
      text.append(string)
      return
    case .value(.int(let number)) where !keepsType:
      count += 1
      try evaluator.session.grow(by: 20)
      text.append(number)
      return
    case .value(.bool(let flag)) where !keepsType:
      count += 1
      text.append(flag ? "True" : "False")
      return
    case .value(.null) where evaluator.dialect.isAnsible: return
    case .undefined(let undefined):
      guard undefined.isSilent || !evaluator.isStrict else {
        throw evaluator.error(for: undefined)
      }
      // An `if` without `else` prints nothing, but alone it is no value either.
      if keepsType, first == nil, count == 0 { first = operand }
      return
    default: break
    }
    if keepsType, count == 0 {
      first = operand
      count = 1
      return
    }
    if first != nil { try flush(evaluator) }
    count += 1
    let piece = try evaluator.piece(of: operand)
    if case .known(let text) = piece { try evaluator.session.grow(by: text.utf8.count) }
    append(piece)
  }

  private func append(_ piece: RenderedText.Piece) {
    if case .known(let more) = piece { return text.append(more) }
    if !text.isEmpty { pieces.append(.known(text.text)) }
    text.removeAll()
    pieces.append(piece)
  }

  /// Turns the sole operand so far into text.
  private func flush(_ evaluator: Evaluator) throws(TemplateError) {
    guard let operand = first else { return }
    first = nil
    if case .undefined = operand { return }
    append(try evaluator.piece(of: operand))
  }

  private var rendered: RenderedText {
    RenderedText(text.isEmpty ? pieces : pieces + [.known(text.text)])
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
