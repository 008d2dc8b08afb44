internal import OrderedCollections
internal import Values

/// A list or dictionary of a variable whose items are evaluated when they are asked for: what one
/// of them lacks is no error for the others.
protocol LazyCollection: TemplateObject {
  /// What a loop over it meets.
  func items() throws(TemplateError) -> [Operand]
  /// The item under a key; nil where there is none.
  func element(_ key: Value) throws(TemplateError) -> Operand?
  /// Whether it has no items.
  var isEmpty: Bool { get }
  /// A value of the same type, for tests of the type.
  var sample: Value { get }
}

/// A list as written.
final class LazyList: LazyCollection {
  let typeName = "list"
  private let expressions: [Expression]
  private let context: ScopeContext
  private let session: Session
  private var known: [Operand]?

  init(_ expressions: [Expression], _ context: ScopeContext, _ session: Session) {
    self.expressions = expressions
    self.context = context
    self.session = session
  }

  var isEmpty: Bool { expressions.isEmpty }
  var sample: Value { .list([]) }

  func items() throws(TemplateError) -> [Operand] {
    if let known { return known }
    var operands: [Operand] = []
    for expression in expressions {
      let operand = try session.descend { () throws(TemplateError) in
        try expression.operand(in: context, session)
      }
      if case .omit = operand { continue }
      operands.append(operand)
    }
    known = operands
    return operands
  }

  func element(_ key: Value) throws(TemplateError) -> Operand? {
    guard let index = key.pythonInt else { return nil }
    let operands = try items()
    let at = index < 0 ? index + operands.count : index
    return operands.indices.contains(at) ? operands[at] : nil
  }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value {
    var values: [Value] = []
    for operand in try items() { values.append(try evaluator.value(of: operand)) }
    return .list(values)
  }
}

/// A dictionary as written; its keys are evaluated at once.
final class LazyDict: LazyCollection {
  let typeName = "dict"
  private var expressions: OrderedDictionary<Value, Expression> = [:]
  private var known: [Value: Operand] = [:]
  private let context: ScopeContext
  private let session: Session

  init(
    _ entries: [Expression.Entry], _ context: ScopeContext, _ session: Session
  ) throws(TemplateError) {
    self.context = context
    self.session = session
    for entry in entries {
      let key = try entry.key.operand(in: context, session).required(context, session)
      expressions[try key.dictionaryKey()] = entry.value
    }
  }

  var isEmpty: Bool { expressions.isEmpty }
  var sample: Value { .dict([:]) }

  func items() throws(TemplateError) -> [Operand] { expressions.keys.map { .value($0) } }

  func element(_ key: Value) throws(TemplateError) -> Operand? {
    if let operand = known[key] { return operand }
    guard let expression = expressions[key] else { return nil }
    let operand = try session.descend { () throws(TemplateError) in
      try expression.operand(in: context, session)
    }
    known[key] = operand
    if case .omit = operand { return nil }
    return operand
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    try element(.string(name))
  }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value {
    var dict = Value.Dictionary(minimumCapacity: expressions.count)
    for key in expressions.keys {
      guard let operand = try element(key) else { continue }
      dict[key] = try evaluator.value(of: operand)
    }
    return .dict(dict)
  }
}
