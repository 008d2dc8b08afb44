internal import Values

extension TemplateParser {
  mutating func parseFor(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let target = try parseTarget(endedBy: "in")
    try expect(name: "in")
    let iterable = try parseTuple(withCondition: false)
    var filter: ExpressionNode?
    if skip(name: "if") { filter = try parseExpression() }
    let isRecursive = skip(name: "recursive")
    loopDepth += 1
    defer { loopDepth -= 1 }
    let body = try parseBody(until: ["endfor", "else"], of: "for", at: offset)
    var otherwise: [StatementNode] = []
    if skip(name: "else") {
      otherwise = try parseBody(until: ["endfor"], of: "for", at: offset)
    }
    _ = advance()
    return .loop(
      LoopNode(
        target, in: iterable, if: filter, isRecursive: isRecursive, body: body, else: otherwise,
        at: offset))
  }

  mutating func parseIf(_ offset: Int) throws(SyntaxError) -> StatementNode {
    var branches: [(test: ExpressionNode, body: [StatementNode])] = []
    var otherwise: [StatementNode] = []
    while true {
      let test = try parseTuple(withCondition: false)
      let body = try parseBody(until: ["elif", "else", "endif"], of: "if", at: offset)
      branches.append((test, body))
      if skip(name: "elif") { continue }
      if skip(name: "else") {
        otherwise = try parseBody(until: ["endif"], of: "if", at: offset)
      }
      _ = advance()
      return .conditional(branches, else: otherwise, at: offset)
    }
  }

  mutating func parseSet(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let target = try parseTarget(endedBy: "=")
    if skip(symbol: "=") {
      return .set(target, try parseTuple(withCondition: true), at: offset)
    }
    let filtered = try parseFilters(.name(StatementNode.bodyName, at: offset), startsInline: false)
    let body = try parseBody(until: ["endset"], of: "set", at: offset)
    _ = advance()
    return .setBlock(target, filtered: filtered, body, at: offset)
  }

  mutating func parseWith(_ offset: Int) throws(SyntaxError) -> StatementNode {
    var bindings: [(TargetNode, ExpressionNode)] = []
    while current.kind != .blockEnd {
      if !bindings.isEmpty { try expect(symbol: ",") }
      let target = try parseTarget(endedBy: "=")
      try expect(symbol: "=")
      bindings.append((target, try parseExpression()))
    }
    let body = try parseBody(until: ["endwith"], of: "with", at: offset)
    _ = advance()
    return .with(bindings, body, at: offset)
  }

  mutating func parseFilterBlock(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let filtered = try parseFilters(.name(StatementNode.bodyName, at: offset), startsInline: true)
    let body = try parseBody(until: ["endfilter"], of: "filter", at: offset)
    _ = advance()
    return .filtered(filtered, body, at: offset)
  }

  mutating func parseMacro(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let name = try expectName()
    let parameters = try parseParameters()
    let body = try parseBody(until: ["endmacro"], of: "macro", at: offset)
    _ = advance()
    return .macro(MacroNode(name, parameters, body: body, at: offset))
  }

  private mutating func parseParameters() throws(SyntaxError)
    -> [(name: String, defaultValue: ExpressionNode?)]
  {
    try expect(symbol: "(")
    var parameters: [(name: String, defaultValue: ExpressionNode?)] = []
    while !isSymbol(")") {
      if !parameters.isEmpty { try expect(symbol: ",") }
      let offset = current.offset
      let name = try expectName()
      if skip(symbol: "=") {
        parameters.append((name, try parseExpression()))
      } else if parameters.last?.defaultValue != nil {
        throw SyntaxError("non-default argument follows default argument", at: offset)
      } else {
        parameters.append((name, nil))
      }
    }
    try expect(symbol: ")")
    return parameters
  }

  mutating func parseCallBlock(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let parameters = isSymbol("(") ? try parseParameters() : []
    guard case .call(let callee, let arguments, let at) = try parseExpression() else {
      throw SyntaxError("expected call", at: offset)
    }
    let body = try parseBody(until: ["endcall"], of: "call", at: offset)
    _ = advance()
    let caller = MacroNode("caller", parameters, body: body, at: offset)
    return .callBlock(callee, arguments, caller: caller, at: at)
  }

  mutating func parseInclude(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let name = try parseExpression()
    var ignoresMissing = false
    if isName("ignore"), next.kind == .name("missing") {
      _ = advance()
      _ = advance()
      ignoresMissing = true
    }
    let withContext = try parseContext(default: true)
    return .include(name, ignoresMissing: ignoresMissing, withContext: withContext, at: offset)
  }

  private mutating func parseContext(default standard: Bool) throws(SyntaxError) -> Bool {
    guard isName("with") || isName("without"), next.kind == .name("context") else {
      return standard
    }
    let isWith = isName("with")
    _ = advance()
    _ = advance()
    return isWith
  }

  mutating func parseImport(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let name = try parseExpression()
    try expect(name: "as")
    let alias = try expectName()
    return .importTemplate(
      name, as: alias, withContext: try parseContext(default: false), at: offset)
  }

  mutating func parseFrom(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let template = try parseExpression()
    try expect(name: "import")
    var names: [(name: String, alias: String)] = []
    while current.kind != .blockEnd {
      if !names.isEmpty {
        if isName("with") || isName("without") { break }
        try expect(symbol: ",")
        if current.kind == .blockEnd { break }
      }
      if !names.isEmpty, isName("with") || isName("without"), next.kind == .name("context") {
        break
      }
      let name = try expectName()
      names.append((name, skip(name: "as") ? try expectName() : name))
    }
    if names.isEmpty { throw unexpected(expected: "name") }
    return .importNames(
      template, names, withContext: try parseContext(default: false), at: offset)
  }

  mutating func parseBlock(_ offset: Int) throws(SyntaxError) -> StatementNode {
    let name = try expectName()
    guard blockNames.insert(name).inserted else {
      throw SyntaxError("block '\(name)' defined twice", at: offset)
    }
    let isScoped = skip(name: "scoped")
    let isRequired = skip(name: "required")
    let body = try parseBody(until: ["endblock"], of: "block", at: offset)
    _ = advance()
    _ = skip(name: name)
    return .block(
      BlockNode(name, isScoped: isScoped, isRequired: isRequired, body: body, at: offset))
  }

  /// What is assigned to, up to a word or a symbol.
  private mutating func parseTarget(endedBy end: String) throws(SyntaxError) -> TargetNode {
    let offset = current.offset
    let first = try parseTargetItem()
    guard isSymbol(",") else { return first }
    var items = [first]
    while skip(symbol: ",") {
      if isName(end) || isSymbol(end) { break }
      items.append(try parseTargetItem())
    }
    return .tuple(items, at: offset)
  }

  private mutating func parseTargetItem() throws(SyntaxError) -> TargetNode {
    let offset = current.offset
    try descend()
    defer { depth -= 1 }
    if skip(symbol: "(") {
      let inner = try parseTarget(endedBy: ")")
      try expect(symbol: ")")
      return inner
    }
    guard case .name(let name) = current.kind else {
      throw SyntaxError("can't assign to '\(current.name)'", at: offset)
    }
    if ["true", "false", "none", "True", "False", "None"].contains(name) {
      throw SyntaxError("can't assign to '\(name)'", at: offset)
    }
    _ = advance()
    if skip(symbol: ".") { return .attribute(name, try expectName(), at: offset) }
    return .name(name)
  }
}
