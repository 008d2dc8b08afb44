internal import Values

/// Filters that put items of lists together in all ways: Python's `zip` and `itertools`.
enum CombinationFilters {
  static let all: [LibraryFunction] = [
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
    LibraryFunction(
      "product", "*others", "repeat?",
      items: { (call) throws(TemplateError) in
        var columns = try columns(call)
        let times = max(0, try call.int("repeat") ?? 1)
        try limit(times > 64 ? Int.max : 0)
        columns = Array(repeatElement(columns, count: times).joined())
        var total = 1.0
        for column in columns { total *= Double(column.count) }
        try limit(total)
        var rows: [[Value]] = [[]]
        for column in columns { rows = rows.flatMap { row in column.map { row + [$0] } } }
        return .list(rows.map { .tuple($0) })
      }),
    LibraryFunction(
      "permutations", "r?",
      items: { (call) throws(TemplateError) in
        let items = try call.items()
        let count = try call.int("r") ?? items.count
        return .list(try choices(items, count, inOrder: false).map { .tuple($0) })
      }),
    LibraryFunction(
      "combinations", "r?",
      items: { (call) throws(TemplateError) in
        guard let count = try call.int("r") else {
          throw TemplateError(
            .type, "combinations() missing required argument 'r' (pos 2)")
        }
        return .list(try choices(try call.items(), count, inOrder: true).map { .tuple($0) })
      }),
  ]

  private static func columns(_ call: Call) throws(TemplateError) -> [[Value]] {
    var columns = [try call.items()]
    if case .list(let others) = call.value("others") {
      for other in others { columns.append(try other.unmarked().pythonItems()) }
    }
    return columns
  }

  private static func zip(_ call: Call, padding: Value?) throws(TemplateError) -> [Value] {
    let columns = try columns(call)
    let counts = columns.map(\.count)
    if padding == nil, call.flag("strict", default: false),
      let odd = counts.firstIndex(where: { $0 != counts[0] })
    {
      let before = odd == 1 ? "argument 1" : "arguments 1-\(odd)"
      throw call.failure(
        "zip() argument \(odd + 1) is \(counts[odd] < counts[0] ? "shorter" : "longer") than \(before)"
      )
    }
    let count = (padding == nil ? counts.min() : counts.max()) ?? 0
    return (0..<count).map { row in
      .tuple(columns.map { row < $0.count ? $0[row] : padding ?? .null })
    }
  }

  private static func limit(_ count: some BinaryInteger) throws(TemplateError) {
    try limit(Double(count))
  }

  private static func limit(_ count: Double) throws(TemplateError) {
    if count > 1_000_000 { throw TemplateError(.limit, "more than 1000000 combinations") }
  }

  /// The ways to take `count` items, in the order of their places.
  private static func choices(
    _ items: [Value], _ count: Int, inOrder: Bool
  ) throws(TemplateError) -> [[Value]] {
    guard count >= 0 else { throw TemplateError(.other, "r must be non-negative") }
    guard count <= items.count else { return [] }
    var total = 1.0
    for taken in 0..<count {
      total *= Double(items.count - taken) / (inOrder ? Double(taken + 1) : 1)
      try limit(inOrder ? 0 : total)
    }
    try limit(total)
    var found: [[Value]] = []
    var chosen: [Int] = []
    var isTaken = [Bool](repeating: false, count: items.count)
    func extend() {
      if chosen.count == count {
        found.append(chosen.map { items[$0] })
        return
      }
      let first = inOrder ? (chosen.last ?? -1) + 1 : 0
      let last = inOrder ? items.count - (count - chosen.count) : items.count - 1
      guard first <= last else { return }
      for index in first...last where !isTaken[index] {
        isTaken[index] = true
        chosen.append(index)
        extend()
        chosen.removeLast()
        isTaken[index] = false
      }
    }
    // Deeper than this a stack may not reach; there are few ways to take nearly all items.
    if count > 1000 { throw TemplateError(.limit, "combinations of more than 1000 items") }
    extend()
    return found
  }
}
