internal import Values

/// Builds the tree of a template from its tokens.
struct TemplateParser {
  /// How deep blocks and brackets may nest, so that no text can exhaust the stack.
  static let depthLimit = 100

  private let tokens: [Token]
  private var index = 0
  var depth = 0
  /// How deep the tree of the expression is that was parsed last: a long chain of operators nests
  /// as brackets do.
  var height = 0
  static let heightLimit = 200
  /// Whether `{% break %}` and `{% continue %}` mean anything here.
  var loopDepth = 0
  /// The statements that are being read, the innermost last, and the tags that may end them.
  var tags: [String] = []
  private var expectedEnds: [[String]] = []
  /// The blocks so far: each may be defined once.
  var blockNames: Set<String> = []
  var blocks: [BlockNode] = []
  /// How often what was read so far may look for `loop` and for `super`: what nobody looks for
  /// isn't made when the template runs.
  var mentions = (loop: 0, super: 0)

  private let extensions: TemplateOptions.Extensions

  /// Whether only plain Jinja2's filters and tests are there.
  let isPlain: Bool

  init(_ tokens: [Token], _ options: TemplateOptions) {
    self.tokens = tokens
    extensions = options.extensions
    isPlain = options.isPlain
  }

  /// The mistake that the first token is, if it is one.
  private func refuseFirst() throws(SyntaxError) {
    if case .failure(let failure)? = tokens.first?.kind { throw failure }
  }

  var current: Token { tokens[index] }

  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  mutating func advance() throws(SyntaxError) -> Token {
    let token = tokens[index]
    if index < tokens.count - 1 { index += 1 }
    if case .failure(let failure) = tokens[index].kind { throw failure }
    return token
  }

  /// The whole text as one expression.
  mutating func parseSoleExpression() throws(SyntaxError) -> any ExpressionNode {
    try refuseFirst()
    let expression = try parseTuple(withCondition: true)
    guard current.kind == .end else {
      throw SyntaxError(
        "unexpected '\(current.name)'", at: current.offset,
        help: "an expression ends before this")
    }
    return expression
  }

  /// The whole text as a template.
  mutating func parseTemplate() throws(SyntaxError) -> Body {
    try refuseFirst()
    return try parseStatements(until: [], in: nil)
  }

  // MARK: Tokens

  func isSymbol(_ symbol: Symbol) -> Bool {
    if case .symbol(symbol) = tokens[index].kind { return true }
    return false
  }

  func isName(_ name: String) -> Bool {
    if case .name(name) = tokens[index].kind { return true }
    return false
  }

  mutating func skip(symbol: Symbol) throws(SyntaxError) -> Bool {
    guard isSymbol(symbol) else { return false }
    _ = try advance()
    return true
  }

  mutating func skip(name: String) throws(SyntaxError) -> Bool {
    guard isName(name) else { return false }
    _ = try advance()
    return true
  }

  mutating func expect(symbol: Symbol) throws(SyntaxError) {
    guard try skip(symbol: symbol) else { throw unexpected(expected: symbol.text) }
  }

  mutating func expect(name: String) throws(SyntaxError) {
    guard try skip(name: name) else { throw unexpected(expected: name) }
  }

  mutating func expectName() throws(SyntaxError) -> String {
    guard case .name(let name) = current.kind else { throw unexpected(expected: "name") }
    _ = try advance()
    return name
  }

  func unexpected(expected: String) -> SyntaxError {
    if current.kind == .end {
      return SyntaxError(
        "unexpected end of template, expected '\(expected)'.", at: current.offset)
    }
    return SyntaxError("expected token '\(expected)', got '\(current.name)'", at: current.offset)
  }

  mutating func descend() throws(SyntaxError) {
    depth += 1
    if depth > Self.depthLimit {
      throw SyntaxError("nested deeper than \(Self.depthLimit) levels", at: current.offset)
    }
  }

  /// Notes that the expression parsed last now stands in another beside one of `height`.
  mutating func raise(over height: Int) throws(SyntaxError) {
    self.height = max(self.height, height) + 1
    if self.height > Self.heightLimit {
      throw SyntaxError(
        "the expression is longer than \(Self.heightLimit) steps", at: current.offset,
        help: "divide it with `{% set %}`")
    }
  }

  // MARK: Blocks

