package import Values

/// Values as Python prints them.
package enum PythonText {
  /// As `str()`.
  package static func str(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .marked(.string(let text), .markup): text
    default: repr(value)
    }
  }

  /// As `repr()`.
  static func repr(_ value: Value) -> String {
    switch value {
    case .null: return "None"
    case .bool(let flag): return flag ? "True" : "False"
    case .int(let number): return String(number)
    case .float(let number): return number.pythonDescription
    case .string(let text): return repr(text)
    case .list(let items): return "[" + items.map(repr).joined(separator: ", ") + "]"
    case .tuple(let items):
      return "(" + items.map(repr).joined(separator: ", ") + (items.count == 1 ? ",)" : ")")
    case .dict(let dict):
      return "{" + dict.map { "\(repr($0.key)): \(repr($0.value))" }.joined(separator: ", ") + "}"
    case .unknown: return "(known after apply)"
    case .marked(let inner, let marks):
      if marks.contains(.secret) { return "(secret)" }
      guard case .string(let text) = inner else { return repr(inner) }
      return "Markup(\(repr(text)))"
    }
  }

  /// Text in quotes, with escapes for what can't be printed.
  static func repr(_ text: String) -> String {
    let quote: Unicode.Scalar =
      text.utf8.contains(UInt8(ascii: "'")) && !text.utf8.contains(UInt8(ascii: "\"")) ? "\"" : "'"
    var result = String.UnicodeScalarView([quote])
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\":
        result.append("\\")
        result.append(scalar)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      default:
        if isPrintable(scalar) {
          result.append(scalar)
        } else {
          result.append(contentsOf: escape(scalar).unicodeScalars)
        }
      }
    }
    result.append(quote)
    return String(result)
  }

  /// As `ascii()`: what isn't ASCII is escaped, too.
  static func ascii(_ value: Value) -> String {
    var result = ""
    for scalar in repr(value).unicodeScalars {
      result += scalar.isASCII ? String(scalar) : escape(scalar)
    }
    return result
  }

  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (32..<127).contains(scalar.value) }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (prefix, width) =
      scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
    return prefix + String(repeating: "0", count: width - digits.count) + digits
  }
}
