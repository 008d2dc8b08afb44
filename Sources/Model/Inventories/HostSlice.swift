internal import OrderedCollections

/// The choice among matched hosts by number: `[0]`, `[-1]`, `[1:3]`, `[2:]`; both ends count.
struct HostSlice {
  private var start: Int
  /// The last number; nil for one host alone.
  private var end: Int?

  /// The name before a slice and the slice; nil where the text ends in none.
  static func split(_ text: Substring) -> (name: Substring, slice: HostSlice)? {
    guard text.last == "]", let open = text.lastIndex(of: "["), open != text.startIndex else {
      return nil
    }
    let inner = text[text.index(after: open)...].dropLast()
    if let number = number(inner, signed: true) {
      return (text[..<open], HostSlice(start: number))
    }
    guard let separator = inner.firstIndex(where: { $0 == ":" || $0 == "-" }),
      let start = number(inner[..<separator], signed: false)
    else { return nil }
    let last = inner[inner.index(after: separator)...]
    if last.isEmpty { return (text[..<open], HostSlice(start: start, end: .max)) }
    guard let end = number(last, signed: false) else { return nil }
    return (text[..<open], HostSlice(start: start, end: end))
  }

  private static func number(_ text: Substring, signed: Bool) -> Int? {
    let digits = signed && text.first == "-" ? text.dropFirst() : text
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  func apply(to hosts: OrderedSet<String>) -> OrderedSet<String> {
    guard let end else {
      let index = start < 0 ? hosts.count + start : start
      return hosts.indices.contains(index) ? [hosts[index]] : []
    }
    guard start < hosts.count, start <= end else { return [] }
    return OrderedSet(hosts[start...min(end, hosts.count - 1)])
  }
}