  /// Statements up to one of the tags in `ends`, whose name is the current token then.
  mutating func parseStatements(
    until ends: [String], in opener: (tag: String, at: Int)?
  ) throws(SyntaxError) -> Body {
    try descend()
    defer { depth -= 1 }
    var statements: Body = []
    while true {
      switch current.kind {
      case .data(let text):
        _ = try advance()
        statements.append(TextNode(text))
      case .variableBegin:
        let at = try advance().offset
        if current.kind == .end {
          throw SyntaxError("unexpected 'end of template'", at: current.offset)
        }
        statements.append(OutputNode(try parseTuple(withCondition: true), at: at))
        guard current.kind == .variableEnd else {
          throw unexpected(expected: "end of print statement")
        }
        _ = try advance()
      case .blockBegin:
        let at = try advance().offset
        guard case .name(let tag) = current.kind else {
          throw SyntaxError("tag name expected", at: current.offset)
        }
        if ends.contains(tag) { return statements }
        expectedEnds.append(ends)
        tags.append(tag)
        statements.append(contentsOf: try parseStatement(tag, at: at, ends))
        tags.removeLast()
        expectedEnds.removeLast()
        try expectBlockEnd()
      case .end:
        if let opener {
          throw SyntaxError(
            "Unexpected end of template." + lookingFor(ends, instead: nil), at: opener.at,
            lineOf: current.offset)
        }
        return statements
      default: throw SyntaxError("unexpected '\(current.name)'", at: current.offset)
      }
    }
  }

  mutating func expectBlockEnd() throws(SyntaxError) {
    guard current.kind == .blockEnd else { throw unexpected(expected: "end of statement block") }
    _ = try advance()
  }

  /// The body of a block whose tag is read, up to `{% end… %}`, which is taken but for its `%}`.
  mutating func parseBody(
    until ends: [String], of tag: String, at offset: Int
  ) throws(SyntaxError) -> Body {
    try expectBlockEnd()
    return try parseStatements(until: ends, in: (tag, offset))
  }

  private mutating func parseStatement(
    _ tag: String, at offset: Int, _ ends: [String]
  ) throws(SyntaxError) -> Body {
    _ = try advance()
    switch tag {
    case "for": return [try parseFor(offset)]
    case "if": return [try parseIf(offset)]
    case "set": return [try parseSet(offset)]
    case "with": return [try parseWith(offset)]
    case "filter": return [try parseFilterBlock(offset)]
    case "macro": return [try parseMacro(offset)]
    case "call": return [try parseCallBlock(offset)]
    case "include": return [try parseInclude(offset)]
    case "import": return [try parseImport(offset)]
    case "from": return [try parseFrom(offset)]
    case "extends": return [ExtendsNode(try parseExpression(), at: offset)]
    case "block": return [try parseBlock(offset)]
    case "print":
      var outputs: Body = []
      while current.kind != .blockEnd {
        if !outputs.isEmpty { try expect(symbol: ",") }
        outputs.append(OutputNode(try parseExpression(), at: offset))
      }
      return outputs
    case "do" where extensions.contains(.evaluation):
      return [DoNode(try parseTuple(withCondition: true))]
    case "autoescape":
      let flag = try parseExpression()
      let body = try parseBody(until: ["endautoescape"], of: tag, at: offset)
      _ = try advance()
      return [AutoescapeNode(flag, body: body)]
    case "break" where extensions.contains(.loopControls),
      "continue" where extensions.contains(.loopControls):
      guard loopDepth > 0 else { throw SyntaxError("'\(tag)' outside of a loop", at: offset) }
      return [JumpNode(tag == "break" ? .breaks : .continues, at: offset)]
    default:
      tags.removeLast()
      throw SyntaxError(
        "Encountered unknown tag '\(tag)'." + lookingFor(ends, instead: tag), at: offset)
    }
  }

  /// What Jinja2 says of the tags that could stand here.
  private func lookingFor(_ ends: [String], instead tag: String?) -> String {
    var text = ""
    let list = ends.map { "'\($0)'" }.joined(separator: " or ")
    if !ends.isEmpty {
      let isNested = tag.map { tag in expectedEnds.contains { $0.contains(tag) } } ?? false
      text =
        isNested
        ? " You probably made a nesting mistake. Jinja is expecting this tag, but currently "
          + "looking for \(list)."
        : " Jinja was looking for the following tags: \(list)."
    }
    if let innermost = tags.last {
      text += " The innermost block that needs to be closed is '\(innermost)'."
    }
    return text
  }
}
