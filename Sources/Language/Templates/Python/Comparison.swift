internal import OrderedCollections
internal import Values

/// Python's comparisons on bare values.
enum Comparison {
  static func apply(
    _ comparison: ComparisonOperator, _ left: Value, _ right: Value
  ) throws(TemplateError) -> Bool {
    switch comparison {
    case .equal: return equal(left, right)
    case .notEqual: return !equal(left, right)
    case .less: return try order(left, right, "<") < 0
    case .lessOrEqual: return try order(left, right, "<=") <= 0
    case .greater: return try order(left, right, ">") > 0
    case .greaterOrEqual: return try order(left, right, ">=") >= 0
    case .contained: return try contains(right, left)
    case .notContained: return try !contains(right, left)
    }
  }

  /// Python's `==`: numbers by size whatever their type, dictionaries without order.
  static func equal(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): return true
    case (.string(let one), .string(let other)): return one.utf8.elementsEqual(other.utf8)
    case (.int(let one), .int(let other)): return one == other
    case (.list(let one), .list(let other)), (.tuple(let one), .tuple(let other)):
      return one.count == other.count && zip(one, other).allSatisfy { equal($0, $1) }
    case (.dict(let one), .dict(let other)):
      return one.count == other.count
        && one.allSatisfy { entry in
          other.value(forPythonKey: entry.key).map { equal(entry.value, $0) } ?? false
        }
    default:
      guard let one = left.pythonNumber, let other = right.pythonNumber else { return false }
      return one == other
    }
  }

  /// Below, at or above zero, as `left` is less than, equal to or greater than `right`.
  static func order(
    _ left: Value, _ right: Value, _ symbol: String = "<"
  ) throws(TemplateError) -> Int {
    switch (left, right) {
    case (.int(let one), .int(let other)): return one < other ? -1 : one == other ? 0 : 1
    case (.string(let one), .string(let other)): return order(one, other)
    case (.list(let one), .list(let other)), (.tuple(let one), .tuple(let other)):
      for (item, counterpart) in zip(one, other) where !equal(item, counterpart) {
        return try order(item, counterpart, symbol)
      }
      return one.count - other.count
    default:
      guard let one = left.pythonNumber, let other = right.pythonNumber else {
        throw TemplateError(
          .type,
          "'\(symbol)' not supported between instances of '\(left.pythonTypeName)' and "
            + "'\(right.pythonTypeName)'",
          help: left.isText != right.isText ? "turn text into a number with `| int`" : nil)
      }
      // NaN is neither less nor greater nor equal; calling it greater keeps sorting going.
      return one < other ? -1 : one == other ? 0 : 1
    }
  }

  /// Texts by their code points.
  static func order(_ left: String, _ right: String) -> Int {
    // UTF-8 keeps the order of code points.
    if left.utf8.elementsEqual(right.utf8) { return 0 }
    return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
  }

  /// Python's `item in container`.
  static func contains(_ container: Value, _ item: Value) throws(TemplateError) -> Bool {
    switch container {
    case .list(let items), .tuple(let items): return items.contains { equal($0, item) }
    case .dict(let dict): return dict.value(forPythonKey: item) != nil
    case .string(let text):
      guard case .string(let part) = item else {
        throw TemplateError(
          .type, "'in <string>' requires string as left operand, not \(item.pythonTypeName)")
      }
      return part.isEmpty || text.utf8.firstRange(of: part.utf8) != nil
    default:
      throw TemplateError(
        .type, "argument of type '\(container.pythonTypeName)' is not iterable")
    }
  }

  /// The items in order, or in reversed order; equal ones as they came, as Python has them.
  static func sorted(
    _ items: [Value], isReversed: Bool = false,
    by key: (Value) throws(TemplateError) -> Value
  ) throws(TemplateError) -> [Value] {
    var keyed: [(key: Value, item: Value)] = []
    keyed.reserveCapacity(items.count)
    for item in isReversed ? items.reversed() : items { keyed.append((try key(item), item)) }
    var failure: TemplateError?
    // The standard library's sort is stable.
    keyed.sort { one, other in
      if failure != nil { return false }
      do throws(TemplateError) {
        return try order(one.key, other.key) < 0
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    return isReversed ? keyed.reversed().map(\.item) : keyed.map(\.item)
  }
}

extension String.UTF8View {
  /// Where other bytes are in these; nil where they aren't.
  func firstRange(of other: String.UTF8View) -> Range<Index>? {
    guard let first = other.first else { return startIndex..<startIndex }
    var start = startIndex
    let count = other.count
    while let found = self[start...].firstIndex(of: first) {
      if self[found...].starts(with: other) {
        return found..<index(found, offsetBy: count)
      }
      start = index(after: found)
    }
    return nil
  }
}
