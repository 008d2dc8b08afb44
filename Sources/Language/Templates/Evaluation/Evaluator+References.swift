internal import Diagnostics
internal import Values

/// Statements that name other templates, and blocks.
extension Evaluator {
  /// The template that a name or the first of a list of names leads to.
  func find(
    _ node: any ExpressionNode, ignoresMissing: Bool, mayBeList: Bool
  ) throws(TemplateError) -> Template? {
    let operand = try node.evaluate(self)
    if case .undefined(let undefined) = operand { throw error(for: undefined) }
    return try find(try value(of: operand), ignoresMissing: ignoresMissing, mayBeList: mayBeList)
  }

  private func find(
    _ name: Value, ignoresMissing: Bool, mayBeList: Bool = true
  ) throws(TemplateError) -> Template? {
    var names: [String] = []
    switch name.unmarked() {
    case .string(let one): names = [one]
    case .list(let several), .tuple(let several):
      names = several.compactMap { $0.unmarkedDeeply().text }
    case .null where !dialect.isAnsible: break
    case let other where !dialect.isAnsible && !mayBeList:
      throw TemplateError(.other, PythonText.str(other))
    case let other where !dialect.isAnsible:
      throw TemplateError(.type, "'\(other.pythonTypeName)' object is not iterable")
    default:
      throw TemplateError(.type, "a template's name is text, not '\(name.pythonTypeName)'")
    }
    for name in names {
      if let path = session.resources.locate(name, in: "templates") {
        var options = template.options
        options.form = .text
        return try session.file(path, options: options)
      }
    }
    if ignoresMissing { return nil }
    if !dialect.isAnsible { throw TemplateError(.other, notFound(names)) }
    throw TemplateError(
      .other, names.count == 1 ? "no template `\(names[0])`" : "none of the templates \(names)",
      help: "template files are looked for in `templates/` of the role and beside the playbook")
  }

  /// Jinja2's words for templates that aren't there.
  private func notFound(_ names: [String]) -> String {
    if names.count == 1 { return names[0] }
    if names.isEmpty { return "Tried to select from an empty list of templates." }
    return "none of the templates given were found: " + names.joined(separator: ", ")
  }

  /// Runs `body`; an error in it is told with the place of what led there.
  private func noting<Result>(
    _ words: String, at offset: Int, _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    do throws(TemplateError) {
      return try body()
    } catch {
      var error = error
      error.notes.append(.init(words, at: template.place(of: offset)))
      throw error
    }
  }

  /// Prints what another template prints.
  func include(
    _ node: any ExpressionNode, ignoresMissing: Bool, withContext: Bool, at offset: Int
  ) throws(TemplateError) {
    let operand = try node.evaluate(self)
    if case .undefined(let undefined) = operand { throw error(for: undefined) }
    let name = try value(of: operand)
    if case .unknown = name.unmarked() { return try output.write(.value(name), self) }
    guard let included = try find(name, ignoresMissing: ignoresMissing) else { return }
    try session.descend { () throws(TemplateError) in
      let evaluator = Evaluator(included, withContext ? context : emptyContext, session)
      evaluator.autoescapes = autoescapes
      evaluator.top = Frame(in: withContext ? frame : nil)
      // An included template isn't part of the loop around it.
      if let loop = frame.lookUp(.loop), withContext, case .object(is LoopObject) = loop {
        evaluator.top[.loop] = undefined(.loop, at: 0)
      }
      let rendered = try noting("included here", at: offset) { () throws(TemplateError) in
        try evaluator.text()
      }
      for piece in rendered.pieces {
        switch piece {
        case .known(let text): try output.write(text, self)
        case .secret(let text):
          try output.write(.value(.string(text).marked(.secret)), self)
        case .unknown(let unknown): try output.write(.value(.unknown(unknown)), self)
        }
      }
    }
  }

  /// The names that another template sets.
  func importTemplate(
    _ node: any ExpressionNode, withContext: Bool, at offset: Int
  ) throws(TemplateError) -> ImportedTemplate {
    guard let imported = try find(node, ignoresMissing: false, mayBeList: false) else {
      throw TemplateError(.other, "no template")
    }
    return try session.descend { () throws(TemplateError) in
      let evaluator = Evaluator(imported, withContext ? context : emptyContext, session)
      // What is set here later, the imported macros don't see.
      evaluator.top = Frame(in: withContext ? frame.flattened : nil)
      let text = try noting("imported here", at: offset) { () throws(TemplateError) in
        try evaluator.text().value.unmarked().text ?? ""
      }
      return ImportedTemplate(evaluator.top, named: imported.range.file.path, text: text)
    }
  }

  /// What a template without context sees: the functions that every template has.
  private var emptyContext: ScopeContext {
    ScopeContext(NoVariables(), session: session)
  }

  // MARK: Blocks

  /// Prints what the innermost child's block of this name prints.
  func execute(_ node: BlockNode) throws(TemplateError) {
    // In a child template only what the parent's blocks call is printed.
    if parent != nil { return }
    if blocks[node.name] == nil { try register(template) }
    let definitions =
      blocks[node.name] ?? [BlockDefinition(node: node, template: template)]
    try execute(definitions[...], scopedBy: node)
  }

  func execute(
    _ definitions: ArraySlice<BlockDefinition>, scopedBy outermost: BlockNode
  ) throws(TemplateError) {
    guard let definition = definitions.first else { return }
    if definition.node.isRequired, definitions.count == 1, definition.node === outermost {
      throw TemplateError(
        .other, "Required block '\(definition.node.name)' not found",
        at: definition.template.place(of: definition.node.offset))
    }
    let (outer, current) = (frame, template)
    defer { (frame, template) = (outer, current) }
    template = definition.template
    // Only a block that says so sees the names of loops around it.
    frame = Frame(in: outermost.isScoped ? outer : top)
    let rest = definitions.dropFirst()
    if definition.node.usesSuper {
      frame[.super] =
        rest.isEmpty
        ? undefined(
          "there is no parent block called '\(definition.node.name)'.", name: "super",
          at: definition.node.offset)
        : .object(SuperReference(rest, of: outermost))
    }
    try session.descend { () throws(TemplateError) in _ = try execute(definition.node.body) }
  }
}

/// No variables at all.
private struct NoVariables: VariableSource {
  func variable(named name: String) -> Variable? { nil }

  var names: [String] { [] }
}
