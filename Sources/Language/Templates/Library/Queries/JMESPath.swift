internal import OrderedCollections
internal import Values

/// An expression of JMESPath, the query language of `json_query`.
///
/// Rules: jmespath.org's specification, and where that is silent the Python package.
indirect enum JMESPath {
  case current
  case field(String)
  case index(Int)
  case slice(Int?, Int?, Int?)
  case literal(Value)
  /// The right side, asked of what the left gives: `a.b`, `a[0]`, `a | b`.
  case chain(JMESPath, JMESPath)
  /// The right side, asked of each item of the list that the left gives.
  case projection(JMESPath, JMESPath)
  /// The same for the values of a dictionary.
  case valueProjection(JMESPath, JMESPath)
  /// The same for those items for which the condition is true.
  case filterProjection(JMESPath, if: JMESPath, JMESPath)
  case flatten(JMESPath)
  case list([JMESPath])
  case dict([(key: String, value: JMESPath)])
  case comparison(String, JMESPath, JMESPath)
  case or(JMESPath, JMESPath)
  case and(JMESPath, JMESPath)
  case not(JMESPath)
  case function(String, [JMESPath])
  /// `&expression`, which functions apply to items.
  case reference(JMESPath)

  /// What it finds in a value; none where there is nothing.
  func search(_ value: Value) throws(TemplateError) -> Value {
    switch self {
    case .current: return value
    case .literal(let literal): return literal
    case .field(let name): return value[name] ?? .null
    case .index, .slice: return try item(of: value)
    case .chain(let left, let right): return try right.search(try left.search(value))
    case .projection, .valueProjection, .filterProjection, .flatten: return try project(value)
    case .list(let items):
      if value == .null { return .null }
      return .list(try items.map { (item) throws(TemplateError) in try item.search(value) })
    case .dict(let entries):
      if value == .null { return .null }
      var dict = Value.Dictionary()
      for (key, entry) in entries { dict[.string(key)] = try entry.search(value) }
      return .dict(dict)
    case .comparison(let name, let left, let right):
      return Self.compare(name, try left.search(value), try right.search(value))
    case .or(let left, let right):
      let first = try left.search(value)
      return first.isTruthyInQuery ? first : try right.search(value)
    case .and(let left, let right):
      let first = try left.search(value)
      return first.isTruthyInQuery ? try right.search(value) : first
    case .not(let inner): return .bool(!(try inner.search(value).isTruthyInQuery))
    case .function(let name, let arguments):
      return try JMESPathFunction(name, arguments, value).result()
    case .reference: throw .query("an expression with `&` can only be handed to a function")
    }
  }

  private func item(of value: Value) throws(TemplateError) -> Value {
    guard case .list(let items) = value else { return .null }
    switch self {
    case .index(let index):
      let at = index < 0 ? index + items.count : index
      return items.indices.contains(at) ? items[at] : .null
    case .slice(let start, let stop, let step):
      if step == 0 {
        throw TemplateError(
          .other, "Error in jmespath.search in json_query filter plugin:",
          help: "slice step cannot be zero")
      }
      let bounds = [start, stop, step].map { $0.map { Value.int($0) } ?? .null }
      return try PythonSlice(bounds[0], bounds[1], bounds[2]).apply(to: value)
    default: return .null
    }
  }

  private func project(_ value: Value) throws(TemplateError) -> Value {
    switch self {
    case .projection(let left, let right):
      guard case .list(let items) = try left.search(value) else { return .null }
      return try right.search(each: items)
    case .valueProjection(let left, let right):
      guard case .dict(let dict) = try left.search(value) else { return .null }
      return try right.search(each: Array(dict.values))
    case .filterProjection(let left, let condition, let right):
      guard case .list(let items) = try left.search(value) else { return .null }
      var kept: [Value] = []
      for item in items where try condition.search(item).isTruthyInQuery { kept.append(item) }
      return try right.search(each: kept)
    case .flatten(let inner):
      guard case .list(let items) = try inner.search(value) else { return .null }
      var flat: [Value] = []
      for item in items {
        if case .list(let more) = item { flat += more } else { flat.append(item) }
      }
      return .list(flat)
    default: return .null
    }
  }

  /// What it finds in each item, without those in which it finds nothing.
  private func search(each items: [Value]) throws(TemplateError) -> Value {
    var found: [Value] = []
    for item in items {
      let value = try search(item)
      if value != .null { found.append(value) }
    }
    return .list(found)
  }

  private static func compare(_ name: String, _ left: Value, _ right: Value) -> Value {
    switch name {
    case "==": return .bool(left.equalsInQuery(right))
    case "!=": return .bool(!left.equalsInQuery(right))
    default:
      let order: (Double, Double)
      switch (left, right) {
      case (.string(let one), .string(let other)):
        order =
          one == other
          ? (0, 0)
          : one.unicodeScalars.lexicographicallyPrecedes(other.unicodeScalars) ? (0, 1) : (1, 0)
      default:
        guard let one = left.queryNumber, let other = right.queryNumber else { return .null }
        order = (one, other)
      }
      switch name {
      case "<": return .bool(order.0 < order.1)
      case "<=": return .bool(order.0 <= order.1)
      case ">": return .bool(order.0 > order.1)
      default: return .bool(order.0 >= order.1)
      }
    }
  }
}

extension Value {
  /// All but none, false and what is empty: zero is true.
  var isTruthyInQuery: Bool {
    switch self {
    case .null, .bool(false), .string(""): false
    case .list(let items): !items.isEmpty
    case .dict(let dict): !dict.isEmpty
    default: true
    }
  }

  /// A number that is no truth value; nil for all else.
  var queryNumber: Double? {
    switch self {
    case .int(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }

  /// As Python's `==`, but `true` isn't 1.
  func equalsInQuery(_ other: Value) -> Bool {
    switch (self, other) {
    case (.bool, .int), (.bool, .float), (.int, .bool), (.float, .bool): false
    default: Comparison.equal(self, other)
    }
  }
}
