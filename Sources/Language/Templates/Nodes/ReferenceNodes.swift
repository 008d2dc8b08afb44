/// `{% include name %}`.
final class IncludeNode: StatementNode {
  private let name: any ExpressionNode
  private let ignoresMissing: Bool
  private let withContext: Bool
  let offset: Int

  init(
    _ name: any ExpressionNode, ignoresMissing: Bool, withContext: Bool, at offset: Int
  ) {
    self.name = name
    self.ignoresMissing = ignoresMissing
    self.withContext = withContext
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try evaluator.placing(offset) { () throws(TemplateError) in
      try evaluator.include(
        name, ignoresMissing: ignoresMissing, withContext: withContext, at: offset)
    }
    return .normal
  }

  func walk(_ walker: TreeWalker) { walker.walk(name) }
}

/// `{% import name as alias %}`.
final class ImportNode: StatementNode {
  private let name: any ExpressionNode
  private let alias: Name
  private let withContext: Bool
  let offset: Int

  init(_ name: any ExpressionNode, as alias: String, withContext: Bool, at offset: Int) {
    self.name = name
    self.alias = Name(alias)
    self.withContext = withContext
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try evaluator.placing(offset) { () throws(TemplateError) in
      evaluator.frame[alias] = .object(
        try evaluator.importTemplate(name, withContext: withContext, at: offset))
    }
    return .normal
  }

  func walk(_ walker: TreeWalker) { walker.walk(name) }
}

/// `{% from name import a, b as c %}`.
final class ImportNamesNode: StatementNode {
  private let name: any ExpressionNode
  private let names: [(name: String, alias: String)]
  private let withContext: Bool
  let offset: Int

  init(
    _ name: any ExpressionNode, _ names: [(name: String, alias: String)], withContext: Bool,
    at offset: Int
  ) {
    self.name = name
    self.names = names
    self.withContext = withContext
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try evaluator.placing(offset) { () throws(TemplateError) in
      let module = try evaluator.importTemplate(name, withContext: withContext, at: offset)
      for (name, alias) in names {
        evaluator.frame[Name(alias)] =
          try module.attribute(name, evaluator)
          ?? evaluator.undefined(missing(name, in: module, evaluator), at: offset)
      }
    }
    return .normal
  }

  private func missing(
    _ name: String, in module: ImportedTemplate, _ evaluator: Evaluator
  ) -> String {
    "the template '\(module.name)' (imported on line \(evaluator.template.line(of: offset))) "
      + "does not export the requested name '\(name)'"
  }

  func walk(_ walker: TreeWalker) { walker.walk(name) }
}

/// `{% extends name %}`.
final class ExtendsNode: StatementNode {
  private let name: any ExpressionNode
  let offset: Int

  init(_ name: any ExpressionNode, at offset: Int) {
    self.name = name
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try evaluator.placing(offset) { () throws(TemplateError) in
      if evaluator.parent != nil { throw TemplateError(.other, "extended multiple times") }
      if let found = try evaluator.find(name, ignoresMissing: false, mayBeList: false) {
        try evaluator.extend(found)
      }
    }
    return .normal
  }

  func walk(_ walker: TreeWalker) { walker.walk(name) }
}

/// `{% block %}`.
final class BlockNode: StatementNode {
  let name: String
  let isScoped: Bool
  let isRequired: Bool
  /// Whether anything in it may look for `super`.
  let usesSuper: Bool
  let body: Body
  let offset: Int

  init(
    _ name: String, isScoped: Bool, isRequired: Bool, usesSuper: Bool, body: Body, at offset: Int
  ) {
    self.name = name
    self.isScoped = isScoped
    self.isRequired = isRequired
    self.usesSuper = usesSuper
    self.body = body
    self.offset = offset
  }

  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow {
    try evaluator.execute(self)
    return .normal
  }

  func walk(_ walker: TreeWalker) { walker.walk(body) }
}
