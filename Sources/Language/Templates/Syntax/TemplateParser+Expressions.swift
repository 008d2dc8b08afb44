internal import Values

extension TemplateParser {
  /// An expression with `x if y else z`.
  mutating func parseExpression() throws(SyntaxError) -> any ExpressionNode {
    try descend()
    defer { depth -= 1 }
    var expression = try parseOr()
    while isName("if") {
      let at = try advance().offset
      let before = height
      let test = try parseOr()
      try raise(over: before)
      let first = height
      let otherwise = try skip(name: "else") ? try parseExpression() : nil
      try raise(over: first)
      expression = ConditionalNode(if: test, then: expression, else: otherwise, at: at)
    }
    return expression
  }

  /// Expressions with commas between them make a tuple without parentheses.
  mutating func parseTuple(
    withCondition: Bool, isParenthesized: Bool = false
  ) throws(SyntaxError) -> any ExpressionNode {
    var items: [any ExpressionNode] = []
    var isTuple = false
    var highest = 0
    while true {
      if !items.isEmpty { try expect(symbol: ",") }
      if endsTuple, !(items.isEmpty && current.kind == .end && !tags.isEmpty) { break }
      items.append(withCondition ? try parseExpression() : try parseOr())
      highest = max(highest, height)
      guard isSymbol(",") else { break }
      isTuple = true
    }
    if !isTuple {
      if let sole = items.first { return sole }
      if !isParenthesized {
        if current.kind == .end {
          throw SyntaxError("Expected an expression, got 'end of template'", at: current.offset)
        }
        throw SyntaxError("Expected an expression, got '\(current.name)'", at: current.offset)
      }
    }
    try raise(over: highest)
    return TupleNode(items)
  }

  private var endsTuple: Bool {
    switch current.kind {
    case .variableEnd, .blockEnd, .end, .symbol(")"): true
    default: false
    }
  }

  mutating func parseOr() throws(SyntaxError) -> any ExpressionNode {
    var left = try parseAnd()
    while try skip(name: "or") {
      let before = height
      left = JunctionNode.or(left, try parseAnd())
      try raise(over: before)
    }
    return left
  }

  mutating func parseAnd() throws(SyntaxError) -> any ExpressionNode {
    var left = try parseNot()
    while try skip(name: "and") {
      let before = height
      left = JunctionNode.and(left, try parseNot())
      try raise(over: before)
    }
    return left
  }

  mutating func parseNot() throws(SyntaxError) -> any ExpressionNode {
    if isName("not") {
      try descend()
      defer { depth -= 1 }
      _ = try advance()
      let inner = try parseNot()
      try raise(over: 0)
      return NotNode(inner)
    }
    return try parseComparison()
  }

  mutating func parseComparison() throws(SyntaxError) -> any ExpressionNode {
    let at = current.offset
    let left = try parseSum()
    var rest: [(ComparisonOperator, any ExpressionNode)] = []
    var highest = height
    while let comparison = try takeComparison() {
      rest.append((comparison, try parseSum()))
      highest = max(highest, height)
    }
    if !rest.isEmpty { try raise(over: highest) }
    return rest.isEmpty ? left : ComparisonNode(left, rest, at: at)
  }

  mutating func takeComparison() throws(SyntaxError) -> ComparisonOperator? {
    switch current.kind {
    case .symbol(let symbol):
      guard let comparison = ComparisonOperator(symbol) else { return nil }
      _ = try advance()
      return comparison
    case .name("in"):
      _ = try advance()
      return .contained
    case .name("not") where next.kind == .name("in"):
      _ = try advance()
      _ = try advance()
      return .notContained
    default: return nil
    }
  }

  mutating func parseSum() throws(SyntaxError) -> any ExpressionNode {
    var left = try parseConcatenation()
    while isSymbol("+") || isSymbol("-") {
      let token = try advance()
      let operation: BinaryOperator = token.kind == .symbol("+") ? .add : .subtract
      let before = height
      left = BinaryNode(operation, left, try parseConcatenation(), at: token.offset)
      try raise(over: before)
    }
    return left
  }

  mutating func parseConcatenation() throws(SyntaxError) -> any ExpressionNode {
    let first = try parseProduct()
    guard isSymbol("~") else { return first }
    let at = current.offset
    var parts = [first]
    var highest = height
    while try skip(symbol: "~") {
      parts.append(try parseProduct())
      highest = max(highest, height)
    }
    try raise(over: highest)
    return ConcatenationNode(parts, at: at)
  }

