internal import OrderedCollections

extension Value {
  /// This value with marks added; the only maker of `.marked`.
  package func marked(_ marks: Marks) -> Value {
    if marks.isEmpty { return self }
    if case .marked(let inner, let already) = self { return .marked(inner, already.union(marks)) }
    return .marked(self, marks)
  }

  /// The marks of this value itself, not of what it holds.
  package var marks: Marks {
    if case .marked(_, let marks) = self { return marks }
    return .none
  }

  /// The value without its own marks: the way out of secrecy, easy to search for.
  package func unmarked() -> Value {
    if case .marked(let inner, _) = self { return inner }
    return self
  }

  /// The value without any mark at any depth; for what is sent to a host.
  package func unmarkedDeeply() -> Value {
    switch self {
    case .marked(let inner, _): inner.unmarkedDeeply()
    case .list(let items): .list(items.map { $0.unmarkedDeeply() })
    case .tuple(let items): .tuple(items.map { $0.unmarkedDeeply() })
    case .dict(let dict):
      .dict(
        OrderedDictionary(
          dict.map { ($0.key.unmarkedDeeply(), $0.value.unmarkedDeeply()) },
          uniquingKeysWith: { $1 }))
    default: self
    }
  }

  /// The marks of this value and of everything in it.
  package var marksDeeply: Marks {
    switch self {
    case .marked(let inner, let marks): inner.marksDeeply.union(marks)
    case .list(let items), .tuple(let items):
      items.reduce(into: .none) { $0.formUnion($1.marksDeeply) }
    case .dict(let dict):
      dict.reduce(into: .none) { $0.formUnion($1.key.marksDeeply.union($1.value.marksDeeply)) }
    default: .none
    }
  }

  /// The first thing in this value that only `apply` can tell; nil where all is known.
  package var firstUnknown: Unknown? {
    switch self {
    case .unknown(let unknown): return unknown
    case .marked(let inner, _): return inner.firstUnknown
    case .list(let items), .tuple(let items):
      for item in items { if let unknown = item.firstUnknown { return unknown } }
      return nil
    case .dict(let dict):
      for (key, value) in dict {
        if let unknown = key.firstUnknown ?? value.firstUnknown { return unknown }
      }
      return nil
    default: return nil
    }
  }

  /// Applies `operation` to bare, known operands, and gives the result their marks.
  ///
  /// Where an operand is unknown the result is unknown, with the marks of all operands.
  package static func lift<Failure: Error>(
    _ operands: [Value], _ operation: ([Value]) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    var marks = Marks.none
    for operand in operands { marks.formUnion(operand.marks) }
    let bare = marks.isEmpty ? operands : operands.map { $0.unmarked() }
    for operand in bare {
      if case .unknown = operand { return operand.marked(marks) }
    }
    return try operation(bare).marked(marks)
  }
}

extension Value: CustomStringConvertible, CustomDebugStringConvertible {
  /// For people: `(secret)` and `(known after apply)` where that is so; text bare, the rest as JSON.
  package var description: String {
    if case .string(let text) = self { return text }
    return shown
  }

  package var debugDescription: String { shown }

  private var shown: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .float(let number): String(number)
    case .string(let text):
      "\""
        + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        .replacing("\n", with: "\\n") + "\""
    case .list(let items), .tuple(let items):
      "[" + items.map(\.shown).joined(separator: ", ") + "]"
    case .dict(let dict):
      "{" + dict.map { "\($0.key.shown): \($0.value.shown)" }.joined(separator: ", ") + "}"
    case .unknown: "(known after apply)"
    case .marked(_, let marks) where marks.contains(.secret): "(secret)"
    case .marked(let inner, _): inner.shown
    }
  }
}
