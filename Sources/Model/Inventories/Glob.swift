/// Shell wildcards as Python's `fnmatch` knows them.
enum Glob {
  /// The regular expression for a whole name.
  ///
  /// What stands between two stars is found where it first is, and never looked for again: if the
  /// rest doesn't match there it matches nowhere. So no glob takes more than quadratic time.
  static func regularExpression(_ glob: String) -> String {
    var pieces = pieces(glob)
    let first = pieces.removeFirst()
    guard let last = pieces.popLast() else { return "(?s:\(first))\\Z" }
    let middle = pieces.filter { !$0.isEmpty }.map { "(?>.*?\($0))" }.joined()
    return "(?s:\(first)\(middle).*\(last))\\Z"
  }

  /// The regular expressions for what stands between stars.
  private static func pieces(_ glob: String) -> [String] {
    var pieces: [String] = []
    var pattern = ""
    let scalars = Array(glob.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "*":
        pieces.append(pattern)
        pattern = ""
      case "?": pattern += "."
      case "[":
        if let (set, next) = set(scalars, from: index) {
          pattern += set
          index = next
        } else {
          pattern += "\\["
        }
      default:
        if !scalar.properties.isAlphabetic, scalar.isASCII, scalar != "_",
          !("0"..."9").contains(scalar)
        {
          pattern += "\\"
        }
        pattern.unicodeScalars.append(scalar)
      }
    }
    return pieces + [pattern]
  }

  /// `[a-c]` or `[!a-c]` behind its bracket; nil where it isn't closed.
  private static func set(
    _ scalars: [Unicode.Scalar], from start: Int
  ) -> (pattern: String, next: Int)? {
    var end = start
    if end < scalars.count, scalars[end] == "!" { end += 1 }
    if end < scalars.count, scalars[end] == "]" { end += 1 }
    while end < scalars.count, scalars[end] != "]" { end += 1 }
    guard end < scalars.count else { return nil }
    var rest = scalars[start..<end]
    let isNegated = rest.first == "!"
    if isNegated { rest.removeFirst() }
    let members = members(rest)
    // A set of nothing matches nothing, and the opposite anything.
    if members.isEmpty { return (isNegated ? "." : "(?!)", end + 1) }
    return ("[\(isNegated ? "^" : "")\(members)]", end + 1)
  }

  /// The inside of a set; ranges that end before they begin hold nothing, as in Python.
  private static func members(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var rest = scalars
    var members = ""
    while let first = rest.popFirst() {
      guard rest.count > 1, rest.first == "-", let last = rest.dropFirst().first else {
        members += escaped(first)
        continue
      }
      rest = rest.dropFirst(2)
      if first.value <= last.value { members += escaped(first) + "-" + escaped(last) }
    }
    return members
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    "\\]^-[".unicodeScalars.contains(scalar) ? "\\\(scalar)" : String(scalar)
  }
}
