internal import Values

/// Filters that order items, and choose or add up by that.
enum OrderFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "sort", "reverse?", "case_sensitive?", "attribute?",
      whole: { (call) throws(TemplateError) in
        let key = try SortKey(call)
        return .list(
          try Comparison.sorted(
            try call.items(), isReversed: call.flag("reverse", default: false)
          ) { (item) throws(TemplateError) in try key.key(of: item) })
      }),
    LibraryFunction(
      "dictsort", "case_sensitive?", "by?", "reverse?",
      whole: { (call) throws(TemplateError) in
        guard case .dict(let dict) = call.input else { throw call.missing("items") }
        let by = call.text("by") ?? "key"
        guard by == "key" || by == "value" else {
          throw call.failure("You can only sort by either \"key\" or \"value\"")
        }
        let ignoresCase = !call.flag("case_sensitive", default: false)
        return .list(
          try Comparison.sorted(
            dict.map { Value.tuple([$0.key, $0.value]) },
            isReversed: call.flag("reverse", default: false)
          ) { (pair) throws(TemplateError) in
            let key = pair.pythonElement(.int(by == "value" ? 1 : 0)) ?? .null
            return ignoresCase ? SortKey.lowercased(key) : key
          })
      }),
    LibraryFunction(
      "unique", "case_sensitive?", "attribute?",
      whole: { (call) throws(TemplateError) in
        let key = try SortKey(call, severalAttributes: false)
        var seen = PythonSet()
        var result: [Value] = []
        for item in try call.items() where seen.insert(try key.key(of: item)) {
          result.append(item)
        }
        return .list(result)
      }),
    extreme("min", prefersGreater: false),
    extreme("max", prefersGreater: true),
    LibraryFunction(
      "sum", "attribute?", "start?",
      whole: { (call) throws(TemplateError) in
        var total = call["start"] ?? .int(0)
        if total.isText {
          throw TemplateError(.type, "sum() can't sum strings [use ''.join(seq) instead]")
        }
        let path = try AttributePath(call.value("attribute"))
        var items = try call.items()
        for index in items.indices {
          items[index] = try path.require(in: items[index], call.evaluator.dialect)
        }
        // Lists are joined at once: adding them one by one would copy all at each step.
        if case .list(var joined) = total {
          for item in items {
            guard case .list(let more) = item else {
              throw TemplateError(
                .type,
                "can only concatenate list (not \"\(item.pythonTypeName)\") to list")
            }
            joined += more
          }
          return .list(joined)
        }
        for item in items { total = try Arithmetic.apply(.add, total, item) }
        return total
      }),
  ]

  private static func extreme(_ name: String, prefersGreater: Bool) -> LibraryFunction {
    let choice = choice(name, prefersGreater: prefersGreater)
    return LibraryFunction(name) { (call: OperandCall) throws(TemplateError) -> Operand in
      let empty = try call.evaluator.value(of: call.input).pythonCount == 0
      if empty { return call.evaluator.undefined("No aggregated item, sequence was empty.", at: 0) }
      return try call.evaluator.apply(choice, to: call.input, call.arguments)
    }
  }

  private static func choice(_ name: String, prefersGreater: Bool) -> LibraryFunction {
    LibraryFunction(
      name, "case_sensitive?", "attribute?",
      whole: { (call) throws(TemplateError) in
        let key = try SortKey(call, severalAttributes: false)
        var best: (key: Value, item: Value)?
        for item in try call.items() {
          let value = try key.key(of: item)
          if let current = best {
            let order = try Comparison.order(value, current.key, prefersGreater ? ">" : "<")
            if prefersGreater ? order <= 0 : order >= 0 { continue }
          }
          best = (value, item)
        }
        return best?.item ?? .null
      })
  }
}

/// What items are ordered by: an attribute, without regard to case unless that is wanted.
struct SortKey {
  private let paths: [AttributePath]
  private let ignoresCase: Bool
  private let dialect: Dialect

  init(_ call: Call, severalAttributes: Bool = true) throws(TemplateError) {
    ignoresCase = !call.flag("case_sensitive", default: false)
    dialect = call.evaluator.dialect
    var paths: [AttributePath] = []
    switch call.value("attribute") {
    case .string(let several) where severalAttributes:
      for one in several.split(separator: ",") {
        paths.append(try AttributePath(.string(String(one))))
      }
    case .null: break
    case let other: paths = [try AttributePath(other)]
    }
    self.paths = paths
  }

  func key(of item: Value) throws(TemplateError) -> Value {
    if paths.isEmpty { return ignoresCase ? Self.lowercased(item) : item }
    var keys: [Value] = []
    for path in paths {
      let value = try path.require(in: item, dialect)
      keys.append(ignoresCase ? Self.lowercased(value) : value)
    }
    return keys.count == 1 ? keys[0] : .list(keys)
  }

  static func lowercased(_ value: Value) -> Value {
    if case .string(let text) = value { return .string(PythonString.lower(text)) }
    return value
  }
}
