internal import Values

/// Python's `"{} {name:>5}".format(…)`.
struct BraceFormat {
  private let values: Value
  private let named: Value
  /// Whether fields are counted by themselves or carry numbers; nil until one tells.
  private var countsItself: Bool?
  private var nextIndex = 0

  static func apply(
    _ format: String, _ values: Value, _ named: Value
  ) throws(TemplateError) -> String {
    var formatter = BraceFormat(values: values, named: named)
    return try formatter.expand(format, depth: 2)
  }

  private init(values: Value, named: Value) {
    self.values = values
    self.named = named
  }

  /// The text with its fields replaced; specifications may hold fields once more.
  private mutating func expand(_ format: String, depth: Int) throws(TemplateError) -> String {
    guard depth > 0 else { throw TemplateError(.other, "Max string recursion exceeded") }
    var rest = Array(format.unicodeScalars)[...]
    var result = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        rest.removeFirst()
        result.append(scalar)
      case "{":
        let field = try takeField(&rest)
        result.append(contentsOf: try replace(field, depth: depth).unicodeScalars)
      case "}": throw TemplateError(.other, "Single '}' encountered in format string")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// What stands up to the brace that closes the field.
  private func takeField(
    _ rest: inout ArraySlice<Unicode.Scalar>
  ) throws(TemplateError) -> String {
    if rest.isEmpty { throw TemplateError(.other, "Single '{' encountered in format string") }
    var field = String.UnicodeScalarView()
    var open = 1
    while let scalar = rest.popFirst() {
      if scalar == "{" { open += 1 }
      if scalar == "}" { open -= 1 }
      if open == 0 { return String(field) }
      field.append(scalar)
    }
    throw TemplateError(.other, "expected '}' before end of string")
  }

  private mutating func replace(_ field: String, depth: Int) throws(TemplateError) -> String {
    let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let halves = parts[0].split(separator: "!", maxSplits: 1, omittingEmptySubsequences: false)
    var value = try look(up: String(halves[0]))
    if halves.count > 1 {
      switch halves[1] {
      case "r": value = .string(PythonText.repr(value))
      case "s": value = .string(PythonText.str(value))
      case "a": value = .string(PythonText.ascii(value))
      default:
        throw TemplateError(.other, "Unknown conversion specifier \(halves[1])")
      }
    }
    let spec = parts.count > 1 ? try expand(String(parts[1]), depth: depth - 1) : ""
    return try BraceSpec(spec).format(value)
  }

  private mutating func look(up field: String) throws(TemplateError) -> Value {
    let name = field.prefix { $0 != "." && $0 != "[" }
    var found: Value?
    if name.isEmpty {
      try count(byItself: true)
      found = values.pythonElement(.int(nextIndex))
      nextIndex += 1
    } else if let index = Int(name) {
      try count(byItself: false)
      found = values.pythonElement(.int(index))
    } else {
      found = named.pythonElement(.string(String(name)))
      if found == nil { throw TemplateError(.other, "'\(name)'") }
    }
    guard let value = found else {
      let index = name.isEmpty ? String(nextIndex - 1) : String(name)
      throw TemplateError(
        .other, "Replacement index \(index) out of range for positional args tuple")
    }
    return try follow(field.dropFirst(name.count), from: value)
  }

  private mutating func count(byItself: Bool) throws(TemplateError) {
    if let countsItself, countsItself != byItself {
      let (automatic, manual) = ("automatic field numbering", "manual field specification")
      throw TemplateError(
        .other,
        "cannot switch from \(byItself ? manual : automatic) to \(byItself ? automatic : manual)")
    }
    countsItself = byItself
  }

  /// `.attribute` and `[key]`; data has no attributes here.
  private func follow(_ path: Substring, from value: Value) throws(TemplateError) -> Value {
    var (rest, value) = (path, value)
    while let mark = rest.popFirst() {
      if mark == "." {
        let name = rest.prefix { $0 != "." && $0 != "[" }
        throw TemplateError(
          .type, "'\(value.pythonTypeName)' object has no attribute '\(name)'")
      }
      guard mark == "[", let end = rest.firstIndex(of: "]") else {
        throw TemplateError(.other, "Only '.' or '[' may follow ']' in format field specifier")
      }
      let key = rest[..<end]
      rest = rest[end...].dropFirst()
      guard let next = value.pythonElement(Int(key).map { .int($0) } ?? .string(String(key))) else {
        throw TemplateError(.other, Int(key) == nil ? "'\(key)'" : "\(key)")
      }
      value = next
    }
    return value
  }
}
