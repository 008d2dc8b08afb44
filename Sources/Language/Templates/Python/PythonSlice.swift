internal import Values

/// `[start:stop:step]` as Python cuts with it.
struct PythonSlice {
  private let start: Int?
  private let stop: Int?
  private let step: Int

  init(_ start: Value, _ stop: Value, _ step: Value) throws(TemplateError) {
    self.start = try Self.index(start)
    self.stop = try Self.index(stop)
    self.step = try Self.index(step) ?? 1
    if self.step == 0 { throw TemplateError(.other, "slice step cannot be zero") }
  }

  private static func index(_ value: Value) throws(TemplateError) -> Int? {
    if value == .null { return nil }
    guard let index = value.pythonInt else {
      throw TemplateError(
        .type, "slice indices must be integers or None or have an __index__ method")
    }
    return index
  }

  /// The part of a list or a text.
  func apply(to value: Value) throws(TemplateError) -> Value {
    switch value {
    case .list(let items): return .list(indices(items.count).map { items[$0] })
    case .tuple(let items): return .tuple(indices(items.count).map { items[$0] })
    case .string(let text):
      let scalars = Array(text.unicodeScalars)
      return .string(
        String(String.UnicodeScalarView(indices(scalars.count).map { scalars[$0] })))
    case .dict: throw TemplateError(.type, "unhashable type: 'slice'")
    default:
      throw TemplateError(.type, "'\(value.pythonTypeName)' object is not subscriptable")
    }
  }

  private func indices(_ count: Int) -> [Int] {
    let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
    func clamp(_ index: Int) -> Int { min(max(index < 0 ? index + count : index, low), high) }
    let first = start.map(clamp) ?? (step > 0 ? low : high)
    let last = stop.map(clamp) ?? (step > 0 ? high : low)
    // No step can go beyond the list, however large it is.
    let bounded = min(max(step, -count - 1), count + 1)
    return Array(stride(from: first, to: last, by: bounded))
  }
}
