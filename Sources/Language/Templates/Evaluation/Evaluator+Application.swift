internal import Diagnostics
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

  /// Puts an expression to a test.
  func applyTest(
    _ name: LibraryName, to node: ExpressionNode, _ arguments: ArgumentNodes, at offset: Int
  ) throws(TemplateError) -> Operand {
    try placing(offset) { () throws(TemplateError) in
      guard let test = name.function else {
        throw dialect.isAnsible
          ? TestLibrary.unknown(name.text)
          : TemplateError(.other, "No test named '\(name.text)' found.")
      }
      let operand = try evaluate(node)
      if let answer = answer(to: test, of: operand) { return .value(.bool(answer)) }
      if operand.isMarkup {
        return try applyPlainly(test, to: operand.withoutMarkup, try evaluate(arguments))
      }
      if test.name == "defined" || test.name == "undefined", case .name = node,
        case .value = operand
      {
        // A variable is there even if only `apply` can tell what it is.
        return .value(.bool(test.name == "defined"))
      }
      try session.step()
      if case .undefined(let undefined) = operand, test.refusesUndefined, !isStrict {
        throw error(for: undefined)
      }
      return try applyPlainly(test, to: operand, try evaluate(arguments))
    }
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
      let result = try body(Call(function: function, input: value, bound: [:], evaluator: self))
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

extension Evaluator {
  /// What plain Jinja2's tests of the type say of something undefined, or of `Markup`.
  fileprivate func answer(to test: LibraryFunction, of operand: Operand) -> Bool? {
    if dialect.isAnsible { return nil }
    switch (test.name, operand) {
    case ("escaped", _): return operand.isMarkup
    case ("iterable", .undefined): return isStrict ? nil : true
    case ("sequence", .undefined): return !isStrict
    case ("sameas", .undefined): return false
    case ("callable", .object(is BoundMethod)): return true
    case ("none", .undefined), ("boolean", .undefined), ("true", .undefined),
      ("false", .undefined), ("integer", .undefined), ("float", .undefined),
      ("number", .undefined), ("string", .undefined), ("mapping", .undefined):
      return false
    default: return nil
    }
  }
}

extension Evaluator {
  /// What plain Jinja2's filters make of something undefined, where that isn't what they make of
  /// empty text; nil for all others.
  private func answer(
    to function: LibraryFunction, of undefined: Undefined
  ) throws(TemplateError) -> Operand? {
    let type = dialect.undefinedName
    switch function.name {
    case "tojson":
      throw TemplateError(.type, "Object of type \(type) is not JSON serializable")
    case "abs": throw TemplateError(.type, "bad operand type for abs(): '\(type)'")
    case "round": throw TemplateError(.type, "type \(type) doesn't define __round__ method")
    case "items": return .value(.list([]))
    case "pprint": return .value(.string("Undefined"))
    case "random":
      return isStrict ? nil : self.undefined("No random item, sequence was empty.", at: 0)
    default:
      if isStrict || !function.refusesUndefined { return nil }
      throw error(for: undefined)
    }
  }
}

extension LibraryFunction {
  /// Functions that use a method which Python's undefined refuses, where others see an empty one.
  var refusesUndefined: Bool {
    switch name {
    case "int", "float", "indent", "wordwrap", "dictsort", "xmlattr", "filesizeformat", "even",
      "odd", "divisibleby":
      true
    default: false
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
