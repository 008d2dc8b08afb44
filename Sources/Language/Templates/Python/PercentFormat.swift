internal import OrderedCollections
internal import Values

/// Python's `format % values`.
enum PercentFormat {
  static func apply(
    _ format: String, _ right: Value
  ) throws(TemplateError) -> String {
    // `'%s %s' % (a, b)` takes as many as it names, `'%s' % [a, b]` one list.
    var arguments: [Value] = [right]
    if case .tuple(let items) = right { arguments = items }
    var state = State(right: right, arguments: arguments[...])
    var result = String.UnicodeScalarView()
    var rest = Array(format.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      if scalar != "%" {
        result.append(scalar)
      } else {
        result.append(contentsOf: try state.take(&rest).unicodeScalars)
      }
    }
    var isMapping = false
    switch right {
    // Python takes what has keys or indices for a mapping, but for texts and tuples.
    case .dict, .list: isMapping = true
    default: break
    }
    if !state.arguments.isEmpty, !state.usedKeys, !isMapping {
      throw TemplateError(.type, "not all arguments converted during string formatting")
    }
    return String(result)
  }

  private struct State {
    let right: Value
    var arguments: ArraySlice<Value>
    var usedKeys = false

    /// The text for what follows a `%`.
    mutating func take(_ rest: inout ArraySlice<Unicode.Scalar>) throws(TemplateError) -> String {
      var keyed: Value?
      if rest.first == "(" {
        guard let end = rest.firstIndex(of: ")") else {
          throw TemplateError(.type, "incomplete format key")
        }
        let key = String(String.UnicodeScalarView(rest[(rest.startIndex + 1)..<end]))
        rest = rest[(end + 1)...]
        guard case .dict(let dict) = right else {
          throw TemplateError(.type, "format requires a mapping")
        }
        guard let found = dict[.string(key)] else { throw TemplateError(.other, "'\(key)'") }
        keyed = found
        usedKeys = true
      }
      var spec = FormatSpec()
      spec.takeFlags(&rest)
      spec.width = try takeNumber(&rest)
      if let width = spec.width, width < 0 {
        spec.isLeft = true
        spec.width = -width
      }
      if rest.first == "." {
        rest.removeFirst()
        spec.precision = try takeNumber(&rest) ?? 0
      }
      while let size = rest.first, "hlL".unicodeScalars.contains(size) { rest.removeFirst() }
      guard let type = rest.popFirst() else { throw TemplateError(.type, "incomplete format") }
      // `%5%` is a percent sign, too, but it takes an argument.
      if type == "%" {
        if spec.width != nil || spec.precision != nil { _ = try next() }
        return "%"
      }
      let value = if let keyed { keyed } else { try next() }
      do throws(TemplateError) {
        return try spec.format(value, as: type)
      } catch {
        var error = error
        if error.kind == .other { error.message += " at index \(rest.startIndex - 1)" }
        throw error
      }
    }

    private mutating func takeNumber(
      _ rest: inout ArraySlice<Unicode.Scalar>
    ) throws(TemplateError) -> Int? {
      if rest.first == "*" {
        rest.removeFirst()
        guard let width = try next().pythonInt else {
          throw TemplateError(.type, "* wants int")
        }
        return width
      }
      var digits = ""
      while let digit = rest.first, ("0"..."9").contains(digit) {
        digits.unicodeScalars.append(digit)
        rest.removeFirst()
      }
      if digits.isEmpty { return nil }
      guard let number = Int(digits), number <= Session.itemLimit else {
        throw TemplateError(.limit, "the width \(digits) is too large")
      }
      return number
    }

    private mutating func next() throws(TemplateError) -> Value {
      guard let value = arguments.popFirst() else {
        throw TemplateError(.type, "not enough arguments for format string")
      }
      return value
    }
  }
}
