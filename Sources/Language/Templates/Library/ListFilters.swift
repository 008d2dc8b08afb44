internal import Values

/// Filters of sequences.
enum ListFilters {
  static let all: [LibraryFunction] = basic + ordering + grouping

  private static let basic: [LibraryFunction] = [
    LibraryFunction("list") { (call: OperandCall) throws(TemplateError) -> Operand in
      if case .value(let value) = call.input, case .unknown = value.unmarked() { return call.input }
      return Operand(list: try call.evaluator.items(of: call.input))
    },
    length, length.named("count"),
    end("first", { $0.first }, "No first item, sequence was empty."),
    end("last", { $0.last }, "No last item, sequence was empty."),
    LibraryFunction(
      "reverse",
      items: { (call) throws(TemplateError) in
        if case .string(let text) = call.input {
          return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
        }
        return .list(try call.items().reversed())
      }),
    LibraryFunction(
      "join", "d?", "attribute?",
      whole: { (call) throws(TemplateError) in
        var items = try call.items()
        if let attribute = call["attribute"], attribute != .null {
          let path = try AttributePath(attribute)
          items = items.map { path.resolve(in: $0) ?? .string("") }
        }
        return .string(items.map(PythonText.str).joined(separator: call.text("d") ?? ""))
      }),
    LibraryFunction(
      "flatten", "levels?", "skip_nulls?",
      items: { (call) throws(TemplateError) in
        .list(
          flatten(
            try call.items(), levels: try call.int("levels"),
            skipsNulls: call.flag("skip_nulls", default: true)))
      }),
    LibraryFunction(
      "zip", "*others", "strict?",
      items: { (call) throws(TemplateError) in
        .list(try zip(call, padding: nil))
      }),
    LibraryFunction(
      "zip_longest", "*others", "fillvalue?",
      items: { (call) throws(TemplateError) in
        .list(try zip(call, padding: call.value("fillvalue")))
      }),
  ]

  private static let length = LibraryFunction(
    "length",
    items: { (call) throws(TemplateError) in
      guard let count = call.input.pythonCount else {
        throw TemplateError(.type, "object of type '\(call.input.pythonTypeName)' has no len()")
      }
      return .int(count)
    })

  private static func end(
    _ name: String, _ choose: @escaping @Sendable ([Operand]) -> Operand?, _ message: String
  ) -> LibraryFunction {
    LibraryFunction(name) { (call: OperandCall) throws(TemplateError) -> Operand in
      if case .value(let value) = call.input, case .unknown = value.unmarked() { return call.input }
      return choose(try call.evaluator.items(of: call.input))
        ?? call.evaluator.undefined(message, at: 0)
    }
  }

  private static func flatten(_ items: [Value], levels: Int?, skipsNulls: Bool) -> [Value] {
    var result: [Value] = []
    for item in items {
      if skipsNulls, item == .null || item == .string("None") || item == .string("null") {
        continue
      }
      guard case .list(let inner) = item.unmarked(), levels.map({ $0 > 0 }) ?? true else {
        result.append(item)
        continue
      }
      result += flatten(
        inner.map { $0.marked(item.marks) }, levels: levels.map { $0 - 1 },
        skipsNulls: skipsNulls)
    }
    return result
  }

  private static func zip(_ call: Call, padding: Value?) throws(TemplateError) -> [Value] {
    var columns = [try call.items()]
    if case .list(let others) = call.value("others") {
      for other in others { columns.append(try other.unmarked().pythonItems()) }
    }
    let counts = columns.map(\.count)
    if padding == nil, call.flag("strict", default: false), Set(counts).count > 1 {
      throw call.failure("zip() arguments have different lengths")
    }
    let count = (padding == nil ? counts.min() : counts.max()) ?? 0
    return (0..<count).map { row in
      .list(columns.map { row < $0.count ? $0[row] : padding ?? .null })
    }
  }

  // MARK: Order

