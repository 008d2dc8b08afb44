internal import Values

/// Filters and tests behind an operand.
extension TemplateParser {
  /// Filters, tests and calls behind an expression.
  mutating func parseFilterExpression(
    _ node: any ExpressionNode
  ) throws(SyntaxError) -> any ExpressionNode {
    var node = node
    while true {
      if isSymbol("|") {
        node = try parseFilters(node, startsInline: false, onlyOne: true)
      } else if isName("is") {
        node = try parseTest(node)
      } else if isSymbol("(") {
        let (at, before) = (current.offset, height)
        node = CallNode(node, try parseArguments(), at: at)
        try raise(over: before)
      } else {
        return node
      }
    }
  }

  /// `| name(…)`, as often as it comes; the first without its `|` in `{% filter name %}`.
  mutating func parseFilters(
    _ node: any ExpressionNode, startsInline: Bool, onlyOne: Bool = false
  ) throws(SyntaxError) -> any ExpressionNode {
    var node = node
    var isFirst = startsInline
    while isFirst || isSymbol("|") {
      if !isFirst { _ = try advance() }
      isFirst = false
      let at = current.offset
      let name = LibraryName(filter: try parseDottedName(), isPlain: isPlain)
      let before = height
      let arguments = isSymbol("(") ? try parseArguments() : .none
      node =
        DefaultFilterNode(node, name, arguments, at: at)
        ?? FilterNode(node, name, arguments, at: at)
      try raise(over: before)
      if onlyOne { break }
    }
    return node
  }

  mutating func parseDottedName() throws(SyntaxError) -> String {
    var name = try expectName()
    while try skip(symbol: ".") { name += "." + (try expectName()) }
    return name
  }

  mutating func parseTest(_ node: any ExpressionNode) throws(SyntaxError)
    -> any ExpressionNode
  {
    _ = try advance()
    let isNegated = try skip(name: "not")
    let at = current.offset
    let name = LibraryName(test: try parseDottedName(), isPlain: isPlain)
    var arguments = ArgumentNodes.none
    let before = height
    defer { height = max(height, before) + 1 }
    if isSymbol("(") {
      arguments = try parseArguments()
    } else if beginsTestArgument {
      if isName("is") {
        throw SyntaxError("You cannot chain multiple tests with is", at: current.offset)
      }
      arguments.positional = [try parsePostfix(try parsePrimary())]
    }
    let test = TestNode(node, name, arguments, at: at)
    return isNegated ? NotNode(test) : test
  }

  private var beginsTestArgument: Bool {
    switch current.kind {
    case .name(let name): !["else", "or", "and", "if", "not", "in"].contains(name)
    case .string, .int, .float, .symbol("["), .symbol("{"): true
    default: false
    }
  }
}
