internal import Values

extension TemplateParser {
  mutating func parseFor(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    let target = try parseTarget(endedBy: "in")
    if target.names.contains("loop") {
      throw SyntaxError("Can't assign to special loop variable in for-loop target", at: offset)
    }
    try expect(name: "in")
    let iterable = try parseTuple(withCondition: false)
    var filter: (any ExpressionNode)?
    if try skip(name: "if") { filter = try parseExpression() }
    let isRecursive = try skip(name: "recursive")
    loopDepth += 1
    defer { loopDepth -= 1 }
    let before = mentions.loop
    let body = try parseBody(until: ["endfor", "else"], of: "for", at: offset)
    var otherwise: Body = []
    if try skip(name: "else") {
      otherwise = try parseBody(until: ["endfor"], of: "for", at: offset)
    }
    _ = try advance()
    return LoopNode(
      target, in: iterable, if: filter, isRecursive: isRecursive,
      usesLoop: mentions.loop > before, body: body, else: otherwise, at: offset)
  }

  mutating func parseIf(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    var branches: [(test: any ExpressionNode, body: Body)] = []
    var otherwise: Body = []
    while true {
      let test = try parseTuple(withCondition: false)
      let body = try parseBody(until: ["elif", "else", "endif"], of: "if", at: offset)
      branches.append((test, body))
      if try skip(name: "elif") { continue }
      if try skip(name: "else") {
        otherwise = try parseBody(until: ["endif"], of: "if", at: offset)
      }
      _ = try advance()
      return IfNode(branches, else: otherwise, at: offset)
    }
  }

  mutating func parseSet(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    let target = try parseTarget(endedBy: "=")
    if try skip(symbol: "=") {
      return SetNode(target, try parseTuple(withCondition: true), at: offset)
    }
    let filtered = try parseFilters(NameNode(Name.body.text, at: offset), startsInline: false)
    let body = try parseBody(until: ["endset"], of: "set", at: offset)
    _ = try advance()
    return SetBlockNode(target, filtered: filtered, body: body, at: offset)
  }

  mutating func parseWith(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    var bindings: [(TargetNode, any ExpressionNode)] = []
    while current.kind != .blockEnd {
      if !bindings.isEmpty { try expect(symbol: ",") }
      let target = try parseTarget(endedBy: "=")
      try expect(symbol: "=")
      bindings.append((target, try parseExpression()))
    }
    let body = try parseBody(until: ["endwith"], of: "with", at: offset)
    _ = try advance()
    return WithNode(bindings, body: body, at: offset)
  }

  mutating func parseFilterBlock(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    let filtered = try parseFilters(NameNode(Name.body.text, at: offset), startsInline: true)
    let body = try parseBody(until: ["endfilter"], of: "filter", at: offset)
    _ = try advance()
    return FilterBlockNode(filtered, body: body, at: offset)
  }

  mutating func parseMacro(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    let name = try expectName()
    let parameters = try parseParameters()
    let body = try parseBody(until: ["endmacro"], of: "macro", at: offset)
    _ = try advance()
    return MacroNode(name, parameters, body: body, at: offset)
  }

  private mutating func parseParameters() throws(SyntaxError)
    -> [(name: Name, defaultValue: (any ExpressionNode)?)]
  {
    try expect(symbol: "(")
    var parameters: [(name: Name, defaultValue: (any ExpressionNode)?)] = []
    while !isSymbol(")") {
      if !parameters.isEmpty { try expect(symbol: ",") }
      let offset = current.offset
      let name = try expectName()
      if try skip(symbol: "=") {
        parameters.append((Name(name), try parseExpression()))
      } else if parameters.last?.defaultValue != nil {
        throw SyntaxError("non-default argument follows default argument", at: offset)
      } else {
        parameters.append((Name(name), nil))
      }
    }
    try expect(symbol: ")")
    return parameters
  }

  mutating func parseCallBlock(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    let parameters = isSymbol("(") ? try parseParameters() : []
    guard let called = try parseExpression() as? CallNode else {
      throw SyntaxError("expected call", at: offset)
    }
    let body = try parseBody(until: ["endcall"], of: "call", at: offset)
    _ = try advance()
    let caller = MacroNode("caller", parameters, body: body, at: offset)
    return CallBlockNode(called, caller: caller)
  }

