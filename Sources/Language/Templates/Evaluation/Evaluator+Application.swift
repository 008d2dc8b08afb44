internal import Diagnostics
internal import Values

extension Evaluator {
  /// Puts an operand through a filter.
  func applyFilter(
    _ name: String, to input: Operand, _ arguments: Arguments, at offset: Int
  ) throws(TemplateError) -> Operand {
    try placing(offset) { () throws(TemplateError) in
      guard let filter = FilterLibrary.filter(name) else {
        throw FilterLibrary.unknown(name)
      }
      return try apply(filter, to: input, arguments)
    }
  }

  /// Puts an expression to a test.
  func applyTest(
    _ name: String, to node: ExpressionNode, _ arguments: ArgumentNodes, at offset: Int
  ) throws(TemplateError) -> Operand {
    try placing(offset) { () throws(TemplateError) in
      guard let test = TestLibrary.test(name) else { throw TestLibrary.unknown(name) }
      let operand = try evaluate(node)
      if test.name == "defined" || test.name == "undefined", case .name = node,
        case .value = operand
      {
        // A variable is there even if only `apply` can tell what it is.
        return .value(.bool(test.name == "defined"))
      }
      return try apply(test, to: operand, try evaluate(arguments))
    }
  }

  /// Calls a filter, a test or a method: the one place that knows about undefined, unknown and
  /// secret operands.
  func apply(
    _ function: LibraryFunction, to input: Operand, _ arguments: Arguments
  ) throws(TemplateError) -> Operand {
    try session.step()
    switch function.body {
    case .operands(let body):
      return try session.descend { () throws(TemplateError) in
        try body(OperandCall(function: function, input: input, arguments: arguments, self))
      }
    case .items(let body): return .value(try lift(function, input, arguments, body, deeply: false))
    case .whole(let body): return .value(try lift(function, input, arguments, body, deeply: true))
    }
  }

  private func lift(
    _ function: LibraryFunction, _ input: Operand, _ arguments: Arguments,
    _ body: (Call) throws(TemplateError) -> Value, deeply: Bool
  ) throws(TemplateError) -> Value {
    var operands = [try value(of: input)]
    for operand in arguments.positional { operands.append(try value(of: operand)) }
    let positionalCount = operands.count
    for (_, operand) in arguments.keyword { operands.append(try value(of: operand)) }
    let names = arguments.keyword.map(\.name)
    let perform = { (bare: [Value]) throws(TemplateError) -> Value in
      let bound = try function.bind(
        Array(bare[1..<positionalCount]), keyword: Array(zip(names, bare[positionalCount...])))
      let result = try body(
        Call(function: function, input: bare[0], bound: bound, evaluator: self))
      if case .string(let text) = result { try self.session.grow(by: text.utf8.count) }
      return result
    }
    if deeply { return try Value.liftDeeply(operands, perform) }
    do throws(TemplateError) {
      return try Value.lift(operands, perform)
    } catch {
      // An item that is secret or unknown may be what the function couldn't take.
      let isBare = operands.allSatisfy { $0.marksDeeply.isEmpty && $0.firstUnknown == nil }
      if isBare { throw error }
      // Unmarking deeply is only worth a try where it makes a difference.
      return try Value.liftDeeply(operands, perform)
    }
  }
}

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
    var marks: Marks = []
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

  /// Whether this is text.
  var isText: Bool {
    if case .string = self { return true }
    return false
  }
}
