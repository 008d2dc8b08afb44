/// What a match is replaced with, as Python's `re.sub` writes it: `\1`, `\g<name>`, `\n`.
struct ReplacementTemplate {
  private enum Part {
    case text(String)
    case group(Int)
  }

  private var parts: [Part] = []
  private var literal = String.UnicodeScalarView()

  init(_ template: String, for expression: RegularExpression) throws(RegularExpressionError) {
    var scalars = Array(template.unicodeScalars)[...]
    let length = scalars.count
    while let scalar = scalars.popFirst() {
      if scalar != "\\" {
        literal.append(scalar)
        continue
      }
      let offset = length - scalars.count - 1
      guard let escaped = scalars.popFirst() else {
        throw RegularExpressionError(
          .replacement, "bad escape (end of pattern)", offset: offset)
      }
      try take(escaped, &scalars, expression, offset)
    }
    flush()
  }

  /// The text that stands in for a match; groups that took no part are empty.
  func expand(_ match: RegularExpression.Match) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .group(let number): text += match[number] ?? ""
      }
    }
    return text
  }

  private mutating func flush() {
    if !literal.isEmpty { parts.append(.text(String(literal))) }
    literal = .init()
  }

  private mutating func take(
    _ escaped: Unicode.Scalar, _ rest: inout ArraySlice<Unicode.Scalar>,
    _ expression: RegularExpression, _ offset: Int
  ) throws(RegularExpressionError) {
    switch escaped {
    case "g":
      guard rest.popFirst() == "<", let end = rest.firstIndex(of: ">") else {
        throw RegularExpressionError(.replacement, "missing <", offset: offset + 2)
      }
      let name = String(String.UnicodeScalarView(rest[..<end]))
      rest = rest[(end + 1)...]
      try append(Int(name) ?? expression.groupNumbers[name], name, expression, offset + 3)
    case "0": appendOctal(&rest, first: [])
    case "1"..."9":
      var digits = String(escaped)
      if let second = rest.first, ("0"..."9").contains(second) {
        rest.removeFirst()
        let isOctal =
          "0123".unicodeScalars.contains(escaped) && ("0"..."7").contains(second)
          && rest.first.map { ("0"..."7").contains($0) } ?? false
        if isOctal { return appendOctal(&rest, first: [escaped, second]) }
        digits.unicodeScalars.append(second)
      }
      try append(Int(digits), digits, expression, offset + 1)
    case "a": literal.append("\u{07}")
    case "b": literal.append("\u{08}")
    case "f": literal.append("\u{0C}")
    case "n": literal.append("\n")
    case "r": literal.append("\r")
    case "t": literal.append("\t")
    case "v": literal.append("\u{0B}")
    case "\\": literal.append("\\")
    case "a"..."z", "A"..."Z":
      throw RegularExpressionError(.replacement, "bad escape \\\(escaped)", offset: offset)
    default:
      literal.append("\\")
      literal.append(escaped)
    }
  }

  private mutating func append(
    _ group: Int?, _ name: String, _ expression: RegularExpression, _ offset: Int
  ) throws(RegularExpressionError) {
    guard let group else {
      throw RegularExpressionError(.replacement, "unknown group name '\(name)'", offset: offset)
    }
    guard (0...expression.groupCount).contains(group) else {
      throw RegularExpressionError(
        .replacement, "invalid group reference \(group)", offset: offset)
    }
    flush()
    parts.append(.group(group))
  }

  private mutating func appendOctal(
    _ rest: inout ArraySlice<Unicode.Scalar>, first: [Unicode.Scalar]
  ) {
    var digits = first
    while digits.count < (first.isEmpty ? 2 : 3), let next = rest.first,
      ("0"..."7").contains(next)
    {
      digits.append(next)
      rest.removeFirst()
    }
    let code = digits.reduce(UInt32(0)) { $0 * 8 + ($1.value - 48) }
    literal.append(Unicode.Scalar(code) ?? "?")
  }
}
