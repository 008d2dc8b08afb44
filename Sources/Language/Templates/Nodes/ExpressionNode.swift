internal import Values

/// An expression of a template, parsed: it tells what it gives in a scope.
///
/// Nodes are classes: walking a tree of enumerations copies the payload of each node on the way.
protocol ExpressionNode: AnyObject, Sendable {
  /// Where the operation is that is done last, as an offset into the text: the place of errors,
  /// and Jinja2's line; nil for what can't fail.
  var offset: Int? { get }
  /// Where the expression begins, as far as nodes know; nil for constants.
  var start: Int? { get }
  /// What Jinja2 calls such a node where it can't be assigned to.
  var jinjaName: String { get }
  /// Whether Jinja2 computes this when it compiles the template.
  var isConstant: Bool { get }

  /// What it gives.
  func evaluate(_ evaluator: Evaluator) throws(TemplateError) -> Operand

  /// Whether what it gives is true.
  func truth(_ evaluator: Evaluator) throws(TemplateError) -> Evaluator.Truth

  /// Prints what it gives.
  func write(_ evaluator: Evaluator) throws(TemplateError)

  /// Shows a walker what it is made of, in the order of the text.
  func walk(_ walker: TreeWalker)
}

extension ExpressionNode {
  var start: Int? { offset }
  var jinjaName: String { "name" }
  var isConstant: Bool { false }

  func truth(_ evaluator: Evaluator) throws(TemplateError) -> Evaluator.Truth {
    try evaluator.truth(of: try evaluate(evaluator))
  }

  func write(_ evaluator: Evaluator) throws(TemplateError) {
    try evaluator.output.write(try evaluate(evaluator), evaluator)
  }

  func walk(_ walker: TreeWalker) {}

  /// What it gives as a value; what is undefined is an error where the dialect says so.
  func evaluateValue(_ evaluator: Evaluator) throws(TemplateError) -> Value {
    try evaluator.value(of: try evaluate(evaluator))
  }

  /// What it gives beside an operator; something undefined is an error of any kind.
  func evaluateOperand(_ evaluator: Evaluator) throws(TemplateError) -> Value {
    try evaluator.required(try evaluate(evaluator))
  }
}
