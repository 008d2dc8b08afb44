internal import OrderedCollections
internal import Values

/// A call of one of JMESPath's functions.
struct JMESPathFunction {
  private let name: String
  private let arguments: [JMESPath]
  private let value: Value

  init(_ name: String, _ arguments: [JMESPath], _ value: Value) {
    self.name = name
    self.arguments = arguments
    self.value = value
  }

  /// How many arguments each function takes.
  private static let arities: [String: ClosedRange<Int>] = [
    "abs": 1...1, "avg": 1...1, "ceil": 1...1, "contains": 2...2, "ends_with": 2...2,
    "floor": 1...1, "join": 2...2, "keys": 1...1, "length": 1...1, "map": 2...2, "max": 1...1,
    "max_by": 2...2, "merge": 1...Int.max, "min": 1...1, "min_by": 2...2, "not_null": 1...Int.max,
    "reverse": 1...1, "sort": 1...1, "sort_by": 2...2, "starts_with": 2...2, "sum": 1...1,
    "to_array": 1...1, "to_number": 1...1, "to_string": 1...1, "type": 1...1, "values": 1...1,
  ]

  func result() throws(TemplateError) -> Value {
    guard let arity = Self.arities[name] else { throw .query("Unknown function: \(name)()") }
    guard arity.contains(arguments.count) else {
      let expected = arity.upperBound == Int.max ? "at least 1" : "\(arity.lowerBound)"
      throw .query(
        "Expected \(expected) argument\(arity.lowerBound == 1 ? "" : "s") for function "
          + "\(name)(), received \(arguments.count)")
    }
    switch name {
    case "abs", "ceil", "floor", "avg", "sum": return try number()
    case "contains", "ends_with", "starts_with", "join", "reverse", "length": return try text()
    case "max", "min", "sort": return try ordered()
    case "max_by", "min_by", "sort_by", "map": return try applied()
    case "keys", "values", "merge": return try dictionary()
    case "not_null":
      for argument in arguments {
        let found = try argument.search(value)
        if found != .null { return found }
      }
      return .null
    default: return try converted(try argument(0))
    }
  }

  private func argument(_ index: Int) throws(TemplateError) -> Value {
    try arguments[index].search(value)
  }

  /// The error that a value of another type is.
  private func wrong(_ value: Value, _ expected: String...) -> TemplateError {
    let types = expected.map { "'\($0)'" }.joined(separator: ", ")
    return .query(
      "In function \(name)(), invalid type for value: \(PythonText.str(value)), expected one of: "
        + "[\(types)], received: \"\(value.queryType)\"")
  }

  private func list(_ index: Int) throws(TemplateError) -> [Value] {
    let value = try argument(index)
    guard case .list(let items) = value else { throw wrong(value, "array") }
    return items
  }

  private func string(_ index: Int) throws(TemplateError) -> String {
    let value = try argument(index)
    guard case .string(let text) = value else { throw wrong(value, "string") }
    return text
  }

  // MARK: Numbers

  private func number() throws(TemplateError) -> Value {
    if name == "avg" || name == "sum" { return try total() }
    let value = try argument(0)
    guard let number = value.queryNumber else { throw wrong(value, "number") }
    if case .int = value {
      return name == "abs" && number < 0 ? try Arithmetic.apply(.negate, value) : value
    }
    if name == "abs" { return .float(abs(number)) }
    let rounded = number.rounded(name == "ceil" ? .up : .down)
    guard let whole = Int(exactly: rounded) else {
      throw .query("\(value.json()) has no whole number of 64 bits beside it")
    }
    return .int(whole)
  }

  private func total() throws(TemplateError) -> Value {
    let items = try list(0)
    var total = Value.int(0)
    for item in items {
      guard item.queryNumber != nil else { throw wrong(.list(items), "array-number") }
      total = try Arithmetic.apply(.add, total, item)
    }
    if name == "sum" { return total }
    return items.isEmpty ? .null : try Arithmetic.apply(.divide, total, .int(items.count))
  }

  // MARK: Texts and lists

