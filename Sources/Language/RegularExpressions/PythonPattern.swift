/// Rewrites what Python's `re` and PCRE2 write differently.
enum PythonPattern {
  /// `\Z` is PCRE2's `\z`, `{,n}` its `{0,n}`, `\u00e9` its `\x{00e9}`.
  static func translate(_ pattern: String) -> String {
    guard pattern.contains("\\") || pattern.contains("{,") else { return pattern }
    let scalars = Array(pattern.unicodeScalars)
    var result = String.UnicodeScalarView()
    var isInClass = false
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      index += 1
      switch (scalar, next) {
      case ("\\", "Z"):
        result.append(contentsOf: "\\z".unicodeScalars)
        index += 1
      case ("\\", let escaped?):
        index += 1
        if let digits = codePoint(after: escaped, in: scalars[index...]) {
          result.append(contentsOf: "\\x{".unicodeScalars)
          result.append(contentsOf: digits)
          result.append("}")
          index += digits.count
        } else {
          result.append(scalar)
          result.append(escaped)
        }
      case ("{", ",")
      where !isInClass && index + 1 < scalars.count
        && ("0"..."9").contains(scalars[index + 1]):
        result.append(contentsOf: "{0".unicodeScalars)
      default:
        if scalar == "[" { isInClass = true } else if scalar == "]" { isInClass = false }
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The digits of `\u` and `\U`; nil for any other escape.
  private static func codePoint(
    after escaped: Unicode.Scalar, in rest: ArraySlice<Unicode.Scalar>
  ) -> ArraySlice<Unicode.Scalar>? {
    guard escaped == "u" || escaped == "U" else { return nil }
    let length = escaped == "u" ? 4 : 8
    let digits = rest.prefix(length)
    return digits.count == length && digits.allSatisfy(\.properties.isASCIIHexDigit) ? digits : nil
  }
}
