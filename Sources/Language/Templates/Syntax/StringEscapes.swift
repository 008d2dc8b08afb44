/// Backslashes in string literals, as Python reads them.
enum StringEscapes {
  static func decode(_ text: String, at offset: Int) throws(SyntaxError) -> String {
    var rest = Array(text.unicodeScalars)[...]
    var result = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let escaped = rest.popFirst() else {
        result.append(scalar)
        continue
      }
      switch escaped {
      case "\n": break
      case "\\", "'", "\"": result.append(escaped)
      case "a": result.append("\u{07}")
      case "b": result.append("\u{08}")
      case "f": result.append("\u{0C}")
      case "n": result.append("\n")
      case "r": result.append("\r")
      case "t": result.append("\t")
      case "v": result.append("\u{0B}")
      case "x": result.append(try hexadecimal(&rest, count: 2, at: offset))
      case "u": result.append(try hexadecimal(&rest, count: 4, at: offset))
      case "U": result.append(try hexadecimal(&rest, count: 8, at: offset))
      case "0"..."7":
        var code = escaped.value - 48
        var count = 1
        while count < 3, let next = rest.first, ("0"..."7").contains(next) {
          code = code * 8 + next.value - 48
          rest.removeFirst()
          count += 1
        }
        if let scalar = Unicode.Scalar(code) { result.append(scalar) }
      default:
        result.append("\\")
        result.append(escaped)
      }
    }
    return String(result)
  }

  private static func hexadecimal(
    _ rest: inout ArraySlice<Unicode.Scalar>, count: Int, at offset: Int
  ) throws(SyntaxError) -> Unicode.Scalar {
    let digits = String(String.UnicodeScalarView(rest.prefix(count)))
    guard digits.unicodeScalars.count == count, let code = UInt32(digits, radix: 16),
      let scalar = Unicode.Scalar(code)
    else { throw SyntaxError("truncated or bad \\x or \\u escape in a string", at: offset) }
    rest = rest.dropFirst(count)
    return scalar
  }
}
