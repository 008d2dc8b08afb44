/// Numbers of bytes for people.
enum ByteSize {
  /// As Jinja2's `filesizeformat`.
  static func jinja(_ size: Double, isBinary: Bool) -> String {
    let base = isBinary ? 1024.0 : 1000.0
    let prefixes =
      isBinary
      ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"]
      : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
    if size == 1 { return "1 Byte" }
    if size < base { return "\(Int(size)) Bytes" }
    var unit = 1.0
    for (index, prefix) in prefixes.enumerated() {
      unit = PythonNumber.power(base, index + 2)
      // 10²⁴ is no floating-point number; the nearest one is smaller.
      if size < unit || size == 1e24 && unit == size || index == prefixes.count - 1 {
        return FormatSpec.float(base * size / unit, 1, "f") + " " + prefix
      }
    }
    return ""
  }

  private static let units: [(letter: String, size: Double)] = [
    ("Y", 0x1p80), ("Z", 0x1p70), ("E", 0x1p60), ("P", 0x1p50), ("T", 0x1p40), ("G", 0x1p30),
    ("M", 0x1p20), ("K", 0x1p10), ("B", 1),
  ]

  /// As Ansible's `human_readable`.
  static func ansible(_ size: Double, isBits: Bool, unit: String?) -> String {
    let base = isBits ? "bits" : "Bytes"
    var chosen = units.last!
    for candidate in units {
      if unit == nil, size >= candidate.size {
        chosen = candidate
        break
      }
      if let unit, unit.uppercased() == candidate.letter {
        chosen = candidate
        break
      }
    }
    let suffix =
      chosen.letter == "B" ? base : chosen.letter + (isBits ? "b" : "B")
    return FormatSpec.float(size / chosen.size, 2, "f") + " " + suffix
  }

  /// As Ansible's `human_to_bytes`.
  static func parse(
    _ text: String, defaultUnit: String?, isBits: Bool
  ) throws(TemplateError) -> Int {
    let digits = text.prefix { "0123456789.".contains($0) }
    let rest = PythonString.strip(String(text[digits.endIndex...]), nil)
    guard let number = Double(digits),
      rest.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic })
    else {
      throw TemplateError(.other, "human_to_bytes() can't interpret following string: \(text)")
    }
    let unit = rest.isEmpty ? defaultUnit ?? "" : rest
    guard let letter = unit.first else { return Int(number.rounded(.toNearestOrEven)) }
    guard let found = units.first(where: { $0.letter == letter.uppercased() }) else {
      throw TemplateError(
        .other,
        "human_to_bytes() failed to convert \(text) (unit = \(unit)). The suffix must be "
          + "one of Y, Z, E, P, T, G, M, K, B")
    }
    let name = found.letter == "B" ? "" : found.letter
    let word = isBits ? "bit" : "byte"
    let long = (Self.prefixes[found.letter] ?? "") + word
    let short = name + (isBits ? "b" : "B")
    let fits = found.letter == "B" ? ["B", "b"].contains(unit) : unit.uppercased() == name
    guard fits || unit == short || unit.lowercased() == long
    else {
      throw TemplateError(
        .other,
        "human_to_bytes() failed to convert \(text). Value is not a valid string "
          + "(expect \(short) or \(name.isEmpty ? word : name))")
    }
    return Int((number * found.size).rounded(.toNearestOrEven))
  }

  private static let prefixes = [
    "Y": "yotta", "Z": "zetta", "E": "exa", "P": "peta", "T": "tera", "G": "giga", "M": "mega",
    "K": "kilo",
  ]
}
