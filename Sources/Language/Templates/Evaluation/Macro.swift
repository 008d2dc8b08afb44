internal import OrderedCollections
internal import Values

/// A macro, with the names around its definition.
final class Macro: PrintableObject {
  let typeName = "Macro"
  private let node: MacroNode
  private let template: Template
  private let definition: Frame
  private let context: ScopeContext

  /// A macro that is defined where an evaluator is now.
  init(_ node: MacroNode, definedIn evaluator: Evaluator) {
    self.node = node
    template = evaluator.template
    definition = evaluator.frame
    definition.hold()
    context = evaluator.context
  }

  var text: String { "<Macro \(PythonText.repr(node.name.text))>" }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    switch name {
    case "name": .value(.string(node.name.text))
    case "arguments": .value(.tuple(node.parameters.map { .string($0.name.text) }))
    case "catch_varargs": .value(.bool(node.usesVarargs))
    case "catch_kwargs": .value(.bool(node.usesKwargs))
    case "caller": .value(.bool(node.usesCaller))
    default: nil
    }
  }

  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand {
    try entered(arguments, evaluator) { () throws(TemplateError) in
      try evaluator.capturing { () throws(TemplateError) in
        _ = try evaluator.execute(node.body)
      }
    }
  }

  func write(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Bool {
    try entered(arguments, evaluator) { () throws(TemplateError) in
      _ = try evaluator.execute(node.body)
    }
    return true
  }

  /// Runs `body` where the macro was defined, with its parameters set.
  private func entered<Result>(
    _ arguments: Arguments, _ evaluator: Evaluator, _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    let (frame, template, context) = (evaluator.frame, evaluator.template, evaluator.context)
    evaluator.frame = Frame(in: definition)
    evaluator.template = self.template
    evaluator.context = self.context
    defer {
      evaluator.frame = frame
      evaluator.template = template
      evaluator.context = context
    }
    try bind(arguments, evaluator)
    return try body()
  }

  private func bind(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) {
    var rest = arguments
    let frame = evaluator.frame
    if node.usesCaller, !node.parameters.contains(where: { $0.name.text == "caller" }) {
      frame["caller"] =
        rest.take("caller")
        ?? evaluator.undefined("No caller defined", name: "caller", at: node.offset)
    }
    for (index, parameter) in node.parameters.enumerated() {
      if index < arguments.positional.count {
        frame[parameter.name] = arguments.positional[index]
      } else if let keyword = rest.take(parameter.name.text) {
        frame[parameter.name] = keyword
      } else if let standard = parameter.defaultValue {
        frame[parameter.name] = try standard.evaluate(evaluator)
      } else {
        frame[parameter.name] = evaluator.undefined(
          "parameter '\(parameter.name.text)' was not provided", name: parameter.name.text,
          at: node.offset)
      }
    }
    try bindSurplus(Array(arguments.positional.dropFirst(node.parameters.count)), rest, evaluator)
  }

  /// A macro takes more arguments than it names only if its body speaks of them.
  private func bindSurplus(
    _ more: [Operand], _ rest: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) {
    if node.usesKwargs {
      var dict = Value.Dictionary()
      for (name, operand) in rest.keyword { dict[.string(name)] = try evaluator.value(of: operand) }
      evaluator.frame["kwargs"] = .value(.dict(dict))
    } else if let first = rest.keyword.first {
      let isCaller = rest.keyword.contains { $0.name == "caller" }
      throw TemplateError(
        .type,
        isCaller
          ? "macro '\(node.name.text)' was invoked with two values for the special caller argument. "
            + "This is most likely a bug."
          : "macro '\(node.name.text)' takes no keyword argument '\(first.name)'")
    }
    if node.usesVarargs {
      guard case .value(.list(let values)) = Operand(list: more) else {
        evaluator.frame["varargs"] = .sequence(more)
        return
      }
      evaluator.frame["varargs"] = .value(.tuple(values))
    } else if !more.isEmpty {
      throw TemplateError(
        .type,
        "macro '\(node.name.text)' takes not more than \(node.parameters.count) argument(s)")
    }
  }
}