  mutating func parseInclude(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    // What is included sees that there is a loop, and has none of its own then.
    mentions.loop += 1
    let name = try parseExpression()
    var ignoresMissing = false
    if isName("ignore"), next.kind == .name("missing") {
      _ = try advance()
      _ = try advance()
      ignoresMissing = true
    }
    let withContext = try parseContext(default: true)
    return IncludeNode(name, ignoresMissing: ignoresMissing, withContext: withContext, at: offset)
  }

  private mutating func parseContext(default standard: Bool) throws(SyntaxError) -> Bool {
    guard beginsContext else { return standard }
    let isWith = isName("with")
    _ = try advance()
    _ = try advance()
    return isWith
  }

  mutating func parseImport(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    mentions.loop += 1
    let name = try parseExpression()
    try expect(name: "as")
    let alias = try expectName()
    return ImportNode(
      name, as: alias, withContext: try parseContext(default: false), at: offset)
  }

  mutating func parseFrom(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    mentions.loop += 1
    let template = try parseExpression()
    try expect(name: "import")
    var names: [(name: String, alias: String)] = []
    while true {
      if !names.isEmpty { try expect(symbol: ",") }
      if beginsContext { break }
      let at = current.offset
      let name = try expectName()
      if name.hasPrefix("_") {
        throw SyntaxError("names starting with an underline can not be imported", at: at)
      }
      names.append((name, try skip(name: "as") ? try expectName() : name))
      if beginsContext || !isSymbol(",") { break }
    }
    return ImportNamesNode(
      template, names, withContext: try parseContext(default: false), at: offset)
  }

  private var beginsContext: Bool {
    (isName("with") || isName("without")) && next.kind == .name("context")
  }

  mutating func parseBlock(_ offset: Int) throws(SyntaxError) -> any StatementNode {
    let name = try expectName()
    guard blockNames.insert(name).inserted else {
      throw SyntaxError("block '\(name)' defined twice", at: offset)
    }
    let isScoped = try skip(name: "scoped")
    let isRequired = try skip(name: "required")
    if isSymbol("-") {
      throw SyntaxError(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, "
          + "use an underscore instead.", at: current.offset)
    }
    let before = mentions.super
    let body = try parseBody(until: ["endblock"], of: "block", at: offset)
    // A child's block that stands in its place may see the names of the loop around it.
    mentions.loop += 1
    guard !isRequired || body.allSatisfy(\.isBlank) else {
      throw SyntaxError("Required blocks can only contain comments or whitespace", at: offset)
    }
    _ = try advance()
    _ = try skip(name: name)
    let node = BlockNode(
      name, isScoped: isScoped, isRequired: isRequired, usesSuper: mentions.super > before,
      body: body, at: offset)
    blocks.append(node)
    return node
  }

  private func ends(with end: String) -> Bool { end == "in" ? isName("in") : current.name == end }

  /// What is assigned to, up to a word or a symbol.
  private mutating func parseTarget(endedBy end: String) throws(SyntaxError) -> TargetNode {
    let offset = current.offset
    let first = try parseTargetItem()
    guard isSymbol(",") else { return first }
    var items = [first]
    while try skip(symbol: ",") {
      if ends(with: end) { break }
      items.append(try parseTargetItem())
    }
    return .tuple(items, at: offset)
  }

  private mutating func parseTargetItem() throws(SyntaxError) -> TargetNode {
    let offset = current.offset
    try descend()
    defer { depth -= 1 }
    if try skip(symbol: "(") {
      let inner = try parseTarget(endedBy: ")")
      try expect(symbol: ")")
      return inner
    }
    guard case .name(let name) = current.kind,
      !["true", "false", "none", "True", "False", "None"].contains(name)
    else {
      if current.kind == .blockEnd {
        throw SyntaxError("Expected an expression, got '\(current.name)'", at: offset)
      }
      let node = try parsePrimary()
      throw SyntaxError("can't assign to '\(node.jinjaName)'", at: offset)
    }
    _ = try advance()
    if try skip(symbol: ".") { return .attribute(Name(name), try expectName(), at: offset) }
    return .name(Name(name))
  }
}
