/// Names of groups that plugins make.
enum GroupName {
  /// The name with `_` for whatever can't stand in a variable's name.
  static func safe(_ name: String) -> String {
    var safe = String.UnicodeScalarView()
    for (index, scalar) in name.unicodeScalars.enumerated() {
      let isDigit = ("0"..."9").contains(scalar)
      let isGood = scalar == "_" || scalar.properties.isAlphabetic || isDigit && index > 0
      safe.append(isGood ? scalar : "_")
    }
    return String(safe)
  }
}
