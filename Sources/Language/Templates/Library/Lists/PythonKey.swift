internal import OrderedCollections
internal import Values

/// A value as Python's sets and dictionaries tell it apart: `1`, `1.0` and `true` are one.
///
/// Lists and dictionaries, which Python can't hash, are told apart by what they hold.
struct PythonKey: Hashable {
  let value: Value

  static func == (left: PythonKey, right: PythonKey) -> Bool {
    Comparison.equal(left.value, right.value)
  }

  func hash(into hasher: inout Hasher) {
    switch value {
    case .null: hasher.combine(0)
    case .string(let text): hasher.combine(text)
    case .bool, .int, .float:
      let number = value.pythonNumber ?? 0
      if let integer = value.pythonInt ?? Int(exactly: number) {
        hasher.combine(integer)
      } else {
        hasher.combine(number)
      }
    case .list(let items), .tuple(let items):
      hasher.combine(items.count)
      for item in items { PythonKey(value: item).hash(into: &hasher) }
    case .dict(let dict):
      // Order doesn't count, so the entries' hashes are joined by what doesn't mind it.
      var sum = 0
      for (key, value) in dict {
        var entry = Hasher()
        PythonKey(value: key).hash(into: &entry)
        PythonKey(value: value).hash(into: &entry)
        sum ^= entry.finalize()
      }
      hasher.combine(sum)
    case .unknown, .marked: hasher.combine(value)
    }
  }
}

/// A set of values as Python has them.
struct PythonSet {
  private var keys: Set<PythonKey> = []

  init(_ items: [Value] = []) { keys = Set(items.map { PythonKey(value: $0) }) }

  func contains(_ item: Value) -> Bool { keys.contains(PythonKey(value: item)) }

  /// Whether the item is new.
  mutating func insert(_ item: Value) -> Bool { keys.insert(PythonKey(value: item)).inserted }
}
