internal import Values

/// One scalar for YAML: its text and the quotes that it needs, by libyaml's rules.
struct YAMLText {
  enum Style {
    case plain
    case single
    case double
    case literal
    case folded
  }

  let content: String
  /// Whether it is text, and not a number or another word of YAML.
  let isString: Bool
  /// Whether it has line breaks.
  private(set) var isMultiline = false
  private var mayBePlainInFlow = true
  private var mayBePlainInBlock = true
  private var mayBeSingleQuoted = true
  private var mayBeBlock = true
  private let isASCII: Bool

  init(_ value: Value, isASCII: Bool) {
    self.isASCII = isASCII
    if case .string(let text) = value {
      (content, isString) = (text, true)
    } else {
      (content, isString) = (Self.text(of: value), false)
    }
    analyze()
    if isString, Self.isResolved(content) { (mayBePlainInFlow, mayBePlainInBlock) = (false, false) }
  }

  private static func text(of value: Value) -> String {
    switch value {
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .float(let number):
      if number.isNaN { return ".nan" }
      if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
      let text = number.pythonDescription
      // YAML 1.1 takes `1e+16` for text.
      if let mark = text.firstIndex(of: "e"), !text.contains(".") {
        return text[..<mark] + ".0" + text[mark...]
      }
      return text
    default: return PythonText.str(value)
    }
  }

  /// Whether YAML 1.1 reads the text as something else: a boolean, a number, a date, null.
  private static func isResolved(_ text: String) -> Bool {
    if text == "=" || text == "<<" { return true }
    // A number that is too large for us, or a date that isn't one, looks like one all the same.
    do { return try YAMLScalar.resolve(text) != nil } catch { return true }
  }

  /// The style for a place; a simple key stands before its colon on one line.
  func style(wanted: Character?, isKey: Bool, isInFlow: Bool) -> Style {
    if isKey, isMultiline { return .double }
    switch wanted {
    case "|", ">":
      guard mayBeBlock, !isKey, !isInFlow else { return .double }
      return wanted == "|" ? .literal : .folded
    default: break
    }
    let isPlain =
      wanted != "'" && wanted != "\"" && (isInFlow ? mayBePlainInFlow : mayBePlainInBlock)
      && !(content.isEmpty && (isInFlow || isKey))
    if isPlain { return .plain }
    return wanted == "\"" || !mayBeSingleQuoted ? .double : .single
  }

  // MARK: Analysis

  static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
  }

  private static func isBlankOrEnd(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return true }
    return scalar == " " || scalar == "\t" || isBreak(scalar)
  }

  /// What stands as it is, as libyaml has it: nothing beyond the basic plane.
  private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x20...0x7E: true
    case 0xA0...0xD7FF, 0xE000...0xFFFD: !isASCII && scalar.value != 0xFEFF
    default: false
    }
  }

  private mutating func analyze() {
    let scalars = Array(content.unicodeScalars)
    if scalars.isEmpty { (mayBePlainInFlow, mayBeBlock) = (false, false) }
    guard let first = scalars.first, let last = scalars.last else { return }
    var (inFlow, inBlock) = (false, false)
    if content.hasPrefix("---") || content.hasPrefix("...") { (inFlow, inBlock) = (true, true) }
    var (hasSpecial, spaceThenBreak, breakThenSpace) = (false, false, false)
    for (index, scalar) in scalars.enumerated() {
      let before = index > 0 ? scalars[index - 1] : nil
      let after = index + 1 < scalars.count ? scalars[index + 1] : nil
      switch scalar {
      case "#" where index == 0 || Self.isBlankOrEnd(before): (inFlow, inBlock) = (true, true)
      case "-" where index == 0 && Self.isBlankOrEnd(after): (inFlow, inBlock) = (true, true)
      case "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`":
        if index == 0 { (inFlow, inBlock) = (true, true) }
      case "[", "]", "{", "}", ",":
        inFlow = true
        if index == 0 { inBlock = true }
      case "?":
        inFlow = true
        if index == 0, Self.isBlankOrEnd(after) { inBlock = true }
      case ":":
        inFlow = true
        if Self.isBlankOrEnd(after) { inBlock = true }
      default: break
      }
      if !isPrintable(scalar) { hasSpecial = true }
      if Self.isBreak(scalar) {
        isMultiline = true
        if before == " " { spaceThenBreak = true }
      } else if scalar == " ", let before, Self.isBreak(before) {
        breakThenSpace = true
      }
    }
    func isEdge(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || Self.isBreak(scalar) }
    if isEdge(first) || isEdge(last) || isMultiline { (inFlow, inBlock) = (true, true) }
    if hasSpecial || spaceThenBreak || breakThenSpace {
      (inFlow, inBlock) = (true, true)
      mayBeSingleQuoted = false
    }
    if hasSpecial || spaceThenBreak || last == " " { mayBeBlock = false }
    mayBePlainInFlow = !inFlow
    mayBePlainInBlock = !inBlock
  }

  // MARK: Escapes

  /// A character inside of double quotes.
  func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\0": return "\\0"
    case "\u{07}": return "\\a"
    case "\u{08}": return "\\b"
    case "\t": return "\\t"
    case "\n": return "\\n"
    case "\u{0B}": return "\\v"
    case "\u{0C}": return "\\f"
    case "\r": return "\\r"
    case "\u{1B}": return "\\e"
    case "\u{85}": return "\\N"
    case "\u{2028}": return "\\L"
    case "\u{2029}": return "\\P"
    case "\u{A0}" where isASCII: return "\\_"
    default:
      if isPrintable(scalar) { return String(scalar) }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let (mark, width) =
        scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
      return "\\" + mark + String(repeating: "0", count: width - digits.count) + digits
    }
  }
}