  mutating func parseProduct() throws(SyntaxError) -> any ExpressionNode {
    var left = try parsePower()
    while case .symbol(let symbol) = current.kind, let operation = BinaryOperator(product: symbol) {
      let at = try advance().offset
      let before = height
      left = BinaryNode(operation, left, try parsePower(), at: at)
      try raise(over: before)
    }
    return left
  }

  mutating func parsePower() throws(SyntaxError) -> any ExpressionNode {
    var left = try parseUnary(withFilters: true)
    while isSymbol("**") {
      let at = try advance().offset
      let before = height
      left = BinaryNode(.power, left, try parseUnary(withFilters: true), at: at)
      try raise(over: before)
    }
    return left
  }

  mutating func parseUnary(withFilters: Bool) throws(SyntaxError) -> any ExpressionNode {
    try descend()
    defer { depth -= 1 }
    var node: any ExpressionNode
    if isSymbol("-") || isSymbol("+") {
      let token = try advance()
      let operation: UnaryOperator = token.kind == .symbol("-") ? .negate : .plus
      node = UnaryNode(operation, try parseUnary(withFilters: false), at: token.offset)
      try raise(over: 0)
    } else {
      node = try parsePrimary()
    }
    node = try parsePostfix(node)
    return withFilters ? try parseFilterExpression(node) : node
  }

  mutating func parsePrimary() throws(SyntaxError) -> any ExpressionNode {
    let token = try advance()
    height = 1
    switch token.kind {
    case .name("true"), .name("True"): return ConstantNode(.bool(true))
    case .name("false"), .name("False"): return ConstantNode(.bool(false))
    case .name("none"), .name("None"): return ConstantNode(.null)
    case .name(let name):
      if name == "loop" { mentions.loop += 1 }
      if name == "super" { mentions.super += 1 }
      return NameNode(name, at: token.offset)
    case .string(var text):
      while case .string(let more) = current.kind {
        text += more
        _ = try advance()
      }
      return ConstantNode(.string(text))
    case .int(let number): return ConstantNode(.int(number))
    case .float(let number): return ConstantNode(.float(number))
    case .symbol("("):
      let inner = try parseTuple(withCondition: true, isParenthesized: true)
      try expect(symbol: ")")
      return inner
    case .symbol("["): return try parseList()
    case .symbol("{"): return try parseDict()
    default: throw SyntaxError("unexpected '\(token.name)'", at: token.offset)
    }
  }

  mutating func parseList() throws(SyntaxError) -> any ExpressionNode {
    var highest = 0
    var items: [any ExpressionNode] = []
    while !isSymbol("]") {
      if !items.isEmpty { try expect(symbol: ",") }
      if isSymbol("]") { break }
      items.append(try parseExpression())
      highest = max(highest, height)
    }
    try expect(symbol: "]")
    try raise(over: highest)
    return ListNode(items)
  }

  mutating func parseDict() throws(SyntaxError) -> any ExpressionNode {
    var highest = 0
    var items: [(key: any ExpressionNode, value: any ExpressionNode)] = []
    while !isSymbol("}") {
      if !items.isEmpty { try expect(symbol: ",") }
      if isSymbol("}") { break }
      let key = try parseExpression()
      highest = max(highest, height)
      try expect(symbol: ":")
      items.append((key, try parseExpression()))
      highest = max(highest, height)
    }
    try expect(symbol: "}")
    try raise(over: highest)
    return DictNode(items)
  }
}

extension ComparisonOperator {
  /// The comparison that a symbol means; nil where it means none.
  fileprivate init?(_ symbol: Symbol) {
    switch symbol {
    case "==": self = .equal
    case "!=": self = .notEqual
    case "<": self = .less
    case "<=": self = .lessOrEqual
    case ">": self = .greater
    case ">=": self = .greaterOrEqual
    default: return nil
    }
  }
}

extension BinaryOperator {
  /// The operator that binds as a product does; nil where a symbol means none.
  fileprivate init?(product symbol: Symbol) {
    switch symbol {
    case "*": self = .multiply
    case "/": self = .divide
    case "//": self = .floorDivide
    case "%": self = .modulo
    default: return nil
    }
  }
}
