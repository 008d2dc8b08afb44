internal import Values

/// What stands behind an operand: attributes, items, slices, calls.
extension TemplateParser {
  mutating func parsePostfix(_ node: any ExpressionNode) throws(SyntaxError)
    -> any ExpressionNode
  {
    var node = node
    while true {
      let at = current.offset
      if isSymbol(".") { try raise(over: 0) }
      let before = height
      if try skip(symbol: ".") {
        let token = try advance()
        switch token.kind {
        case .name(let name): node = AttributeNode(node, name, at: token.offset)
        case .int(let index): node = ElementNode(node, ConstantNode(.int(index)), at: token.offset)
        default: throw SyntaxError("expected name or number", at: token.offset)
        }
      } else if try skip(symbol: "[") {
        node = try parseSubscript(of: node, at: at)
        try raise(over: before)
      } else if isSymbol("(") {
        node = CallNode(node, try parseArguments(), at: at)
        try raise(over: before)
      } else {
        return node
      }
    }
  }

  mutating func parseSubscript(
    of node: any ExpressionNode, at offset: Int
  ) throws(SyntaxError) -> any ExpressionNode {
    if let slice = try parseSlice() {
      guard isSymbol("]") else { throw unexpected(expected: ",") }
      _ = try advance()
      return SliceNode(node, slice, at: offset)
    }
    // `a[1, 2]` has a tuple for its key, and `a[]` an empty one.
    var keys: [any ExpressionNode] = []
    while !isSymbol("]") {
      if !keys.isEmpty { try expect(symbol: ",") }
      keys.append(try parseExpression())
      if keys.count == 1, isSymbol(":") {
        return try parseSlice(of: node, from: keys[0], at: offset)
      }
    }
    try expect(symbol: "]")
    return ElementNode(node, keys.count == 1 ? keys[0] : TupleNode(keys), at: offset)
  }

  /// `[start:…]` behind its start.
  mutating func parseSlice(
    of node: any ExpressionNode, from start: any ExpressionNode, at offset: Int
  ) throws(SyntaxError) -> any ExpressionNode {
    var slice = try parseSlice() ?? SliceBounds()
    slice.start = start
    guard isSymbol("]") else { throw unexpected(expected: ",") }
    _ = try advance()
    return SliceNode(node, slice, at: offset)
  }

  /// `:stop:step`; nil where no colon is here.
  mutating func parseSlice() throws(SyntaxError) -> SliceBounds? {
    guard try skip(symbol: ":") else { return nil }
    var slice = SliceBounds()
    if !isSymbol(":"), !isSymbol("]") { slice.stop = try parseExpression() }
    if try skip(symbol: ":"), !isSymbol("]"), !isSymbol(":") { slice.step = try parseExpression() }
    return slice
  }

  mutating func parseArguments() throws(SyntaxError) -> ArgumentNodes {
    try expect(symbol: "(")
    var arguments = ArgumentNodes()
    var isFirst = true
    var highest = 0
    while !isSymbol(")") {
      if !isFirst { try expect(symbol: ",") }
      isFirst = false
      if isSymbol(")") { break }
      let at = current.offset
      let hasSpread = arguments.spreadList != nil || arguments.spreadDict != nil
      let invalid = SyntaxError("invalid syntax for function call expression", at: at)
      if try skip(symbol: "*") {
        if hasSpread { throw invalid }
        arguments.spreadList = try parseExpression()
      } else if try skip(symbol: "**") {
        if arguments.spreadDict != nil { throw invalid }
        arguments.spreadDict = try parseExpression()
      } else if case .name(let name) = current.kind, next.kind == .symbol("=") {
        _ = try advance()
        _ = try advance()
        arguments.keyword.append((name, try parseExpression()))
      } else {
        guard arguments.keyword.isEmpty, !hasSpread else { throw invalid }
        arguments.positional.append(try parseExpression())
      }
      highest = max(highest, height)
    }
    try expect(symbol: ")")
    height = highest
    return arguments
  }
}
