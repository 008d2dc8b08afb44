/// Shell wildcards as Python's `fnmatch` knows them.
enum Glob {
  /// The regular expression for a whole name.
  static func regularExpression(_ glob: String) -> String {
    var pattern = "(?s:"
    let scalars = Array(glob.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "*": pattern += ".*"
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
    return pattern + ")\\Z"
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
    var inner = String(String.UnicodeScalarView(scalars[start..<end]))
      .replacing("\\", with: "\\\\").replacing("[", with: "\\[")
    if inner.hasPrefix("!") {
      inner = "^" + inner.dropFirst()
    } else if inner.hasPrefix("^") {
      inner = "\\" + inner
    }
    return ("[\(inner)]", end + 1)
  }
}
