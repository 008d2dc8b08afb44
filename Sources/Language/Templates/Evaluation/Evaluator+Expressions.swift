internal import OrderedCollections
internal import Values

extension Evaluator {
  /// What an expression gives.
  func evaluate(_ node: ExpressionNode) throws(TemplateError) -> Operand {
    switch node {
    case .constant(let value): return .value(value)
    case .name(let name, let at): return try lookUp(name, at: at)
    default:
      try session.step()
      return try nested { () throws(TemplateError) in try evaluateCompound(node) }
    }
  }

  /// The value of an expression; what is undefined is an error.
  func evaluateValue(_ node: ExpressionNode) throws(TemplateError) -> Value {
    try value(of: try evaluate(node))
  }

  private func evaluateCompound(_ node: ExpressionNode) throws(TemplateError) -> Operand {
    switch node {
    case .attribute(let base, let name, let at):
      return try attribute(name, of: try evaluate(base), at: at)
    case .element(let base, let key, let at):
      return try element(try evaluate(key), of: try evaluate(base), at: at)
    case .filter(let input, let name, let arguments, let at):
      return try applyFilter(
        name, to: try evaluate(input), try evaluate(arguments), at: at)
    case .test(let input, let name, let arguments, let at):
      return try applyTest(name, to: input, arguments, at: at)
    case .call(let callee, let arguments, let at):
      return try call(callee, try evaluate(arguments), at: at)
    case .and, .or, .not, .conditional: return try evaluateLogic(node)
    case .list, .tuple, .dict, .slice: return try evaluateCollection(node)
    default: return try evaluateOperation(node)
    }
  }

  private func evaluateLogic(_ node: ExpressionNode) throws(TemplateError) -> Operand {
    switch node {
    case .and(let left, let right):
      let first = try evaluate(left)
      switch try truth(of: first) {
      case .known(false, _): return first
      case .known(true, let marks): return try evaluate(right).marked(marks)
      case .unknown(let unknown, let marks):
        // What is false whatever the left side is makes the whole false.
        return .value(.unknown(unknown).marked(marks))
      }
    case .or(let left, let right):
      let first = try evaluate(left)
      switch try truth(of: first) {
      case .known(true, _): return first
      case .known(false, let marks): return try evaluate(right).marked(marks)
      case .unknown(let unknown, let marks): return .value(.unknown(unknown).marked(marks))
      }
    case .not(let inner):
      switch try truth(of: try evaluate(inner)) {
      case .known(let flag, let marks): return .value(.bool(!flag).marked(marks))
      case .unknown(let unknown, let marks): return .value(.unknown(unknown).marked(marks))
      }
    case .conditional(let test, let then, let otherwise, let at):
      switch try truth(of: try evaluate(test)) {
      case .known(true, let marks): return try evaluate(then).marked(marks)
      case .known(false, let marks):
        if let otherwise { return try evaluate(otherwise).marked(marks) }
        return withoutElse(at: at)
      case .unknown(let unknown, let marks): return .value(.unknown(unknown).marked(marks))
      }
    default: return .null
    }
  }

  private func evaluateCollection(_ node: ExpressionNode) throws(TemplateError) -> Operand {
    switch node {
    case .tuple(let items):
      guard case .value(.list(let values)) = try evaluateCollection(.list(items)) else {
        return try evaluateCollection(.list(items))
      }
      return .value(.tuple(values))
    case .list(let items):
      var operands: [Operand] = []
      operands.reserveCapacity(items.count)
      for item in items {
        let operand = try evaluate(item)
        if case .omit = operand { continue }
        operands.append(operand)
      }
      return Operand(list: operands)
    case .dict(let items):
      var dict = Value.Dictionary(minimumCapacity: items.count)
      for (keyNode, valueNode) in items {
        let operand = try evaluate(valueNode)
        if case .omit = operand { continue }
        let key = try value(of: try evaluate(keyNode))
        dict.set(try value(of: operand), forPythonKey: try key.dictionaryKey())
      }
      return .value(.dict(dict))
    case .slice(let base, let slice, let at):
      return try placing(at) { () throws(TemplateError) in
        try evaluate(slice, of: try evaluate(base), at: at)
      }
    default: return .null
    }
  }

