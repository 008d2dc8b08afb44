internal import Values

/// `input | name(arguments)`.
final class FilterNode: ExpressionNode {
  let name: LibraryName
  private let input: any ExpressionNode
  private let arguments: ArgumentNodes
  private let bound: BoundArguments?
  let at: Int

  init(
    _ input: any ExpressionNode, _ name: LibraryName, _ arguments: ArgumentNodes, at offset: Int
  ) {
    self.input = input
    self.name = name
    self.arguments = arguments
    bound = name.function?.bound(toConstants: arguments)
    at = offset
  }

  var offset: Int? { at }
  var isConstant: Bool { input.isConstant && arguments.positional.allSatisfy(\.isConstant) }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let operand = try input.evaluate(evaluator)
    if let bound, let filter = name.function {
      do throws(TemplateError) {
        if let result = try evaluator.applyAtOnce(filter, to: operand, bound) {
          return .value(result)
        }
      } catch {
        throw evaluator.placed(error, at: at)
      }
    }
    return try evaluator.applyFilter(
      name, to: operand, try arguments.evaluate(evaluator), at: at)
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(input)
    arguments.walk(walker)
  }
}

/// `input | default(standard)`: what a variable is that may not be there.
///
/// The most frequent filter of all needs neither a call nor an object for what isn't there.
final class DefaultFilterNode: ExpressionNode {
  private let input: any ExpressionNode
  private let standard: any ExpressionNode
  private let variable: Name?
  private let at: Int

  /// Nil where it is another filter, or where constants decide.
  init?(
    _ input: any ExpressionNode, _ name: LibraryName, _ arguments: ArgumentNodes, at offset: Int
  ) {
    guard let filter = name.function, DefaultFilters.isStandard(filter), !input.isConstant,
      arguments.positional.count <= 1, arguments.keyword.isEmpty, arguments.spreadList == nil,
      arguments.spreadDict == nil
    else { return nil }
    self.input = input
    standard = arguments.positional.first ?? ConstantNode("")
    variable = (input as? NameNode)?.name
    at = offset
  }

  var offset: Int? { at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    let operand: Operand?
    if let variable {
      operand = try evaluator.lookUpIfThere(variable, at: at)
    } else {
      operand = try input.evaluate(evaluator)
    }
    let standard = try standard.evaluate(evaluator)
    guard let operand else { return standard }
    if case .undefined = operand { return standard }
    return operand
  }

  func walk(_ walker: TreeWalker) { walker.walk([input, standard]) }
}

/// `input is name(arguments)`.
final class TestNode: ExpressionNode {
  let name: LibraryName
  let at: Int
  private let input: any ExpressionNode
  private let arguments: ArgumentNodes
  private let isOfVariable: Bool

  init(
    _ input: any ExpressionNode, _ name: LibraryName, _ arguments: ArgumentNodes, at offset: Int
  ) {
    self.input = input
    self.name = name
    self.arguments = arguments
    at = offset
    isOfVariable = input is NameNode
  }

  var offset: Int? { at }

  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    try evaluator.session.enter()
    defer { evaluator.session.leave() }
    do throws(TemplateError) {
      return try answer(evaluator)
    } catch {
      throw evaluator.placed(error, at: at)
    }
  }

  private func answer(_ evaluator: Evaluator) throws(TemplateError) -> Operand {
    guard let test = name.function else {
      throw evaluator.dialect.isAnsible
        ? TestLibrary.unknown(name.text)
        : TemplateError(.other, "No test named '\(name.text)' found.")
    }
    let operand = try input.evaluate(evaluator)
    if let asked = test.asksWhetherDefined, case .value = operand, isOfVariable,
      !operand.isMarkup
    {
      // A variable is there even if only `apply` can tell what it is.
      return .value(.bool(asked))
    }
    return try evaluator.applyTest(test, to: operand, arguments)
  }

  func walk(_ walker: TreeWalker) {
    walker.walk(input)
    arguments.walk(walker)
  }
}
