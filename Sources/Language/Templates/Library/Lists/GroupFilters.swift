internal import Values

/// Filters that put items into groups.
enum GroupFilters {
  static let all: [LibraryFunction] = [
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
        try Session.checkItems(size)
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
        let count = try call.int("slices") ?? 0
        if count == 0 { throw call.failure("integer division or modulo by zero") }
        try Session.checkItems(count)
        // Less than none makes none, as a range of negative length does.
        guard count > 0 else { return [] }
        let (size, longer) = items.count.quotientAndRemainder(dividingBy: count)
        var start = 0
        return .list(
          (0..<count).map { number in
            let end = start + size + (number < longer ? 1 : 0)
            var slice = Array(items[start..<end])
            start = end
            if let fill = call["fill_with"], fill != .null, number >= longer { slice.append(fill) }
            return .list(slice)
          })
      }),
  ]

  /// Pairs of what the items of a group have in common and these items.
  private static let groupby = LibraryFunction(
    "groupby", "attribute", "default?", "case_sensitive?",
    whole: { (call) throws(TemplateError) in
      let path = try AttributePath(call.value("attribute"))
      let ignoresCase = !call.flag("case_sensitive", default: false)
      let standard = call["default"].flatMap { $0 == .null ? nil : $0 }
      var keyed: [(key: Value, grouper: Value, item: Value)] = []
      for item in try call.items() {
        let grouper: Value
        if let found = path.resolve(in: item) ?? standard {
          grouper = found
        } else {
          grouper = try path.require(in: item, call.evaluator.dialect)
        }
        keyed.append((ignoresCase ? SortKey.lowercased(grouper) : grouper, grouper, item))
      }
      let order = try Comparison.sorted(keyed.indices.map { .int($0) }) {
        (index) throws(TemplateError) in keyed[index.pythonInt ?? 0].key
      }
      var groups: [(key: Value, grouper: Value, items: [Value])] = []
      for index in order {
        let entry = keyed[index.pythonInt ?? 0]
        // Only the key is looked at: a second holder of the items would have them copied.
        if let key = groups.last?.key, Comparison.equal(key, entry.key) {
          groups[groups.count - 1].items.append(entry.item)
        } else {
          groups.append((entry.key, entry.grouper, [entry.item]))
        }
      }
      return .list(groups.map { .tuple([$0.grouper, .list($0.items)]) })
    })
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
