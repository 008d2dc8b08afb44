internal import Diagnostics
internal import OrderedCollections
internal import Values

extension Value {
  /// A dictionary's content.
  typealias Dictionary = OrderedDictionary<Value, Value>
}

extension Operand {
  /// A list of operands; a plain value where all of them are.
  init(list operands: [Operand]) {
    var values: [Value] = []
    values.reserveCapacity(operands.count)
    for operand in operands {
      guard case .value(let value) = operand else {
        self = .sequence(operands)
        return
      }
      values.append(value)
    }
    self = .value(.list(values))
  }

  /// The value outside of any evaluator; what is undefined is an error.
  func required(_ context: ScopeContext, _ session: Session) throws(TemplateError) -> Value {
    try context.evaluator(for: Template("", at: .synthesized("variable"))).value(of: self)
  }
}

extension Undefined {
  /// The error that using it is.
  func error(_ names: () -> [String]) -> TemplateError {
    if let cause { return cause }
    var error = TemplateError(
      isUnsafe ? .security : .undefined, message, at: template?.place(of: offset))
    if let name {
      error.help =
        Suggestion.didYouMean(name, in: names())
        ?? "define `\(name)`, or give a default: `\(name) | default(…)`"
    }
    return error
  }
}
