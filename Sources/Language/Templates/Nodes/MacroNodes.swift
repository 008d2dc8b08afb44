/// `{% macro %}`, and the body of `{% call %}`.
final class MacroNode: StatementNode {
  let name: Name
  let parameters: [(name: Name, defaultValue: (any ExpressionNode)?)]
  let body: Body
  let offset: Int
  /// Whether the body speaks of the arguments that no parameter takes, and of the caller's block.
  let usesVarargs: Bool
  let usesKwargs: Bool
  let usesCaller: Bool

  init(
    _ name: String, _ parameters: [(name: Name, defaultValue: (any ExpressionNode)?)],
    body: Body, at offset: Int
  ) {
    let used = NameCollector.names(in: body)
    usesVarargs = used.contains("varargs")
    usesKwargs = used.contains("kwargs")
    usesCaller = used.contains("caller")
    self.name = Name(name)
    self.parameters = parameters
    self.body = body
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    evaluator.frame[name] = .object(Macro(self, definedIn: evaluator))
    return .normal
  }

  func walk(_ walker: TreeWalker) {
    for parameter in parameters { if let node = parameter.defaultValue { walker.walk(node) } }
    walker.walk(body)
  }
}

/// `{% call callee(arguments) %}…{% endcall %}`.
final class CallBlockNode: StatementNode {
  private let called: CallNode
  private let caller: MacroNode

  init(_ called: CallNode, caller: MacroNode) {
    self.called = called
    self.caller = caller
  }

  var offset: Int { called.at }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    var arguments = try called.arguments.evaluate(evaluator)
    arguments.keyword.append(("caller", .object(Macro(caller, definedIn: evaluator))))
    let result = try evaluator.call(called.callee, arguments, at: offset)
    do throws(TemplateError) {
      try evaluator.output.write(result, evaluator)
    } catch {
      throw evaluator.placed(error, at: offset)
    }
    return .normal
  }

  func walk(_ walker: TreeWalker) {
    called.walk(walker)
    walker.walk([caller])
  }
}
