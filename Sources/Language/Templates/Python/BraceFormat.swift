internal import Values

/// Python's `"{} {name:>5}".format(…)`.
enum BraceFormat {
  static func apply(_ format: String, _ values: Value, _ named: Value) throws(TemplateError)
    -> String
  {
    var rest = Array(format.unicodeScalars)[...]
    var result = String.UnicodeScalarView()
    var nextIndex = 0
    while let scalar = rest.popFirst() {
      switch scalar {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        rest.removeFirst()
        result.append(scalar)
      case "{":
        guard let end = rest.firstIndex(of: "}") else {
          throw TemplateError(.other, "expected '}' before end of string")
        }
        let field = String(String.UnicodeScalarView(rest[..<end]))
        rest = rest[(end + 1)...]
        result.append(
          contentsOf: try replace(field, values, named, &nextIndex).unicodeScalars)
      case "}": throw TemplateError(.other, "Single '}' encountered in format string")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func replace(
    _ field: String, _ values: Value, _ named: Value, _ nextIndex: inout Int
  ) throws(TemplateError) -> String {
    let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let halves = parts[0].split(separator: "!", maxSplits: 1, omittingEmptySubsequences: false)
    var value = try look(up: String(halves[0]), values, named, &nextIndex)
    if halves.count > 1 {
      value = .string(halves[1] == "r" ? PythonText.repr(value) : PythonText.str(value))
    }
    return try BraceSpec(parts.count > 1 ? String(parts[1]) : "").format(value)
  }

  private static func look(
    up field: String, _ values: Value, _ named: Value, _ nextIndex: inout Int
  ) throws(TemplateError) -> Value {
    let name = field.prefix { $0 != "." && $0 != "[" }
    var found: Value?
    if name.isEmpty {
      found = values.pythonElement(.int(nextIndex))
      nextIndex += 1
    } else if let index = Int(name) {
      found = values.pythonElement(.int(index))
    } else {
      found = named.pythonElement(.string(String(name)))
      if found == nil { throw TemplateError(.other, "'\(name)'") }
    }
    guard var value = found else {
      throw TemplateError(
        .other,
        "Replacement index \(name.isEmpty ? String(nextIndex - 1) : String(name)) out of range for positional args tuple"
      )
    }
    for key in field.dropFirst(name.count).split(whereSeparator: { ".[]".contains($0) }) {
      let step = Int(key).map { Value.int($0) } ?? .string(String(key))
      guard let next = value.pythonElement(step) ?? value.pythonElement(.string(String(key))) else {
        throw TemplateError(.other, "'\(key)'")
      }
      value = next
    }
    return value
  }
}

/// What stands behind the colon of a replacement field.
struct BraceSpec {
  private var fill = " "
  private var alignment: Character?
  private var sign: Character = "-"
  private var isAlternate = false
  private var width = 0
  private var grouping: String?
  private var precision: Int?
  private var type: Unicode.Scalar?

  init(_ text: String) throws(TemplateError) {
    var rest = Array(text)[...]
    if rest.count > 1, "<>^=".contains(rest[rest.startIndex + 1]) {
      fill = String(rest.removeFirst())
      alignment = rest.removeFirst()
    } else if let first = rest.first, "<>^=".contains(first) {
      alignment = rest.removeFirst()
    }
    if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
    if rest.first == "#" {
      isAlternate = true
      rest.removeFirst()
    }
    if rest.first == "0" {
      rest.removeFirst()
      if alignment == nil { (fill, alignment) = ("0", "=") }
    }
    func number() -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      return Int(String(digits))
    }
    width = number() ?? 0
    if let first = rest.first, ",_".contains(first) { grouping = String(rest.removeFirst()) }
    if rest.first == "." {
      rest.removeFirst()
      precision = number()
    }
    if let last = rest.popFirst() { type = last.unicodeScalars.first }
    guard rest.isEmpty, width <= Session.itemLimit, precision ?? 0 <= 1000 else {
      throw TemplateError(.other, "Invalid format specifier '\(text)'")
    }
  }

  func format(_ value: Value) throws(TemplateError) -> String {
    switch value {
    case .string(let text):
      let cut =
        precision.map {
          String(String.UnicodeScalarView(text.unicodeScalars.prefix($0)))
        } ?? text
      return pad(cut, standard: "<")
    case .int, .float, .bool:
      if case .bool(let flag) = value, type == nil {
        return pad(flag ? "True" : "False", standard: "<")
      }
      let (digits, isNegative) = try number(value)
      let prefix = isNegative ? "-" : sign == "-" ? "" : String(sign)
      if alignment == "=" {
        let missing = max(0, width - digits.count - prefix.count)
        return prefix + String(repeating: fill, count: missing) + digits
      }
      return pad(prefix + digits, standard: ">")
    default: return pad(PythonText.str(value), standard: "<")
    }
  }

  private func number(_ value: Value) throws(TemplateError) -> (String, Bool) {
    let bases: [Unicode.Scalar: (Int, String)] = [
      "x": (16, "0x"), "X": (16, "0X"), "o": (8, "0o"), "b": (2, "0b"), "d": (10, ""),
    ]
    if let integer = value.pythonInt, let (base, prefix) = bases[type ?? "d"] {
      let digits = String(integer.magnitude, radix: base, uppercase: type == "X")
      return ((isAlternate ? prefix : "") + grouped(digits), integer < 0)
    }
    guard let number = value.pythonNumber else { return ("", false) }
    let isNegative = number.sign == .minus
    switch type {
    case nil, "n":
      let text =
        precision.map { FormatSpec.float(abs(number), $0, "g") }
        ?? abs(number).pythonDescription
      return (grouped(text), isNegative)
    case "%":
      return (FormatSpec.float(abs(number) * 100, precision ?? 6, "f") + "%", isNegative)
    case "e", "E", "f", "F", "g", "G":
      return (grouped(FormatSpec.float(abs(number), precision ?? 6, type ?? "g")), isNegative)
    case let other?:
      throw TemplateError(
        .other,
        "Unknown format code '\(other)' for object of type '\(value.pythonTypeName)'")
    }
  }

  private func grouped(_ digits: String) -> String {
    guard let grouping else { return digits }
    let whole = digits.prefix { $0.isNumber }
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { result += grouping }
      result.append(digit)
    }
    return result + digits.dropFirst(whole.count)
  }

  private func pad(_ text: String, standard: Character) -> String {
    let missing = width - text.unicodeScalars.count
    guard missing > 0 else { return text }
    switch alignment ?? standard {
    case "<": return text + String(repeating: fill, count: missing)
    case "^":
      return String(repeating: fill, count: missing / 2) + text
        + String(repeating: fill, count: missing - missing / 2)
    default: return String(repeating: fill, count: missing) + text
    }
  }
}
