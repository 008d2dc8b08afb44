internal import Values

/// Filters that take lists as sets.
enum SetFilters {
  static let all: [LibraryFunction] = [
    set("union") { unique($0 + $1) },
    set("intersect") { (one, other) in unique(one.filter { contains(other, $0) }) },
    set("difference") { (one, other) in unique(one.filter { !contains(other, $0) }) },
    set("symmetric_difference") { (one, other) in
      let all = unique(one + other)
      return all.filter { !(contains(one, $0) && contains(other, $0)) }
    },
    LibraryFunction(
      "product", "*others", "repeat?",
      items: { (call) throws(TemplateError) in
        var columns = [try call.items()]
        if case .list(let others) = call.value("others") {
          for other in others { columns.append(try other.unmarked().pythonItems()) }
        }
        let times = max(0, try call.int("repeat") ?? 1)
        columns = Array(repeatElement(columns, count: min(times, 64)).joined())
        var rows: [[Value]] = [[]]
        for column in columns {
          try limit(rows.count * column.count)
          rows = rows.flatMap { row in column.map { row + [$0] } }
        }
        return .list(rows.map { .list($0) })
      }),
    LibraryFunction(
      "permutations", "r?",
      items: { (call) throws(TemplateError) in
        let items = try call.items()
        return .list(
          try choices(items, try call.int("r") ?? items.count, inOrder: false).map { .list($0) })
      }),
    LibraryFunction(
      "combinations", "r",
      items: { (call) throws(TemplateError) in
        .list(
          try choices(try call.items(), try call.int("r") ?? 0, inOrder: true).map { .list($0) })
      }),
  ]

  private static func set(
    _ name: String, _ combine: @escaping @Sendable ([Value], [Value]) -> [Value]
  ) -> LibraryFunction {
    LibraryFunction(
      name, "b",
      whole: { (call) throws(TemplateError) in
        .list(combine(try call.items(), try call.value("b").pythonItems()))
      })
  }

  private static func contains(_ items: [Value], _ item: Value) -> Bool {
    items.contains { Comparison.equal($0, item) }
  }

  private static func unique(_ items: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return items.filter { seen.insert($0).inserted }
  }

  private static func limit(_ count: Int) throws(TemplateError) {
    if count > 1_000_000 { throw TemplateError(.limit, "more than 1000000 combinations") }
  }

  private static func choices(
    _ items: [Value], _ count: Int, inOrder: Bool
  ) throws(TemplateError) -> [[Value]] {
    guard count >= 0, count <= items.count else { return [] }
    var total = 1.0
    for taken in 0..<count {
      total *= Double(items.count - taken) / (inOrder ? Double(taken + 1) : 1)
    }
    try limit(total > 1e9 ? Int.max : Int(total))
    var chosen: [[Int]] = [[]]
    for _ in 0..<count {
      var longer: [[Int]] = []
      for indices in chosen {
        for index in items.indices {
          if inOrder ? index <= indices.last ?? -1 : indices.contains(index) { continue }
          longer.append(indices + [index])
        }
        try limit(longer.count)
      }
      chosen = longer
    }
    return chosen.map { $0.map { items[$0] } }
  }
}
