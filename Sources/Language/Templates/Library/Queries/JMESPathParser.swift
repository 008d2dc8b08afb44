internal import Values

/// Reads expressions of JMESPath by the binding powers of its operators.
struct JMESPathParser {
  private let tokens: [JMESPathToken]
  private var index = 0
  private var depth = 0

  private static let powers: [String: Int] = [
    "|": 1, "||": 2, "&&": 3, "==": 5, "!=": 5, "<": 5, "<=": 5, ">": 5, ">=": 5, "[]": 9,
    "*": 20, "[?": 21, ".": 40, "!": 45, "{": 50, "[": 55, "(": 60,
  ]
  /// What binds less than this ends a projection.
  private static let projectionStop = 10
  private static let depthLimit = 100
  /// How many operators a query may have: each may make the tree one level higher.
  private static let operatorLimit = 500
  private var operatorCount = 0

  /// The expression of a text.
  static func parse(_ text: String) throws(TemplateError) -> JMESPath {
    var lexer = JMESPathLexer(text)
    var parser = JMESPathParser(tokens: try lexer.tokens())
    let expression = try parser.expression(0)
    guard parser.current.kind == .end else { throw parser.unexpected() }
    return expression
  }

  private init(tokens: [JMESPathToken]) { self.tokens = tokens }

  private var current: JMESPathToken { tokens[index] }

  private func isSymbol(_ symbol: String, ahead: Int = 0) -> Bool {
    tokens[min(index + ahead, tokens.count - 1)].kind == .symbol(symbol)
  }

  private mutating func advance() -> JMESPathToken {
    let token = tokens[index]
    if index < tokens.count - 1 { index += 1 }
    return token
  }

  private mutating func skip(_ symbol: String) -> Bool {
    guard isSymbol(symbol) else { return false }
    _ = advance()
    return true
  }

  private mutating func expect(_ symbol: String) throws(TemplateError) {
    guard skip(symbol) else { throw unexpected() }
  }

  private func unexpected() -> TemplateError {
    let name: String
    switch current.kind {
    case .end: return .query("the expression is incomplete")
    case .name(let text), .quotedName(let text), .symbol(let text): name = text
    case .literal(let value): name = value.json(.compact)
    case .number(let number): name = String(number)
    }
    return .query(
      "Invalid jmespath expression: unexpected `\(name)` at column \(current.offset + 1)")
  }

  private var power: Int {
    guard case .symbol(let symbol) = current.kind else { return 0 }
    return Self.powers[symbol] ?? 0
  }

  // MARK: Expressions