  private func evaluate(
    _ slice: SliceNode, of base: Operand, at offset: Int
  ) throws(TemplateError) -> Operand {
    if case .undefined(let undefined) = base { return try attribute(of: undefined) }
    var operands = [try value(of: base)]
    for part in [slice.start, slice.stop, slice.step] {
      operands.append(
        try part.map { (node) throws(TemplateError) in try evaluateValue(node) } ?? .null)
    }
    return .value(
      try Value.liftCarefully(operands) { (operands) throws(TemplateError) in
        try PythonSlice(operands[1], operands[2], operands[3]).apply(to: operands[0])
      })
  }

  private func evaluateOperation(_ node: ExpressionNode) throws(TemplateError) -> Operand {
    switch node {
    case .unary(let operation, let inner, let at):
      let operand = try evaluateOperand(inner)
      return try placing(at) { () throws(TemplateError) in
        .value(
          try Value.liftCarefully([operand]) { (operands) throws(TemplateError) in
            try Arithmetic.apply(operation, operands[0])
          })
      }
    case .binary(let operation, let left, let right, let at):
      return try evaluate(operation, left, right, at: at)
    case .comparison(let first, let rest, let at):
      return try evaluateComparison(first, rest, at: at)
    case .concatenation(let parts, let at):
      var rendered = RenderedText([])
      if autoescapes { return try concatenateMarkup(parts, at: at) }
      for part in parts {
        let operand = try evaluate(part)
        if case .omit = operand { continue }
        rendered.append(
          try placing(at) { () throws(TemplateError) in try piece(of: operand) })
      }
      return .value(try grown(rendered.value))
    default: return .null
    }
  }

  private func evaluate(
    _ operation: BinaryOperator, _ left: ExpressionNode, _ right: ExpressionNode, at offset: Int
  ) throws(TemplateError) -> Operand {
    let operand = try evaluate(left)
    if case .object(let time as any TimeObject) = operand,
      let result = time.combine(operation, try evaluate(right))
    {
      return result
    }
    let first = try required(operand)
    let isFormat = operation == .modulo && first.unmarked().isText
    let second = isFormat ? try evaluateValue(right) : try evaluateOperand(right)
    if case .int(let one) = first, case .int(let other) = second {
      // Sums that fit are the most frequent; all else, and what is too large, is below.
      if operation == .add {
        let (sum, isTooLarge) = one.addingReportingOverflow(other)
        if !isTooLarge { return .value(.int(sum)) }
      }
      return try placing(offset) { () throws(TemplateError) in
        .value(try Arithmetic.apply(operation, first, second))
      }
    }
    if first.marks.contains(.markup) || second.marks.contains(.markup) {
      return try placing(offset) { () throws(TemplateError) in
        try evaluateMarkup(operation, first, second)
      }
    }
    return try placing(offset) { () throws(TemplateError) in
      let result = try (isFormat ? Value.liftDeeply : Value.liftCarefully)([first, second]) {
        (operands) throws(TemplateError) -> Value in
        if isFormat, case .string(let format) = operands[0] {
          return .string(try PercentFormat.apply(format, operands[1]))
        }
        return try Arithmetic.apply(operation, operands[0], operands[1])
      }
      if case .string(let text) = result.unmarked() { try session.grow(by: text.utf8.count) }
      return .value(result)
    }
  }

  private func evaluateComparison(
    _ first: ExpressionNode, _ rest: [(ComparisonOperator, ExpressionNode)], at offset: Int
  ) throws(TemplateError) -> Operand {
    var left = try evaluate(first)
    var result = Operand.value(.bool(true))
    for (comparison, node) in rest {
      let right = try evaluate(node)
      result = try placing(offset) { () throws(TemplateError) in
        try compare(left, comparison, right)
      }
      guard case .known(true, _) = try truth(of: result) else { return result }
      left = right
    }
    return result
  }

  private func compare(
    _ left: Operand, _ comparison: ComparisonOperator, _ right: Operand
  ) throws(TemplateError) -> Operand {
    if comparison == .contained || comparison == .notContained,
      case .object(let object as ScopeObject) = right
    {
      let name = try value(of: left)
      let found = try object.contains(name)
      return .value(.bool(found == (comparison == .contained)))
    }
    if case .value(let one) = left, case .value(let other) = right, one.isScalar, other.isScalar {
      return .value(.bool(try Comparison.apply(comparison, one, other)))
    }
    if let answer = try compareUndefined(left, comparison, right) {
      return .value(.bool(answer))
    }
    let operands = [try value(of: left), try value(of: right)]
    return .value(
      try Value.liftDeeply(operands) { (operands) throws(TemplateError) in
        .bool(try Comparison.apply(comparison, operands[0], operands[1]))
      })
  }
}

