internal import Values

enum ComparisonOperator: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case contained = "in"
  case notContained = "not in"
}

/// `a < b`, and chains such as `a < b <= c`.
final class ComparisonNode: ExpressionNode {
  private let first: any ExpressionNode
  private let rest: [(ComparisonOperator, any ExpressionNode)]
  private let at: Int

  init(
    _ first: any ExpressionNode, _ rest: [(ComparisonOperator, any ExpressionNode)],
    at offset: Int
  ) {
    self.first = first
    self.rest = rest
    at = offset
  }

  var offset: Int? { first.start ?? at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    var left = try first.evaluate(evaluator)
    var result = Operand.value(.bool(true))
    for (comparison, node) in rest {
      let right = try node.evaluate(evaluator)
      do throws(TemplateError) {
        result = try evaluator.compare(left, comparison, right)
      } catch {
        throw evaluator.placed(error, at: at)
      }
      if rest.count == 1 { return result }
      guard case .known(true, _) = try evaluator.truth(of: result) else { return result }
      left = right
    }
    return result
  }

  func truth(_ evaluator: Evaluator) throws(TemplateError) -> Evaluator.Truth {
    let operand = try evaluate(evaluator)
    if case .value(.bool(let answer)) = operand { return .known(answer, .none) }
    return try evaluator.truth(of: operand)
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(first)
    for (_, node) in rest { walker.walk(node) }
  }
}

extension Evaluator {
  fileprivate func compare(
    _ left: Operand, _ comparison: ComparisonOperator, _ right: Operand
  ) throws(TemplateError) -> Operand {
    if case .value(let one) = left, case .value(let other) = right, one.isScalar, other.isScalar {
      if case .int(let one) = one, case .int(let other) = other,
        let answer = comparison.compare(one, other)
      {
        return .value(.bool(answer))
      }
      return .value(.bool(try Comparison.apply(comparison, one, other)))
    }
    if comparison == .contained || comparison == .notContained,
      case .object(let object as ScopeObject) = right
    {
      let name = try value(of: left)
      let found = try object.contains(name)
      return .value(.bool(found == (comparison == .contained)))
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
}

extension ComparisonOperator {
  /// The answer for whole numbers; nil for `in`.
  fileprivate func compare(_ one: Int, _ other: Int) -> Bool? {
    switch self {
    case .equal: one == other
    case .notEqual: one != other
    case .less: one < other
    case .lessOrEqual: one <= other
    case .greater: one > other
    case .greaterOrEqual: one >= other
    case .contained, .notContained: nil
    }
  }
}