  private func text() throws(TemplateError) -> Value {
    switch name {
    case "contains":
      switch try argument(0) {
      case .string(let text):
        guard case .string(let part) = try argument(1) else { return .bool(false) }
        return .bool(part.isEmpty || text.contains(part))
      case .list(let items):
        let wanted = try argument(1)
        return .bool(items.contains { Comparison.equal($0, wanted) })
      case let other: throw wrong(other, "array", "string")
      }
    case "starts_with": return .bool(try string(0).hasPrefix(try string(1)))
    case "ends_with": return .bool(try string(0).hasSuffix(try string(1)))
    case "join":
      let separator = try string(0)
      let items = try list(1)
      let texts = items.compactMap(\.text)
      guard texts.count == items.count else { throw wrong(.list(items), "array-string") }
      return .string(texts.joined(separator: separator))
    case "reverse":
      switch try argument(0) {
      case .string(let text):
        return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
      case .list(let items): return .list(items.reversed())
      case let other: throw wrong(other, "array", "string")
      }
    default:
      let value = try argument(0)
      switch value {
      case .string, .list, .dict: return .int(value.pythonCount ?? 0)
      default: throw wrong(value, "string", "array", "object")
      }
    }
  }

  // MARK: Order

  private func ordered() throws(TemplateError) -> Value {
    let items = try list(0)
    try check(items, of: items)
    let sorted = try Comparison.sorted(items) { $0 }
    switch name {
    case "sort": return .list(sorted)
    case "min": return sorted.first ?? .null
    default: return sorted.last ?? .null
    }
  }

  /// Only numbers, or only texts, have an order.
  private func check(_ keys: [Value], of items: [Value]) throws(TemplateError) {
    let areNumbers = keys.allSatisfy { $0.queryNumber != nil }
    guard areNumbers || keys.allSatisfy(\.isText) else {
      throw wrong(.list(items), "array-number", "array-string")
    }
  }

  private func applied() throws(TemplateError) -> Value {
    let (itemsIndex, expressionIndex) = name == "map" ? (1, 0) : (0, 1)
    guard case .reference(let expression) = arguments[expressionIndex] else {
      throw .query("In function \(name)(), an expression with `&` is expected")
    }
    let items = try list(itemsIndex)
    var keys: [Value] = []
    for item in items { keys.append(try expression.search(item)) }
    if name == "map" { return .list(keys) }
    try check(keys, of: items)
    // Pairs of a key and its item: Python's sort is stable, and so is this.
    let pairs = zip(keys, items).map { Value.tuple([$0, $1]) }
    let sorted = try Comparison.sorted(pairs) { $0.first }.map(\.last)
    switch name {
    case "sort_by": return .list(sorted)
    case "min_by": return sorted.first ?? .null
    default:
      // Of several that are the greatest, Python takes the first.
      guard let greatest = try Comparison.sorted(keys, by: { $0 }).last else { return .null }
      return items[keys.firstIndex { Comparison.equal($0, greatest) } ?? 0]
    }
  }

  // MARK: Dictionaries

  private func dictionary() throws(TemplateError) -> Value {
    var merged = Value.Dictionary()
    for index in arguments.indices {
      let value = try argument(index)
      guard case .dict(let dict) = value else { throw wrong(value, "object") }
      merged.merge(dict) { _, last in last }
    }
    switch name {
    case "keys": return .list(Array(merged.keys))
    case "values": return .list(Array(merged.values))
    default: return .dict(merged)
    }
  }

  // MARK: Types

  private func converted(_ value: Value) throws(TemplateError) -> Value {
    switch name {
    case "to_array":
      if case .list = value { return value }
      return .list([value])
    case "to_string":
      if case .string = value { return value }
      return .string(value.json(.compact))
    case "to_number":
      if value.queryNumber != nil { return value }
      guard case .string(let text) = value else { return .null }
      if let number = Int(text) { return .int(number) }
      return Double(text).map { .float($0) } ?? .null
    default: return .string(value.queryType)
    }
  }
}

extension Value {
  fileprivate var first: Value {
    if case .tuple(let items) = self, let first = items.first { return first }
    return .null
  }

  fileprivate var last: Value {
    if case .tuple(let items) = self, let last = items.last { return last }
    return .null
  }

  /// What JMESPath calls the type of a value.
  fileprivate var queryType: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .int, .float: "number"
    case .string: "string"
    case .dict: "object"
    default: "array"
    }
  }
}
