internal import Values

/// Filters that take lists as sets, and keep the order of their items.
enum SetFilters {
  static let all: [LibraryFunction] = [
    set("union") { unique($0 + $1) },
    set("intersect") { (one, other) in
      let known = PythonSet(other)
      return unique(one.filter { known.contains($0) })
    },
    set("difference") { (one, other) in
      let known = PythonSet(other)
      return unique(one.filter { !known.contains($0) })
    },
    set("symmetric_difference") { (one, other) in
      let (left, right) = (PythonSet(one), PythonSet(other))
      return unique(one.filter { !right.contains($0) } + other.filter { !left.contains($0) })
    },
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

  private static func unique(_ items: [Value]) -> [Value] {
    var seen = PythonSet()
    return items.filter { seen.insert($0) }
  }
}
