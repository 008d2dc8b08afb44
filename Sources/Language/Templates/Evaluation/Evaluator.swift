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
    case .expression(let expression): return try evaluate(expression)
    case .statements(let statements):
      try run(statements)
      if template.options.form == .text { return .value(try output.text(self).value) }
      return try output.result(self)
    }
  }

  /// The template's text, with its unknown and secret parts told apart.
  func text() throws(TemplateError) -> RenderedText {
    switch try template.tree() {
    case .expression(let expression):
      try output.write(try evaluate(expression), self)
    case .statements(let statements):
      try run(statements)
    }
    let text = try output.text(self)
    return template.options.marks.contains(.secret) ? text.secret : text
  }

  private func run(_ statements: [StatementNode]) throws(TemplateError) {
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
      guard case .statements(let statements) = try parent.tree() else { return }
      template = parent
      output = printed ?? Output(keepsType: false)
      printed = nil
      register(statements, of: parent)
      _ = try execute(statements)
    }
  }

  /// Notes that what is printed from here on is dropped, and that another template comes after.
  func extend(_ parent: Template) throws(TemplateError) {
    self.parent = parent
    printed = output
    output = Output(keepsType: false)
    if case .statements(let statements) = try template.tree() {
      register(statements, of: template)
    }
  }

  /// Notes the blocks of a template behind those of the templates that extend it.
  func register(_ statements: [StatementNode], of template: Template) {
    guard registered.insert(ObjectIdentifier(template)).inserted else { return }
    TreeWalker.blocks(in: statements) { node in
      blocks[node.name, default: []].append(BlockDefinition(node: node, template: template))
    }
  }

  // MARK: Values

  /// The value of an operand; what is undefined is an error, what is omitted too.
  func value(of operand: Operand) throws(TemplateError) -> Value {
    switch operand {
    case .value(let value): return value
    case .undefined(let undefined):
      if !isStrict || undefined.isSilent && !dialect.isAnsible { return .string("") }
      throw error(for: undefined)
    case .omit: throw TemplateError(.omitted, "A template was resolved to an Omit scalar.")
    case .sequence(let operands):
      var values: [Value] = []
      for operand in operands {
        if case .omit = operand { continue }
        values.append(try value(of: operand))
      }
      return .list(values)
    case .object(let object): return try object.value(self)
    }
  }

  /// What an operand prints as.
  func piece(of operand: Operand) throws(TemplateError) -> RenderedText.Piece {
    switch operand {
    case .value(.string(let text)): return .known(autoescapes ? Markup.escape(text) : text)
    case .value(.int(let number)): return .known(String(number))
    case .value(let value): return try piece(of: value)
    case .object(let object as any PrintableObject):
      return .known(autoescapes ? Markup.escape(object.text) : object.text)
    case .omit: return .known("")
    case .undefined(let undefined) where !isStrict || undefined.isSilent: return .known("")
    case .sequence(let operands) where !dialect.isAnsible:
      return .known("[" + (try texts(of: operands)).joined(separator: ", ") + "]")
    default: return try piece(of: try value(of: operand))
    }
  }

  private func piece(of value: Value) throws(TemplateError) -> RenderedText.Piece {
    if let unknown = value.firstUnknown { return .unknown(unknown) }
    let marks = value.marksDeeply
    let data = dialect.isAnsible ? value.withoutTuples : value
    var text = PythonText.str(marks.contains(.secret) ? data.unmarkedDeeply() : data)
    if autoescapes, !value.marks.contains(.markup) { text = Markup.escape(text) }
    try session.grow(by: text.utf8.count)
    return marks.contains(.secret) ? .secret(text) : .known(text)
  }

  private func texts(of operands: [Operand]) throws(TemplateError) -> [String] {
    var texts: [String] = []
    for operand in operands { texts.append(try representation(of: operand)) }
    return texts
  }

  /// What Python's `repr` makes of an operand.
  private func representation(of operand: Operand) throws(TemplateError) -> String {
    switch operand {
    case .undefined: return "Undefined"
    case .object(let object as any PrintableObject): return object.text
    default: return PythonText.repr(try value(of: operand))
    }
  }

  /// The error that using something undefined is.
  func error(for undefined: Undefined) -> TemplateError {
    undefined.error { self.context.variables.names }
  }

  /// What an `if` without `else` gives where it is false.
  func withoutElse(at offset: Int) -> Operand {
    .undefined(
      Undefined(
        message: dialect.isAnsible
          ? "the inline if-expression evaluated to false and no else section was defined."
          : "the inline if-expression on line \(template.line(of: offset)) evaluated to false and "
            + "no else section was defined.",
        template: template, offset: offset, isSilent: true))
  }

  /// Something undefined, with the place of its use.
  func undefined(_ message: String, name: String? = nil, at offset: Int) -> Operand {
    .undefined(Undefined(message: message, name: name, template: template, offset: offset))
  }

  /// Truth as Python has it; an unknown has none.
  func truth(of operand: Operand) throws(TemplateError) -> Truth {
    switch operand {
    case .value(let value):
      if case .unknown(let unknown) = value.unmarked() { return .unknown(unknown, value.marks) }
      return .known(value.isTruthy, value.marks)
    case .sequence(let operands): return .known(!operands.isEmpty, [])
    case .object(let object as any LazyCollection): return .known(!object.isEmpty, [])
    case .object, .omit: return .known(true, [])
    case .undefined(let undefined):
      if undefined.isSilent || !isStrict { return .known(false, []) }
      throw error(for: undefined)
    }
  }

  /// Whether something is true, where only `apply` may be able to tell.
  enum Truth {
    case known(Bool, Marks)
    case unknown(Unknown, Marks)
  }

  // MARK: Places

  /// Runs `body`; its error gets the place at `offset`, if it has none.
  func placing<Result>(
    _ offset: Int, _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    do throws(TemplateError) {
      return try body()
    } catch {
      if error.range != nil { throw error }
      var placed = error
      placed.range = template.place(of: offset)
      throw placed
    }
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

  /// Counts one level of an expression's recursion.
  func nested<Result>(
    _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    session.nesting += 1
    defer { session.nesting -= 1 }
    if session.nesting > Session.nestingLimit {
      throw TemplateError(.limit, "expressions are nested too deep")
    }
    return try body()
  }
}

/// An object that can be printed.
protocol PrintableObject: TemplateObject {
  var text: String { get }
}
