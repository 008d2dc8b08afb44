internal import Values

/// An expression of a template, parsed; `at` is an offset into the text, for errors.
indirect enum ExpressionNode: Sendable {
  case constant(Value)
  case name(String, at: Int)
  case list([ExpressionNode])
  case tuple([ExpressionNode])
  case dict([(key: ExpressionNode, value: ExpressionNode)])
  case attribute(ExpressionNode, String, at: Int)
  case element(ExpressionNode, ExpressionNode, at: Int)
  case slice(ExpressionNode, SliceNode, at: Int)
  case filter(ExpressionNode, LibraryName, ArgumentNodes, at: Int)
  case test(ExpressionNode, LibraryName, ArgumentNodes, at: Int)
  case call(ExpressionNode, ArgumentNodes, at: Int)
  case unary(UnaryOperator, ExpressionNode, at: Int)
  case binary(BinaryOperator, ExpressionNode, ExpressionNode, at: Int)
  case comparison(ExpressionNode, [(ComparisonOperator, ExpressionNode)], at: Int)
  case concatenation([ExpressionNode], at: Int)
  case and(ExpressionNode, ExpressionNode)
  case or(ExpressionNode, ExpressionNode)
  case not(ExpressionNode)
  case conditional(if: ExpressionNode, then: ExpressionNode, else: ExpressionNode?, at: Int)
}

/// `[start:stop:step]`.
struct SliceNode: Sendable {
  var start: ExpressionNode?
  var stop: ExpressionNode?
  var step: ExpressionNode?
}

/// What stands between the parentheses of a call.
struct ArgumentNodes: Sendable {
  var positional: [ExpressionNode] = []
  var keyword: [(name: String, value: ExpressionNode)] = []
  /// `*list` and `**dict`.
  var spreadList: ExpressionNode?
  var spreadDict: ExpressionNode?

  static let none = ArgumentNodes()
}

enum UnaryOperator: String, Sendable {
  case negate = "-"
  case plus = "+"
}

enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
}

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

/// What a value is assigned to.
indirect enum TargetNode: Sendable {
  case name(String)
  /// `ns.attribute`, where `ns` is a namespace.
  case attribute(String, String, at: Int)
  case tuple([TargetNode], at: Int)

  /// Every name that is set.
  var names: [String] {
    switch self {
    case .name(let name): [name]
    case .attribute: []
    case .tuple(let targets, _): targets.flatMap(\.names)
    }
  }
}

/// A statement of a template, parsed.
indirect enum StatementNode: Sendable {
  case text(String)
  case output(ExpressionNode, at: Int)
  case conditional([(test: ExpressionNode, body: [StatementNode])], else: [StatementNode], at: Int)
  case loop(LoopNode)
  case set(TargetNode, ExpressionNode, at: Int)
  /// `{% set x %}…{% endset %}`; `filtered` are filters around the name `LoopNode.bodyName`.
  case setBlock(TargetNode, filtered: ExpressionNode, [StatementNode], at: Int)
  case with([(TargetNode, ExpressionNode)], [StatementNode], at: Int)
  case filtered(ExpressionNode, [StatementNode], at: Int)
  case macro(MacroNode)
  case callBlock(ExpressionNode, ArgumentNodes, caller: MacroNode, at: Int)
  case include(ExpressionNode, ignoresMissing: Bool, withContext: Bool, at: Int)
  case importTemplate(ExpressionNode, as: String, withContext: Bool, at: Int)
  case importNames(ExpressionNode, [(name: String, alias: String)], withContext: Bool, at: Int)
  case extends(ExpressionNode, at: Int)
  case block(BlockNode)
  case scoped([StatementNode])
  case autoescape(ExpressionNode, [StatementNode])
  case evaluate(ExpressionNode)
  case breakLoop(at: Int)
  case continueLoop(at: Int)

  /// The name that a block's text has for the filters around it; no template can write it.
  static let bodyName = "<body>"
}

/// `{% for %}`.
final class LoopNode: Sendable {
  let target: TargetNode
  let iterable: ExpressionNode
  let filter: ExpressionNode?
  let isRecursive: Bool
  let body: [StatementNode]
  let otherwise: [StatementNode]
  let offset: Int

  init(
    _ target: TargetNode, in iterable: ExpressionNode, if filter: ExpressionNode?,
    isRecursive: Bool, body: [StatementNode], else otherwise: [StatementNode], at offset: Int
  ) {
    self.target = target
    self.iterable = iterable
    self.filter = filter
    self.isRecursive = isRecursive
    self.body = body
    self.otherwise = otherwise
    self.offset = offset
  }
}

/// `{% macro %}`, and the body of `{% call %}`.
final class MacroNode: Sendable {
  let name: String
  let parameters: [(name: String, defaultValue: ExpressionNode?)]
  let body: [StatementNode]
  let offset: Int
  /// Whether the body speaks of the arguments that no parameter takes, and of the caller's block.
  let usesVarargs: Bool
  let usesKwargs: Bool
  let usesCaller: Bool

  init(
    _ name: String, _ parameters: [(name: String, defaultValue: ExpressionNode?)],
    body: [StatementNode], at offset: Int
  ) {
    let used = NameCollector.names(in: body)
    usesVarargs = used.contains("varargs")
    usesKwargs = used.contains("kwargs")
    usesCaller = used.contains("caller")
    self.name = name
    self.parameters = parameters
    self.body = body
    self.offset = offset
  }
}

/// `{% block %}`.
final class BlockNode: Sendable {
  let name: String
  let isScoped: Bool
  let isRequired: Bool
  let body: [StatementNode]
  let offset: Int

  init(
    _ name: String, isScoped: Bool, isRequired: Bool, body: [StatementNode], at offset: Int
  ) {
    self.name = name
    self.isScoped = isScoped
    self.isRequired = isRequired
    self.body = body
    self.offset = offset
  }
}