  private mutating func expression(_ floor: Int) throws(TemplateError) -> JMESPath {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw .query("nested deeper than \(Self.depthLimit) levels") }
    var left = try prefix()
    while floor < power {
      operatorCount += 1
      if operatorCount > Self.operatorLimit {
        throw .query("the query has more than \(Self.operatorLimit) operators")
      }
      left = try operation(on: left)
    }
    return left
  }

  private mutating func prefix() throws(TemplateError) -> JMESPath {
    switch current.kind {
    case .literal(let value):
      _ = advance()
      return .literal(value)
    case .name(let name):
      _ = advance()
      return isSymbol("(") ? .function(name, try arguments()) : .field(name)
    case .quotedName(let name):
      _ = advance()
      if isSymbol("(") { throw .query("Quoted identifier not allowed for function names.") }
      return .field(name)
    case .symbol(let symbol): return try prefix(symbol)
    case .number, .end: throw unexpected()
    }
  }

  private mutating func prefix(_ symbol: String) throws(TemplateError) -> JMESPath {
    switch symbol {
    case "*", "[?", "[]": return try operation(on: .current)
    case "[" where isSymbol("*", ahead: 1) && isSymbol("]", ahead: 2), "[" where beginsIndex:
      return try operation(on: .current)
    default: break
    }
    guard ["[", "{", "(", "!", "@", "&"].contains(symbol) else { throw unexpected() }
    _ = advance()
    switch symbol {
    case "[": return try list()
    case "{": return try dict()
    case "!": return .not(try expression(Self.powers["!"] ?? 0))
    case "&": return .reference(try expression(0))
    case "@": return .current
    default:
      let inner = try expression(0)
      try expect(")")
      return inner
    }
  }

  /// Whether a number or a colon comes behind a bracket.
  private var beginsIndex: Bool {
    if case .number = tokens[min(index + 1, tokens.count - 1)].kind { return true }
    return isSymbol(":", ahead: 1)
  }

  private mutating func operation(on left: JMESPath) throws(TemplateError) -> JMESPath {
    let isIndex = beginsIndex
    guard case .symbol(let symbol) = advance().kind else { throw unexpected() }
    let power = Self.powers[symbol] ?? 0
    switch symbol {
    case ".":
      if skip("*") { return .valueProjection(left, try projected(power)) }
      return .chain(left, try behindDot(power))
    case "|": return .chain(left, try expression(power))
    case "||": return .or(left, try expression(power))
    case "&&": return .and(left, try expression(power))
    case "*":
      return .valueProjection(left, isSymbol("]") ? .current : try projected(power))
    case "[]": return .projection(.flatten(left), try projected(power))
    case "[?":
      let condition = try expression(0)
      try expect("]")
      return .filterProjection(
        left, if: condition, isSymbol("[]") ? .current : try projected(power))
    case "[" where isIndex: return try indexed(left)
    case "[":
      try expect("*")
      try expect("]")
      return .projection(left, try projected(Self.powers["*"] ?? 0))
    case "==", "!=", "<", "<=", ">", ">=":
      return .comparison(symbol, left, try expression(power))
    default:
      index -= 1
      throw unexpected()
    }
  }

  /// What is asked of each item of a projection.
  private mutating func projected(_ power: Int) throws(TemplateError) -> JMESPath {
    if self.power < Self.projectionStop { return .current }
    if isSymbol("[") || isSymbol("[?") { return try expression(power) }
    try expect(".")
    return try behindDot(power)
  }

  private mutating func behindDot(_ power: Int) throws(TemplateError) -> JMESPath {
    switch current.kind {
    case .name, .quotedName, .symbol("*"): return try expression(power)
    case .symbol("["):
      _ = advance()
      return try list()
    case .symbol("{"):
      _ = advance()
      return try dict()
    default: throw unexpected()
    }
  }

  private mutating func indexed(_ left: JMESPath) throws(TemplateError) -> JMESPath {
    if case .number(let number) = current.kind, isSymbol("]", ahead: 1) {
      _ = advance()
      _ = advance()
      return .chain(left, .index(number))
    }
    var bounds: [Int?] = [nil, nil, nil]
    var part = 0
    while !isSymbol("]") {
      if isSymbol(":"), part < 2 {
        part += 1
      } else if case .number(let number) = current.kind, bounds[part] == nil {
        bounds[part] = number
      } else {
        throw unexpected()
      }
      _ = advance()
    }
    try expect("]")
    let slice = JMESPath.chain(left, .slice(bounds[0], bounds[1], bounds[2]))
    return .projection(slice, try projected(Self.powers["*"] ?? 0))
  }

  private mutating func arguments() throws(TemplateError) -> [JMESPath] {
    try expect("(")
    var arguments: [JMESPath] = []
    while !isSymbol(")") {
      if !arguments.isEmpty { try expect(",") }
      arguments.append(try expression(0))
    }
    try expect(")")
    return arguments
  }

  private mutating func list() throws(TemplateError) -> JMESPath {
    var items = [try expression(0)]
    while skip(",") { items.append(try expression(0)) }
    try expect("]")
    return .list(items)
  }

  private mutating func dict() throws(TemplateError) -> JMESPath {
    var entries: [(key: String, value: JMESPath)] = []
    repeat {
      switch advance().kind {
      case .name(let key), .quotedName(let key):
        try expect(":")
        entries.append((key, try expression(0)))
      default:
        index -= 1
        throw unexpected()
      }
    } while skip(",")
    try expect("}")
    return .dict(entries)
  }
}