  private static let ordering: [LibraryFunction] = [
    LibraryFunction(
      "sort", "reverse?", "case_sensitive?", "attribute?",
      whole: { (call) throws(TemplateError) in
        let key = try SortKey(call)
        let items = try call.items()
        // Python's reversed sort keeps equal items in their order.
        guard call.flag("reverse", default: false) else {
          return .list(
            try Comparison.sorted(items) { (item) throws(TemplateError) in
              try key.key(of: item)
            })
        }
        let sorted = try Comparison.sorted(items.reversed()) { (item) throws(TemplateError) in
          try key.key(of: item)
        }
        return .list(sorted.reversed())
      }),
    LibraryFunction(
      "unique", "case_sensitive?", "attribute?",
      whole: { (call) throws(TemplateError) in
        let key = try SortKey(call)
        var seen: [Value] = []
        var result: [Value] = []
        for item in try call.items() {
          let value = try key.key(of: item)
          if seen.contains(where: { Comparison.equal($0, value) }) { continue }
          seen.append(value)
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
        let path = try AttributePath(call.value("attribute"))
        for item in try call.items() {
          guard let value = path.resolve(in: item) else {
            throw TemplateError(.undefined, "an item has no attribute to sum")
          }
          total = try Arithmetic.apply(.add, total, value)
        }
        return total
      }),
  ]

  private static func extreme(_ name: String, prefersGreater: Bool) -> LibraryFunction {
    LibraryFunction(name) { (call: OperandCall) throws(TemplateError) -> Operand in
      let empty = try call.evaluator.value(of: call.input).pythonCount == 0
      if empty { return call.evaluator.undefined("No aggregated item, sequence was empty.", at: 0) }
      return try call.evaluator.apply(
        prefersGreater ? greatest : least, to: call.input, call.arguments)
    }
  }

  private static let least = choice("min", prefersGreater: false)
  private static let greatest = choice("max", prefersGreater: true)

  private static func choice(_ name: String, prefersGreater: Bool) -> LibraryFunction {
    LibraryFunction(
      name, "case_sensitive?", "attribute?",
      whole: { (call) throws(TemplateError) in
        let key = try SortKey(call)
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

  // MARK: Groups

  /// Pairs of what the items of a group have in common and these items.
  private static let groupby = LibraryFunction(
    "groupby", "attribute", "default?", "case_sensitive?",
    whole: { (call) throws(TemplateError) in
      let path = try AttributePath(call.value("attribute"))
      let ignoresCase = !call.flag("case_sensitive", default: false)
      var keyed: [(key: Value, grouper: Value, item: Value)] = []
      for item in try call.items() {
        guard let grouper = path.resolve(in: item) ?? call["default"] else {
          throw TemplateError(
            .undefined, "object of type '\(item.pythonTypeName)' has no attribute '\(path.name)'")
        }
        keyed.append((ignoresCase ? SortKey.lowercased(grouper) : grouper, grouper, item))
      }
      let order = try Comparison.sorted(keyed.indices.map { .int($0) }) {
        (index) throws(TemplateError) in keyed[index.pythonInt ?? 0].key
      }
      var groups: [(key: Value, grouper: Value, items: [Value])] = []
      for index in order {
        let entry = keyed[index.pythonInt ?? 0]
        if let last = groups.last, Comparison.equal(last.key, entry.key) {
          groups[groups.count - 1].items.append(entry.item)
        } else {
          groups.append((entry.key, entry.grouper, [entry.item]))
        }
      }
      return .list(groups.map { .list([$0.grouper, .list($0.items)]) })
    })

  private static let grouping: [LibraryFunction] = [
    LibraryFunction("groupby") { (call: OperandCall) throws(TemplateError) -> Operand in
      let groups = try call.evaluator.apply(groupby, to: call.input, call.arguments)
      guard case .value(.list(let pairs)) = groups else { return groups }
      return .sequence(pairs.map { .object(GroupObject($0)) })
    },
    LibraryFunction(
      "batch", "linecount", "fill_with?",
      items: { (call) throws(TemplateError) in
        let items = try call.items()
        guard let size = try call.int("linecount"), size > 0 else {
          throw call.failure("batch needs a count above 0")
        }
        return .list(
          stride(from: 0, to: items.count, by: size).map { start in
            var batch = Array(items[start..<min(start + size, items.count)])
            if let fill = call["fill_with"], fill != .null {
              batch += Array(repeating: fill, count: size - batch.count)
            }
            return .list(batch)
          })
      }),
    LibraryFunction(
      "slice", "slices", "fill_with?",
      items: { (call) throws(TemplateError) in
        let items = try call.items()
        guard let count = try call.int("slices"), count > 0, count <= Session.itemLimit else {
          throw call.failure("slice needs a count above 0")
        }
        let (size, longer) = items.count.quotientAndRemainder(dividingBy: count)
        var start = 0
        return .list(
          (0..<count).map { number in
            let end = start + size + (number < longer ? 1 : 0)
            var slice = Array(items[start..<end])
            start = end
            if let fill = call["fill_with"], fill != .null, longer > 0, number >= longer {
              slice.append(fill)
            }
            return .list(slice)
          })
      }),
  ]
}

/// What items are ordered by: an attribute, without regard to case unless that is wanted.
struct SortKey {
  private let paths: [AttributePath]
  private let ignoresCase: Bool

  init(_ call: Call) throws(TemplateError) {
    ignoresCase = !call.flag("case_sensitive", default: false)
    var paths: [AttributePath] = []
    switch call.value("attribute") {
    case .string(let several):
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
      guard let value = path.resolve(in: item) else {
        throw TemplateError(
          .undefined, "object of type '\(item.pythonTypeName)' has no attribute '\(path.name)'")
      }
      keys.append(ignoresCase ? Self.lowercased(value) : value)
    }
    return keys.count == 1 ? keys[0] : .list(keys)
  }

  static func lowercased(_ value: Value) -> Value {
    if case .string(let text) = value { return .string(text.lowercased()) }
    return value
  }
}

/// One of the groups of `groupby`: a pair whose halves also have names.
final class GroupObject: LazyCollection {
  let typeName = "_GroupTuple"
  private let pair: Value

  init(_ pair: Value) { self.pair = pair }

  var isEmpty: Bool { false }
  var sample: Value { .list([]) }

  func items() throws(TemplateError) -> [Operand] {
    try pair.pythonItems().map { .value($0) }
  }

  func element(_ key: Value) throws(TemplateError) -> Operand? {
    pair.pythonElement(key).map { .value($0) }
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    switch name {
    case "grouper": try element(0)
    case "list": try element(1)
    default: nil
    }
  }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value { pair }
}
