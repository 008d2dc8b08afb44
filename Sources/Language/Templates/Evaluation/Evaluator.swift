internal import Diagnostics
internal import Values

/// Walks the tree of one template in one scope.
final class Evaluator {
  /// The template that the tree at hand comes from.
  var template: Template
  var context: ScopeContext
  let session: Session
  let dialect: Dialect
  /// Whether what is printed here is escaped: the dialect's, or `{% autoescape %}`'s.
  var autoescapes: Bool
  var frame: Frame
  var output: Output
  /// The definitions of each block, the innermost child's first.
  var blocks: [String: [BlockDefinition]] = [:]
  /// The template that this one extends.
  var parent: Template?
  /// What was printed before `{% extends %}`: what comes behind it in a child is dropped.
  private var printed: Output?
  /// The names that the template itself has set, outside of any block.
  var top: Frame { didSet { frame = top } }
  /// The templates whose blocks are known, those of children first.
  private var registered: Set<ObjectIdentifier> = []

  /// A block, and the template whose tree it is in.
  struct BlockDefinition {
    var node: BlockNode
    var template: Template
  }

  init(_ template: Template, _ context: ScopeContext, _ session: Session) {
    self.template = template
    self.context = context
    self.session = session
    dialect = session.dialect
    autoescapes = session.dialect.autoescapes
    top = Frame(in: nil)
    frame = top
    output = Output(keepsType: session.dialect.isAnsible && template.options.form != .text)
  }

  /// Whether any use of something undefined is an error.
  var isStrict: Bool { dialect.undefined == .strict }

  // MARK: Results

  /// The template's result, with its type where the form keeps it.
  func result() throws(TemplateError) -> Operand {
    try unmarkedResult().marked(template.options.marks)
  }

  private func unmarkedResult() throws(TemplateError) -> Operand {
    switch try template.tree() {
    case .expression(let expression): return try expression.evaluate(self)
    case .statements(let statements, _):
      try run(statements)
      if template.options.form == .text { return .value(try output.text(self).value) }
      return try output.result(self)
    }
  }

  /// The template's text, with its unknown and secret parts told apart.
  func text() throws(TemplateError) -> RenderedText {
    switch try template.tree() {
    case .expression(let expression):
      try expression.write(self)
    case .statements(let statements, _):
      try run(statements)
    }
    let text = try output.text(self)
    return template.options.marks.contains(.secret) ? text.secret : text
  }

  private func run(_ statements: Body) throws(TemplateError) {
    _ = try execute(statements)
    try runParents()
  }

  /// Runs the templates that this one extends; what was printed so far is dropped.
  func runParents() throws(TemplateError) {
    let own = template
    defer { template = own }
    var generation = 0
    while let parent {
      self.parent = nil
      generation += 1
      guard generation < 50 else {
        throw TemplateError(.limit, "templates extend each other without end", at: own.range)
      }
      guard case .statements(let statements, _) = try parent.tree() else { return }
      template = parent
      output = printed ?? Output(keepsType: false)
      printed = nil
      try register(parent)
      _ = try execute(statements)
    }
  }

  /// Notes that what is printed from here on is dropped, and that another template comes after.
  func extend(_ parent: Template) throws(TemplateError) {
    self.parent = parent
    printed = output
    output = Output(keepsType: false)
    try register(template)
  }

  /// Notes the blocks of a template behind those of the templates that extend it.
  func register(_ template: Template) throws(TemplateError) {
    guard case .statements(_, let found) = try template.tree(),
      registered.insert(ObjectIdentifier(template)).inserted
    else { return }
    for node in found {
      blocks[node.name, default: []].append(BlockDefinition(node: node, template: template))
    }
  }

  // MARK: Places

  /// Runs `body`; its error gets the place at `offset`, if it has none.
  func placing<Result>(
    _ offset: Int, _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    do throws(TemplateError) {
      return try body()
    } catch {
      throw placed(error, at: offset)
    }
  }

  /// An error with the place at `offset`, if it has none.
  func placed(_ error: TemplateError, at offset: Int) -> TemplateError {
    if error.range != nil { return error }
    var placed = error
    placed.range = template.place(of: offset)
    return placed
  }

  /// Runs `body` in a block of its own.
  func scoped<Result>(
    _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    let outer = frame
    frame = Frame(in: outer)
    defer { frame = outer }
    return try body()
  }

  /// What `body` prints, with its type where it is one sole operand.
  func capturing(
    _ body: () throws(TemplateError) -> Void
  ) throws(TemplateError) -> Operand {
    let outer = output
    output = Output(keepsType: dialect.isAnsible && !autoescapes)
    defer { output = outer }
    try body()
    let captured = output
    if dialect.isAnsible, !autoescapes {
      // A block that prints nothing is empty text, not none.
      return captured.count == 0 ? .value(.string("")) : try captured.result(self)
    }
    let text = try captured.text(self).value
    return .value(autoescapes ? text.marked(.markup) : text)
  }
}

/// An object that can be printed.
protocol PrintableObject: TemplateObject {
  var text: String { get }
}
