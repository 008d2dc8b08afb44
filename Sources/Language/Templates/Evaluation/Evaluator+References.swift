internal import Diagnostics
internal import Values

/// Statements that name other templates, and blocks.
extension Evaluator {
  func executeReference(_ statement: StatementNode) throws(TemplateError) {
    switch statement {
    case .include(let name, let ignoresMissing, let withContext, let at):
      try placing(at) { () throws(TemplateError) in
        try include(name, ignoresMissing: ignoresMissing, withContext: withContext)
      }
    case .importTemplate(let name, let alias, let withContext, let at):
      try placing(at) { () throws(TemplateError) in
        let module = try importTemplate(name, withContext: withContext)
        frame.names[alias] = .object(module)
      }
    case .importNames(let name, let names, let withContext, let at):
      try placing(at) { () throws(TemplateError) in
        let module = try importTemplate(name, withContext: withContext)
        for (name, alias) in names {
          frame.names[alias] =
            try module.attribute(name, self)
            ?? undefined("the template has no name '\(name)' to import", at: at)
        }
      }
    case .extends(let name, let at):
      try placing(at) { () throws(TemplateError) in
        if parent != nil { throw TemplateError(.other, "extended multiple times") }
        parent = try find(try evaluateValue(name), ignoresMissing: false)
        if case .statements(let statements) = try template.tree() {
          register(statements, of: template)
        }
      }
    case .block(let node): try executeBlock(node)
    default: break
    }
  }

  /// The template that a name or the first of a list of names leads to.
  private func find(_ name: Value, ignoresMissing: Bool) throws(TemplateError) -> Template? {
    var names: [String] = []
    switch name.unmarked() {
    case .string(let one): names = [one]
    case .list(let several): names = several.compactMap { $0.unmarkedDeeply().text }
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
    throw TemplateError(
      .other, names.count == 1 ? "no template `\(names[0])`" : "none of the templates \(names)",
      help: "template files are looked for in `templates/` of the role and beside the playbook")
  }

  private func include(
    _ node: ExpressionNode, ignoresMissing: Bool, withContext: Bool
  ) throws(TemplateError) {
    let name = try evaluateValue(node)
    if case .unknown = name.unmarked() { return try output.write(.value(name), self) }
    guard let included = try find(name, ignoresMissing: ignoresMissing) else { return }
    try session.descend { () throws(TemplateError) in
      let evaluator = Evaluator(included, context, session, isStrict: isStrict)
      evaluator.frame = Frame(in: withContext ? frame : nil)
      let rendered: RenderedText
      do throws(TemplateError) {
        rendered = try evaluator.text()
      } catch {
        var error = error
        error.notes.append(
          .init("included here", at: template.range))
        throw error
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

  private func importTemplate(
    _ node: ExpressionNode, withContext: Bool
  ) throws(TemplateError) -> ImportedTemplate {
    guard let imported = try find(try evaluateValue(node), ignoresMissing: false) else {
      throw TemplateError(.other, "no template")
    }
    return try session.descend { () throws(TemplateError) in
      let evaluator = Evaluator(imported, context, session, isStrict: isStrict)
      evaluator.frame = Frame(in: withContext ? frame : nil)
      if case .statements(let statements) = try imported.tree() {
        _ = try evaluator.execute(statements)
      }
      return ImportedTemplate(evaluator.frame)
    }
  }

  // MARK: Blocks

  /// Notes the blocks of a template behind those of the templates that extend it.
  func register(_ statements: [StatementNode], of template: Template) {
    TreeWalker.blocks(in: statements) { node in
      blocks[node.name, default: []].append(BlockDefinition(node: node, template: template))
    }
  }

  private func executeBlock(_ node: BlockNode) throws(TemplateError) {
    // In a child template only what the parent's blocks call is printed.
    if parent != nil { return }
    let definitions =
      blocks[node.name] ?? [BlockDefinition(node: node, template: template)]
    try execute(definitions[...], scopedBy: node)
  }

  private func execute(
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
    frame = Frame(in: outer)
    let rest = definitions.dropFirst()
    if !rest.isEmpty {
      frame.names["super"] = .object(
        Function("super") { (_, evaluator) throws(TemplateError) -> Operand in
          try evaluator.capturing { () throws(TemplateError) in
            try evaluator.execute(rest, scopedBy: outermost)
          }
        })
    }
    try session.descend { () throws(TemplateError) in _ = try execute(definition.node.body) }
  }
}
