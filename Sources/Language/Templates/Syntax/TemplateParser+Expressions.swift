internal import Values

extension TemplateParser {
  /// An expression with `x if y else z`.
  mutating func parseExpression() throws(SyntaxError) -> ExpressionNode {
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
      expression = .conditional(if: test, then: expression, else: otherwise, at: at)
    }
    return expression
  }

  /// Expressions with commas between them make a tuple without parentheses.
  mutating func parseTuple(
    withCondition: Bool, isParenthesized: Bool = false
  ) throws(SyntaxError) -> ExpressionNode {
    var items: [ExpressionNode] = []
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
    return .tuple(items)
  }

  private var endsTuple: Bool {
    switch current.kind {
    case .variableEnd, .blockEnd, .end, .symbol(")"): true
    default: false
    }
  }

  mutating func parseOr() throws(SyntaxError) -> ExpressionNode {
    var left = try parseAnd()
    while try skip(name: "or") {
      let before = height
      left = .or(left, try parseAnd())
      try raise(over: before)
    }
    return left
  }

  private mutating func parseAnd() throws(SyntaxError) -> ExpressionNode {
    var left = try parseNot()
    while try skip(name: "and") {
      let before = height
      left = .and(left, try parseNot())
      try raise(over: before)
    }
    return left
  }

  private mutating func parseNot() throws(SyntaxError) -> ExpressionNode {
    if isName("not") {
      try descend()
      defer { depth -= 1 }
      _ = try advance()
      let inner = try parseNot()
      try raise(over: 0)
      return .not(inner)
    }
    return try parseComparison()
  }

  private mutating func parseComparison() throws(SyntaxError) -> ExpressionNode {
    let at = current.offset
    let left = try parseSum()
    var rest: [(ComparisonOperator, ExpressionNode)] = []
    var highest = height
    while let comparison = try takeComparison() {
      rest.append((comparison, try parseSum()))
      highest = max(highest, height)
    }
    if !rest.isEmpty { try raise(over: highest) }
    return rest.isEmpty ? left : .comparison(left, rest, at: at)
  }

  private mutating func takeComparison() throws(SyntaxError) -> ComparisonOperator? {
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

  private mutating func parseSum() throws(SyntaxError) -> ExpressionNode {
    var left = try parseConcatenation()
    while isSymbol("+") || isSymbol("-") {
      let token = try advance()
      let operation: BinaryOperator = token.kind == .symbol("+") ? .add : .subtract
      let before = height
      left = .binary(operation, left, try parseConcatenation(), at: token.offset)
      try raise(over: before)
    }
    return left
  }

  private mutating func parseConcatenation() throws(SyntaxError) -> ExpressionNode {
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
    return .concatenation(parts, at: at)
  }

  private mutating func parseProduct() throws(SyntaxError) -> ExpressionNode {
    var left = try parsePower()
    while case .symbol(let symbol) = current.kind, let operation = BinaryOperator(product: symbol) {
      let at = try advance().offset
      let before = height
      left = .binary(operation, left, try parsePower(), at: at)
      try raise(over: before)
    }
    return left
  }

  private mutating func parsePower() throws(SyntaxError) -> ExpressionNode {
    var left = try parseUnary(withFilters: true)
    while isSymbol("**") {
      let at = try advance().offset
      let before = height
      left = .binary(.power, left, try parseUnary(withFilters: true), at: at)
      try raise(over: before)
    }
    return left
  }

  private mutating func parseUnary(withFilters: Bool) throws(SyntaxError) -> ExpressionNode {
    try descend()
    defer { depth -= 1 }
    var node: ExpressionNode
    if isSymbol("-") || isSymbol("+") {
      let token = try advance()
      let operation: UnaryOperator = token.kind == .symbol("-") ? .negate : .plus
      node = .unary(operation, try parseUnary(withFilters: false), at: token.offset)
      try raise(over: 0)
    } else {
      node = try parsePrimary()
    }
    node = try parsePostfix(node)
    return withFilters ? try parseFilterExpression(node) : node
  }

  mutating func parsePrimary() throws(SyntaxError) -> ExpressionNode {
    let token = try advance()
    height = 1
    switch token.kind {
    case .name("true"), .name("True"): return .constant(.bool(true))
    case .name("false"), .name("False"): return .constant(.bool(false))
    case .name("none"), .name("None"): return .constant(.null)
    case .name(let name): return .name(name, at: token.offset)
    case .string(var text):
      while case .string(let more) = current.kind {
        text += more
        _ = try advance()
      }
      return .constant(.string(text))
    case .int(let number): return .constant(.int(number))
    case .float(let number): return .constant(.float(number))
    case .symbol("("):
      let inner = try parseTuple(withCondition: true, isParenthesized: true)
      try expect(symbol: ")")
      return inner
    case .symbol("["): return try parseList()
    case .symbol("{"): return try parseDict()
    default: throw SyntaxError("unexpected '\(token.name)'", at: token.offset)
    }
  }

  private mutating func parseList() throws(SyntaxError) -> ExpressionNode {
    var highest = 0
    var items: [ExpressionNode] = []
    while !isSymbol("]") {
      if !items.isEmpty { try expect(symbol: ",") }
      if isSymbol("]") { break }
      items.append(try parseExpression())
      highest = max(highest, height)
    }
    try expect(symbol: "]")
    try raise(over: highest)
    return .list(items)
  }

  private mutating func parseDict() throws(SyntaxError) -> ExpressionNode {
    var highest = 0
    var items: [(key: ExpressionNode, value: ExpressionNode)] = []
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
    return .dict(items)
  }

  private mutating func parsePostfix(_ node: ExpressionNode) throws(SyntaxError) -> ExpressionNode {
    var node = node
    while true {
      let at = current.offset
      if isSymbol(".") { try raise(over: 0) }
      let before = height
      if try skip(symbol: ".") {
        let token = try advance()
        switch token.kind {
        case .name(let name): node = .attribute(node, name, at: token.offset)
        case .int(let index): node = .element(node, .constant(.int(index)), at: token.offset)
        default: throw SyntaxError("expected name or number", at: token.offset)
        }
      } else if try skip(symbol: "[") {
        node = try parseSubscript(of: node, at: at)
        try raise(over: before)
      } else if isSymbol("(") {
        node = .call(node, try parseArguments(), at: at)
        try raise(over: before)
      } else {
        return node
      }
    }
  }

  private mutating func parseSubscript(
    of node: ExpressionNode, at offset: Int
  ) throws(SyntaxError) -> ExpressionNode {
    if let slice = try parseSlice() {
      guard isSymbol("]") else { throw unexpected(expected: ",") }
      _ = try advance()
      return .slice(node, slice, at: offset)
    }
    // `a[1, 2]` has a tuple for its key, and `a[]` an empty one.
    var keys: [ExpressionNode] = []
    while !isSymbol("]") {
      if !keys.isEmpty { try expect(symbol: ",") }
      keys.append(try parseExpression())
      if keys.count == 1, isSymbol(":") {
        return try parseSlice(of: node, from: keys[0], at: offset)
      }
    }
    try expect(symbol: "]")
    return .element(node, keys.count == 1 ? keys[0] : .tuple(keys), at: offset)
  }

  /// `[start:…]` behind its start.
  private mutating func parseSlice(
    of node: ExpressionNode, from start: ExpressionNode, at offset: Int
  ) throws(SyntaxError) -> ExpressionNode {
    var slice = try parseSlice() ?? SliceNode()
    slice.start = start
    guard isSymbol("]") else { throw unexpected(expected: ",") }
    _ = try advance()
    return .slice(node, slice, at: offset)
  }

  /// `:stop:step`; nil where no colon is here.
  private mutating func parseSlice() throws(SyntaxError) -> SliceNode? {
    guard try skip(symbol: ":") else { return nil }
    var slice = SliceNode()
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

  /// Filters, tests and calls behind an expression.
  private mutating func parseFilterExpression(
    _ node: ExpressionNode
  ) throws(SyntaxError) -> ExpressionNode {
    var node = node
    while true {
      if isSymbol("|") {
        node = try parseFilters(node, startsInline: false, onlyOne: true)
      } else if isName("is") {
        node = try parseTest(node)
      } else if isSymbol("(") {
        let (at, before) = (current.offset, height)
        node = .call(node, try parseArguments(), at: at)
        try raise(over: before)
      } else {
        return node
      }
    }
  }

  /// `| name(…)`, as often as it comes; the first without its `|` in `{% filter name %}`.
  mutating func parseFilters(
    _ node: ExpressionNode, startsInline: Bool, onlyOne: Bool = false
  ) throws(SyntaxError) -> ExpressionNode {
    var node = node
    var isFirst = startsInline
    while isFirst || isSymbol("|") {
      if !isFirst { _ = try advance() }
      isFirst = false
      let at = current.offset
      let name = LibraryName(filter: try parseDottedName(), isPlain: isPlain)
      let before = height
      node = .filter(node, name, isSymbol("(") ? try parseArguments() : .none, at: at)
      try raise(over: before)
      if onlyOne { break }
    }
    return node
  }

  private mutating func parseDottedName() throws(SyntaxError) -> String {
    var name = try expectName()
    while try skip(symbol: ".") { name += "." + (try expectName()) }
    return name
  }

  private mutating func parseTest(_ node: ExpressionNode) throws(SyntaxError) -> ExpressionNode {
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
    let test = ExpressionNode.test(node, name, arguments, at: at)
    return isNegated ? .not(test) : test
  }

  private var beginsTestArgument: Bool {
    switch current.kind {
    case .name(let name): !["else", "or", "and", "if", "not", "in"].contains(name)
    case .string, .int, .float, .symbol("["), .symbol("{"): true
    default: false
    }
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
