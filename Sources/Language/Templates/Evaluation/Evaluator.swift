internal import Diagnostics
internal import Values

/// Walks the tree of one template in one scope.
final class Evaluator {
  /// The template that the tree at hand comes from.
  var template: Template
  let context: ScopeContext
  let session: Session
  let isStrict: Bool
  var frame = Frame(in: nil)
  var output = Output()
  /// The definitions of each block, the innermost child's first.
  var blocks: [String: [BlockDefinition]] = [:]
  /// The template that this one extends.
  var parent: Template?

  /// A block, and the template whose tree it is in.
  struct BlockDefinition {
    var node: BlockNode
    var template: Template
  }

  init(_ template: Template, _ context: ScopeContext, _ session: Session, isStrict: Bool) {
    self.template = template
    self.context = context
    self.session = session
    self.isStrict = isStrict
  }

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
    case .statements(let statements): try run(statements)
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
      output = Output()
      register(statements, of: parent)
      _ = try execute(statements)
    }
  }

  // MARK: Values

  /// The value of an operand; what is undefined is an error, what is omitted too.
  func value(of operand: Operand) throws(TemplateError) -> Value {
    switch operand {
    case .value(let value): return value
    case .undefined(let undefined):
      if !isStrict { return .string("") }
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
    case .value(let value):
      if let unknown = value.firstUnknown { return .unknown(unknown) }
      if case .string(let text) = value { return .known(text) }
      let text = PythonText.str(value.unmarkedDeeply())
      try session.grow(by: text.utf8.count)
      return value.marksDeeply.contains(.secret) ? .secret(text) : .known(text)
    case .object(let object as any PrintableObject): return .known(object.text)
    case .omit: return .known("")
    default: return try piece(of: .value(try value(of: operand)))
    }
  }

  /// The error that using something undefined is.
  func error(for undefined: Undefined) -> TemplateError {
    undefined.error { self.context.variables.names }
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
    output = Output()
    defer { output = outer }
    try body()
    let captured = output
    // A block that prints nothing is empty text, not none.
    return captured.count == 0 ? .value(.string("")) : try captured.result(self)
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