extension Evaluator {
  /// The value of what an operator stands beside; something undefined is an error of any kind.
  private func evaluateOperand(_ node: ExpressionNode) throws(TemplateError) -> Value {
    try required(try evaluate(node))
  }

  private func required(_ operand: Operand) throws(TemplateError) -> Value {
    if case .undefined(let undefined) = operand { throw error(for: undefined) }
    return try value(of: operand)
  }

  /// Comparisons with something undefined that is no error; nil for all others.
  private func compareUndefined(
    _ left: Operand, _ comparison: ComparisonOperator, _ right: Operand
  ) throws(TemplateError) -> Bool? {
    if isStrict {
      if !dialect.isAnsible, case .undefined = left, case .value(.string) = right,
        comparison == .contained || comparison == .notContained
      {
        throw TemplateError(
          .type, "'in <string>' requires string as left operand, not \(dialect.undefinedName)")
      }
      return nil
    }
    switch (left, comparison, right) {
    case (.undefined, .equal, .undefined): return true
    case (.undefined, .equal, _), (_, .equal, .undefined): return false
    case (.undefined, .notEqual, .undefined): return false
    case (.undefined, .notEqual, _), (_, .notEqual, .undefined): return true
    case (_, .contained, .undefined): return false
    case (_, .notContained, .undefined): return true
    case (.undefined, .contained, _), (.undefined, .notContained, _):
      if case .value(.string) = right {
        throw TemplateError(
          .type, "'in <string>' requires string as left operand, not \(dialect.undefinedName)")
      }
      return comparison == .notContained
    case (.undefined(let undefined), _, _), (_, _, .undefined(let undefined)):
      throw error(for: undefined)
    default: return nil
    }
  }

  /// Counts the text of a value that was made.
  private func grown(_ value: Value) throws(TemplateError) -> Value {
    if case .string(let text) = value.unmarked() { try session.grow(by: text.utf8.count) }
    return value
  }

  /// `a ~ b` where output is escaped: HTML as soon as one part is.
  private func concatenateMarkup(
    _ parts: [ExpressionNode], at offset: Int
  ) throws(TemplateError) -> Operand {
    var operands: [Operand] = []
    for part in parts { operands.append(try evaluate(part)) }
    // Jinja2 joins constants when it compiles, as plain text.
    let isMarkup = operands.contains(where: \.isMarkup) && !parts.allSatisfy(\.isConstant)
    autoescapes = isMarkup
    defer { autoescapes = true }
    var rendered = RenderedText([])
    for operand in operands {
      rendered.append(try placing(offset) { () throws(TemplateError) in try piece(of: operand) })
    }
    let value = try grown(rendered.value)
    return .value(isMarkup ? value.marked(.markup) : value)
  }

  /// Operators where a side is HTML already: the other side is escaped.
  private func evaluateMarkup(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(TemplateError) -> Operand {
    var operands = [left, right]
    switch operation {
    case .add where left.unmarked().isText && right.unmarked().isText:
      operands = operands.map(Markup.html)
    case .modulo where left.marks.contains(.markup):
      operands[1] = Markup.escapedArguments(right)
    default: break
    }
    let result = try Value.liftDeeply(operands.map(\.withoutMarkup)) {
      (operands) throws(TemplateError) -> Value in
      if operation == .modulo, case .string(let format) = operands[0] {
        return .string(try PercentFormat.apply(format, operands[1]))
      }
      return try Arithmetic.apply(operation, operands[0], operands[1])
    }
    return .value(result.htmlText)
  }
}

extension Operand {
  /// The operand with marks added to its value.
  func marked(_ marks: Marks) -> Operand {
    if marks.isEmpty { return self }
    switch self {
    case .value(let value): return .value(value.marked(marks))
    case .sequence(let operands): return .sequence(operands.map { $0.marked(marks) })
    default: return self
    }
  }
}
