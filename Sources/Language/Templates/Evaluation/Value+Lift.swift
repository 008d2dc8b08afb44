internal import OrderedCollections
internal import Values

extension TemplateError {
  /// This error, without its words if they may tell what is secret in the operands.
  func withheld(_ operands: [Value]) -> TemplateError {
    guard kind != .limit, operands.contains(where: { $0.marksDeeply.contains(.secret) }) else {
      return self
    }
    var error = self
    error.message = "a secret value isn't what is needed here (the details would tell it)"
    error.help = nil
    return error
  }
}

extension Value {
  /// As `lift`, but an error doesn't tell what is secret.
  static func liftCarefully(
    _ operands: [Value], _ operation: ([Value]) throws(TemplateError) -> Value
  ) throws(TemplateError) -> Value {
    do throws(TemplateError) {
      return try lift(operands, operation)
    } catch {
      throw error.withheld(operands)
    }
  }

  /// As `lift`, but operands are bare and known at every depth; the result has all their marks.
  static func liftDeeply(
    _ operands: [Value], _ operation: ([Value]) throws(TemplateError) -> Value
  ) throws(TemplateError) -> Value {
    var marks = Marks.none
    for operand in operands { marks.formUnion(operand.marksDeeply) }
    for operand in operands {
      if let unknown = operand.firstUnknown { return .unknown(unknown).marked(marks) }
    }
    if marks.isEmpty { return try operation(operands) }
    do throws(TemplateError) {
      return try operation(operands.map { $0.unmarkedDeeply() }).marked(marks)
    } catch {
      throw error.withheld(operands)
    }
  }

  /// Whether there is no mark on this, and it is no tuple and known.
  var isBare: Bool {
    switch self {
    case .marked, .unknown, .tuple: false
    default: true
    }
  }

  /// Whether this and all in it is bare.
  var isBareDeeply: Bool {
    switch self {
    case .marked, .unknown, .tuple: false
    case .list(let items): items.allSatisfy(\.isBareDeeply)
    case .dict(let dict):
      dict.keys.allSatisfy(\.isBareDeeply) && dict.values.allSatisfy(\.isBareDeeply)
    default: true
    }
  }

  /// Whether this is text.
  var isText: Bool {
    if case .string = self { return true }
    return false
  }
}
