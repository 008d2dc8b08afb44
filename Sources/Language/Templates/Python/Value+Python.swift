internal import OrderedCollections
internal import Values

extension Value {
  /// What Python calls the type.
  var pythonTypeName: String {
    switch self {
    case .null: "NoneType"
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .string: "str"
    case .list: "list"
    case .tuple: "tuple"
    case .dict: "dict"
    case .unknown: "unknown"
    case .marked(let inner, _): inner.pythonTypeName
    }
  }

  /// The text, if this is text.
  var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// The items of a list or a tuple; nil for anything else.
  var sequence: [Value]? {
    switch self {
    case .list(let items), .tuple(let items): items
    default: nil
    }
  }

  /// The number that Python takes where it wants an integer: booleans are integers.
  var pythonInt: Int? {
    switch self {
    case .int(let number): number
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// The number as a floating-point one; nil where this is none.
  var pythonNumber: Double? {
    switch self {
    case .int(let number): Double(number)
    case .bool(let flag): flag ? 1 : 0
    case .float(let number): number
    default: nil
    }
  }

  /// The value with lists in the place of tuples, at any depth: as data that leaves a template.
  var withoutTuples: Value {
    guard hasTuples else { return self }
    switch self {
    case .list(let items), .tuple(let items): return .list(items.map(\.withoutTuples))
    case .dict(let dict):
      return .dict(
        OrderedDictionary(
          dict.map { ($0.key.withoutTuples, $0.value.withoutTuples) },
          uniquingKeysWith: { $1 }))
    case .marked(let inner, let marks):
      return inner.withoutTuples.marked(marks.subtracting(.markup))
    default: return self
    }
  }

  /// Whether there is a tuple or `Markup` in it, which data outside of templates can't be.
  private var hasTuples: Bool {
    switch self {
    case .tuple: true
    case .list(let items): items.contains(where: \.hasTuples)
    case .dict(let dict): dict.contains { $0.key.hasTuples || $0.value.hasTuples }
    case .marked(let inner, let marks): marks.contains(.markup) || inner.hasTuples
    default: false
    }
  }

  /// What a loop over this meets: items, keys, characters.
  func pythonItems() throws(TemplateError) -> [Value] {
    switch self {
    case .list(let items), .tuple(let items): return items
    case .dict(let dict): return Array(dict.keys)
    case .string(let text): return text.unicodeScalars.map { .string(String($0)) }
    default: throw TemplateError(.type, "'\(pythonTypeName)' object is not iterable")
    }
  }

  /// How many items or characters there are; nil where that makes no sense.
  var pythonCount: Int? {
    switch self {
    case .list(let items), .tuple(let items): items.count
    case .dict(let dict): dict.count
    case .string(let text): text.unicodeScalars.count
    default: nil
    }
  }

  /// `self[key]`; nil where there is no such item.
  func pythonElement(_ key: Value) -> Value? {
    switch self {
    case .dict(let dict): return dict.value(forPythonKey: key)
    case .list(let items), .tuple(let items):
      guard let index = key.pythonInt else { return nil }
      let at = index < 0 ? index + items.count : index
      guard items.indices.contains(at) else { return nil }
      return items[at]
    case .string(let text):
      guard let index = key.pythonInt else { return nil }
      let scalars = text.unicodeScalars
      let offset = index < 0 ? index + scalars.count : index
      guard offset >= 0,
        let at = scalars.index(scalars.startIndex, offsetBy: offset, limitedBy: scalars.endIndex),
        at < scalars.endIndex
      else { return nil }
      return .string(String(scalars[at]))
    default: return nil
    }
  }

  /// The value as a dictionary's key; lists and dictionaries can't be one.
  func dictionaryKey() throws(TemplateError) -> Value {
    switch unmarked() {
    case .list, .dict:
      throw TemplateError(.type, "unhashable type: '\(pythonTypeName)'")
    default: return unmarked()
    }
  }
}

/// The same under a name that `OrderedDictionary` has no parameter of.
typealias JinjaValue = Value

extension OrderedDictionary where Key == JinjaValue, Value == JinjaValue {
  /// The entry under a key that Python takes for equal: `1`, `1.0` and `true` are one.
  func value(forPythonKey key: JinjaValue) -> JinjaValue? {
    if let found = self[key] { return found }
    return pythonTwin(of: key).flatMap { self[$0] }
  }

  /// Sets an entry; a key that Python takes for equal stays as it is.
  mutating func set(_ value: JinjaValue, forPythonKey key: JinjaValue) {
    self[self[key] == nil ? pythonTwin(of: key) ?? key : key] = value
  }

  private func pythonTwin(of key: JinjaValue) -> JinjaValue? {
    guard let number = key.pythonNumber else { return nil }
    var twins: [JinjaValue] = [.float(number)]
    if let integer = Int(exactly: number) { twins.append(.int(integer)) }
    if number == 0 || number == 1 { twins.append(.bool(number == 1)) }
    return twins.first { self[$0] != nil }
  }
}
