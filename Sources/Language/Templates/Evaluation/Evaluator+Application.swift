internal import Diagnostics
internal import OrderedCollections
internal import Values

extension Evaluator {
  /// Puts an operand through a filter.
  func applyFilter(
    _ name: LibraryName, to input: Operand, _ arguments: Arguments, at offset: Int
  ) throws(TemplateError) -> Operand {
    try placing(offset) { () throws(TemplateError) in
      guard let filter = name.function else {
        throw dialect.isAnsible
          ? FilterLibrary.unknown(name.text)
          : TemplateError(.other, "No filter named '\(name.text)' found.")
      }
      do throws(TemplateError) {
        return try apply(filter, to: input, arguments)
      } catch {
        // A filter that `map` names isn't there: no mistake of the syntax, for Jinja2.
        if dialect.isAnsible || error.kind != .syntax { throw error }
        var error = error
        error.kind = .other
        throw error
      }
    }
  }

  /// Puts an operand to a test, whose arguments are evaluated where they are needed.
  func applyTest(
    _ test: LibraryFunction, to operand: Operand, _ arguments: ArgumentNodes
  ) throws(TemplateError) -> Operand {
    if let answer = answer(to: test, of: operand) { return .value(.bool(answer)) }
    if operand.isMarkup {
      return try applyPlainly(test, to: operand.withoutMarkup, try arguments.evaluate(self))
    }
    try session.step()
    if case .undefined(let undefined) = operand, test.refusesUndefined, !isStrict {
      throw error(for: undefined)
    }
    return try applyPlainly(test, to: operand, try arguments.evaluate(self))
  }

  /// The result for bare, known data and arguments that the parser has bound; nil where any of
  /// the rules of `apply` may be needed.
  func applyAtOnce(
    _ function: LibraryFunction, to input: Operand, _ bound: BoundArguments
  ) throws(TemplateError) -> Value? {
    guard case .value(let value) = input else { return nil }
    if !dialect.isAnsible, function.markupRules == .always { return nil }
    if autoescapes, function.markupRules != .none { return nil }
    let body: (Call) throws(TemplateError) -> Value
    switch function.body {
    case .whole(let whole) where value.isScalar || value.isBareDeeply: body = whole
    case .items(let items) where value.isBare: body = items
    default: return nil
    }
    try session.step()
    let call = Call(function: function, input: value, bound: bound, evaluator: self)
    return try session.grown(try body(call))
  }

  /// Calls a filter, a test or a method: the one place that knows about undefined, unknown and
  /// secret operands.
  func apply(
    _ function: LibraryFunction, to input: Operand, _ arguments: Arguments
  ) throws(TemplateError) -> Operand {
    try session.step()
    if case .object(let object as ScopeObject) = input,
      ["length", "count"].contains(function.name)
    {
      return .value(.int(object.count))
    }
    if !dialect.isAnsible {
      if case .undefined(let undefined) = input,
        let answer = try answer(to: function, of: undefined)
      {
        return answer
      }
      if case .sequence(let operands) = input, ["length", "count"].contains(function.name) {
        return .value(.int(operands.count))
      }
      if Markup.concerns(function, input) {
        return try Markup.apply(function, to: input, arguments, self)
      }
    }
    return try applyPlainly(function, to: input, arguments)
  }

  /// As `apply`, without the rules of `Markup`.
  func applyPlainly(
    _ function: LibraryFunction, to input: Operand, _ arguments: Arguments
  ) throws(TemplateError) -> Operand {
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
    if arguments.positional.isEmpty, arguments.keyword.isEmpty, function.needsNoArguments,
      case .value(let value) = input, value.isScalar
    {
      // Nothing to bind, to unmark or to mark: the most frequent call by far.
      let result = try body(Call(function: function, input: value, bound: .none, evaluator: self))
      if case .string(let text) = result { try session.grow(by: text.utf8.count) }
      return result
    }
    var operands = [try value(of: input).asListIfTuple]
    for operand in arguments.positional {
      operands.append(try value(of: operand).asListIfTuple)
    }
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

extension Value {
  /// Functions don't tell tuples from lists.
  fileprivate var asListIfTuple: Value {
    switch self {
    case .tuple(let items): .list(items)
    case .marked(.tuple(let items), let marks): Value.list(items).marked(marks)
    default: self
    }
  }
}
