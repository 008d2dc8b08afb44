package import Diagnostics
internal import Synchronization
package import Values

/// Text with Jinja2 in it, parsed once, at its first use.
package final class Template: Sendable {
  package let text: String
  package let range: SourceRange
  package let options: TemplateOptions
  /// What opens the text where it is closed until it is used.
  package let seal: Seal?
  private let parsed = Mutex<Result<Tree, TemplateError>?>(nil)

  /// What a template's text turned out to be.
  enum Tree: Sendable {
    case expression(any ExpressionNode)
    case statements(Body, blocks: [BlockNode])
  }

  /// A playbook's or a variable's text: its result keeps its type where it is one expression.
  package init(_ text: String, at range: SourceRange, options: TemplateOptions = .playbook) {
    self.text = text
    self.range = range
    self.options = options
    seal = nil
  }

  /// A text that means what the seal opens: no template, whatever it holds.
  package init(_ text: String, at range: SourceRange, seal: Seal, marks: Marks) {
    self.text = text
    self.range = range
    self.seal = seal
    var options = TemplateOptions.condition
    options.marks = marks
    self.options = options
  }

  /// The result in a scope; `TemplateError.Kind.omitted` where it is Ansible's `omit`.
  package func evaluate(in scope: Scope) throws(TemplateError) -> Value {
    if options.form == .text { return try render(in: scope).value }
    let evaluator = evaluator(in: scope)
    return try evaluator.value(of: try evaluator.result()).withoutTuples
  }

  /// The text in a scope, with its unknown and secret parts told apart: for a file's diff.
  package func render(in scope: Scope) throws(TemplateError) -> RenderedText {
    try wholeText(by: evaluator(in: scope))
  }

  /// A file's text ends in as many newlines as its template, as Ansible has it, even if
  /// `trimBlocks` took them.
  func wholeText(by evaluator: Evaluator) throws(TemplateError) -> RenderedText {
    var rendered = try evaluator.text()
    guard options.form == .text, options.keepsTrailingNewline, evaluator.dialect.isAnsible else {
      return rendered
    }
    let wanted = normalized.utf8.reversed().prefix { $0 == 10 }.count
    let missing = wanted - rendered.trailingNewlineCount
    if missing > 0 {
      rendered.append(.known(String(repeating: options.newline, count: missing)))
    }
    return rendered
  }

  /// Whether the result is true as Python has it.
  ///
  /// ansible-core 2.19 refuses conditions that aren't boolean; here `Scope.warn` is told instead,
  /// and the truth of the value counts, as in ansible-core up to 2.18.
  package func condition(in scope: Scope) throws(TemplateError) -> Condition {
    let value = try evaluate(in: scope)
    switch value.unmarked() {
    case .unknown(let unknown): return .unknown(unknown)
    default: return .known(value.truth(of: range, in: scope))
    }
  }

  /// The answer to a condition.
  package enum Condition: Hashable, Sendable {
    case known(Bool)
    /// Only `apply` can tell.
    case unknown(Unknown)
  }

  /// Parses and says what is wrong; also names unknown filters, tests and lookups.
  ///
  /// What is sealed stays so: that it can't be opened is told where it is used.
  package func check() throws(TemplateError) {
    if seal != nil { return }
    let tree = try tree()
    var failure: TemplateError?
    let walker = TreeWalker { node in
      if failure == nil { failure = Self.unknownName(in: node, of: self) }
    }
    switch tree {
    case .expression(let node): walker.walk(node)
    case .statements(let statements, _): walker.walk(statements)
    }
    if let failure { throw failure }
  }

  /// The error that a name of no filter, test or lookup is.
  private static func unknownName(
    in node: any ExpressionNode, of template: Template
  ) -> TemplateError? {
    var error: TemplateError?
    var offset = 0
    switch node {
    case let node as FilterNode where node.name.function == nil:
      (error, offset) = (FilterLibrary.unknown(node.name.text), node.at)
    case let node as TestNode where node.name.function == nil:
      (error, offset) = (TestLibrary.unknown(node.name.text), node.at)
    case let node as CallNode:
      guard let function = node.callee as? NameNode,
        ["lookup", "query", "q"].contains(function.name.text),
        case .string(let name)? = (node.arguments.positional.first as? ConstantNode)?.value,
        LookupLibrary.lookup(name) == nil
      else { return nil }
      (error, offset) = (LookupLibrary.unknown(name), node.at)
    default: return nil
    }
    error?.range = template.place(of: offset)
    return error
  }

  private func evaluator(in scope: Scope) -> Evaluator {
    let session = Session(scope)
    return ScopeContext(scope.variables, session: session)
      .evaluator(for: self)
  }

  /// Parses the text if that hasn't been done.
  package func parseNow() throws(TemplateError) {
    if seal == nil { _ = try tree() }
  }

  /// The parsed text.
  func tree() throws(TemplateError) -> Tree {
    let result = parsed.withLock { parsed in
      if let parsed { return parsed }
      let result = parse()
      parsed = result
      return result
    }
    return try result.get()
  }

  private func parse() -> Result<Tree, TemplateError> {
    if let seal { return Self.result(of: seal) }
    do throws(SyntaxError) {
      var lexer = Lexer(normalized, options: options)
      var parser = TemplateParser(lexer.tokenize(), options)
      if options.form == .expression {
        return .success(.expression(try parser.parseSoleExpression()))
      }
      let statements = try parser.parseTemplate()
      if options.isPlain { try PlainNames.check(statements) }
      return .success(.statements(statements, blocks: parser.blocks))
    } catch {
      var located = TemplateError(
        .syntax, error.message, at: place(of: error.offset), help: error.help)
      located.line = line(of: error.lineOffset ?? error.offset)
      return .failure(located)
    }
  }

  private static func result(of seal: Seal) -> Result<Tree, TemplateError> {
    do throws(TemplateError) {
      return .success(.expression(ConstantNode(try seal.opened())))
    } catch {
      return .failure(error)
    }
  }

  /// The text with its line ends made `\n`, without the last one unless that is kept.
  var normalized: String {
    var text = text
    if text.utf8.contains(13) {
      text = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }
    if !options.keepsTrailingNewline, text.utf8.last == 10 { text.unicodeScalars.removeLast() }
    return text
  }
}
