/// One text in YAML, in the style that PyYAML chooses for it.
struct YAMLScalar {
  private let content: String
  private let isKey: Bool
  private let inFlow: Bool

  init(_ content: String, isKey: Bool, inFlow: Bool) {
    self.content = content
    self.isKey = isKey
    self.inFlow = inFlow
  }

  /// The text, its further lines indented by `depth`.
  func text(depth: Int, column: Int, width: Int) -> String {
    if needsEscapes { return doubleQuoted() }
    let margin = String(repeating: " ", count: depth)
    if content.contains("\n") { return isKey ? doubleQuoted() : broken(margin) }
    if isPlain {
      return isKey ? content : folded(content, margin, column, width)
    }
    let quoted = "'" + content.replacing("'", with: "''") + "'"
    return isKey ? quoted : folded(quoted, margin, column, width)
  }

  /// In quotes, each line break written as one more.
  private func broken(_ margin: String) -> String {
    var result = "'"
    var isBreaking = false
    for scalar in content.unicodeScalars {
      if scalar == "\n" {
        result += isBreaking ? "\n" : "\n\n"
        isBreaking = true
        continue
      }
      if isBreaking { result += margin }
      isBreaking = false
      result += scalar == "'" ? "''" : String(scalar)
    }
    return result + (isBreaking ? margin : "") + "'"
  }

  /// Broken at single blanks where a line gets longer than `width`.
  private func folded(_ text: String, _ margin: String, _ column: Int, _ width: Int) -> String {
    guard column + text.count > width else { return text }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    var result = ""
    var current = column
    for (index, word) in words.enumerated() {
      if index == 0 {
        result += word
        current += word.count
        continue
      }
      let breaks = current > width && !word.isEmpty && !words[index - 1].isEmpty
      result += breaks ? "\n" + margin + word : " " + word
      current = breaks ? margin.count + word.count : current + 1 + word.count
    }
    return result
  }

  private var needsEscapes: Bool {
    content.unicodeScalars.contains { scalar in
      scalar != "\n"
        && (scalar.value < 32 || (127...160).contains(scalar.value)
          || scalar.value == 0xFEFF || scalar.value == 0x2028 || scalar.value == 0x2029)
    } || content.contains(" \n")
  }

  private func doubleQuoted() -> String {
    var result = "\""
    for scalar in content.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\0": result += "\\0"
      case "\u{1B}": result += "\\e"
      case "\u{A0}": result += "\\_"
      default:
        if scalar.value < 32 || scalar.value == 127 {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// Whether the text can stand without quotes and still be read as text.
  private var isPlain: Bool {
    guard let first = content.unicodeScalars.first, !content.hasPrefix(" "),
      !content.hasSuffix(" "), !Self.isResolved(content)
    else { return false }
    if content == "-" || content == "?" || content == ":" { return false }
    if content.hasPrefix("---") || content.hasPrefix("...") { return false }
    if "#,[]{}&*!|>'\"%@`".unicodeScalars.contains(first) { return false }
    if "-?:".unicodeScalars.contains(first), content.dropFirst().first == " " { return false }
    if content.contains(": ") || content.contains(" #") || content.hasSuffix(":") { return false }
    if inFlow || isKey && inFlow {
      return !content.unicodeScalars.contains { ",[]{}?:".unicodeScalars.contains($0) }
    }
    return true
  }

  /// Whether YAML 1.1 reads the text as something else: a boolean, a number, a date, null.
  private static func isResolved(_ text: String) -> Bool {
    switch text {
    case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE",
      "on", "On", "ON", "off", "Off", "OFF", "~", "null", "Null", "NULL", "", "=", "<<",
      ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "-.inf", "+.Inf", "-.Inf":
      return true
    default: return isNumber(text) || isDate(text)
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    let digits = text.drop { $0 == "-" || $0 == "+" }
    guard text.count - digits.count <= 1, let first = digits.first else { return false }
    func all(_ part: some StringProtocol, _ allowed: String) -> Bool {
      !part.isEmpty && part.allSatisfy { allowed.contains($0) }
    }
    if digits.hasPrefix("0b") { return all(digits.dropFirst(2), "01_") }
    if digits.hasPrefix("0x") { return all(digits.dropFirst(2), "0123456789abcdefABCDEF_") }
    if first == "0" {
      return digits == "0" || all(digits.dropFirst(), "01234567_") || isFloat(digits)
    }
    if first.isASCII, first.isNumber, all(digits, "0123456789_") { return true }
    if digits.contains(":") {
      return first.isNumber
        && digits.split(separator: ":", omittingEmptySubsequences: false).dropFirst().allSatisfy {
          (1...2).contains($0.count) && Int($0).map { $0 < 60 } == true
        }
    }
    return isFloat(digits)
  }

  private static func isFloat(_ digits: Substring) -> Bool {
    guard let dot = digits.firstIndex(of: ".") else { return false }
    let whole = digits[..<dot]
    var rest = digits[digits.index(after: dot)...]
    if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      let exponent = rest[rest.index(after: mark)...]
      guard let sign = exponent.first, sign == "+" || sign == "-",
        exponent.dropFirst().allSatisfy(\.isNumber), exponent.count > 1
      else { return false }
      rest = rest[..<mark]
    }
    if whole.isEmpty, rest.isEmpty { return false }
    return (whole + rest).allSatisfy { $0.isASCII && ($0.isNumber || $0 == "_") }
  }

  private static func isDate(_ text: String) -> Bool {
    let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
    else { return false }
    return text.count == 10 || "Tt ".contains(text.dropFirst(10).first ?? "x")
  }
}
