#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Reads a point in time by a format of Python's `strptime`.
struct MomentParser {
  private var rest: Substring
  private var fields = tm()
  private var microsecond = 0
  private var isAfternoon: Bool?

  /// Nil where the text doesn't fit the format, or the format has a letter that isn't known.
  static func parse(_ text: String, format: String) -> Moment? {
    var parser = MomentParser(rest: text[...])
    parser.fields.tm_mday = 1
    parser.fields.tm_year = 0
    guard parser.take(format), parser.rest.isEmpty else { return nil }
    if let isAfternoon = parser.isAfternoon {
      parser.fields.tm_hour = parser.fields.tm_hour % 12 + (isAfternoon ? 12 : 0)
    }
    // timegm also finds the day of the week and of the year.
    _ = timegm(&parser.fields)
    return Moment(fields: parser.fields, microsecond: parser.microsecond)
  }

  private init(rest: Substring) { self.rest = rest }

  private mutating func take(_ format: String) -> Bool {
    var letters = format[...]
    while let letter = letters.popFirst() {
      if letter == "%" {
        guard let directive = letters.popFirst(), take(directive: directive) else { return false }
      } else if letter.isWhitespace {
        rest = rest.drop(while: \.isWhitespace)
      } else {
        guard rest.popFirst() == letter else { return false }
      }
    }
    return true
  }

  private mutating func take(directive: Character) -> Bool {
    switch directive {
    case "Y": set(\.tm_year, number(4, 0...9999), -1900)
    case "y": set(\.tm_year, number(2, 0...99).map { $0 < 69 ? $0 + 100 : $0 })
    case "m": set(\.tm_mon, number(2, 1...12), -1)
    case "d", "e": set(\.tm_mday, number(2, 1...31))
    case "H": set(\.tm_hour, number(2, 0...23))
    case "I": set(\.tm_hour, number(2, 1...12))
    case "M": set(\.tm_min, number(2, 0...59))
    case "S": set(\.tm_sec, number(2, 0...61))
    case "j": set(\.tm_yday, number(3, 1...366), -1)
    case "f": takeFraction()
    case "b", "B", "h": takeName(of: Self.months, into: \.tm_mon)
    case "a", "A": takeName(of: Self.days, into: \.tm_wday)
    case "p": takeHalfOfDay()
    case "z", "Z": takeZone()
    case "F": take("%Y-%m-%d")
    case "T": take("%H:%M:%S")
    case "%": rest.popFirst() == "%"
    default: false
    }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  private static let days = [
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  ]

  private mutating func set(
    _ field: WritableKeyPath<tm, Int32>, _ number: Int?, _ offset: Int = 0
  ) -> Bool {
    guard let number else { return false }
    fields[keyPath: field] = Int32(number + offset)
    return true
  }

  private mutating func number(_ width: Int, _ range: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix(width).prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    return Int(digits).flatMap { range.contains($0) ? $0 : nil }
  }

  private mutating func takeFraction() -> Bool {
    let digits = rest.prefix(6).prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    guard !digits.isEmpty else { return false }
    microsecond = Int(digits + String(repeating: "0", count: 6 - digits.count)) ?? 0
    return true
  }

  private mutating func takeName(
    of names: [String], into field: WritableKeyPath<tm, Int32>
  ) -> Bool {
    let word = rest.prefix(while: \.isLetter).lowercased()
    guard let index = names.firstIndex(where: { $0 == word || $0.prefix(3) == word }) else {
      return false
    }
    rest = rest.dropFirst(word.count)
    fields[keyPath: field] = Int32(index)
    return true
  }

  private mutating func takeHalfOfDay() -> Bool {
    let word = rest.prefix(2).lowercased()
    guard word == "am" || word == "pm" else { return false }
    rest = rest.dropFirst(2)
    isAfternoon = word == "pm"
    return true
  }

  /// Zones are read over: Ansible's `to_datetime` is without one.
  private mutating func takeZone() -> Bool {
    let zone = rest.prefix { $0.isLetter || $0.isNumber || "+-:".contains($0) }
    rest = rest.dropFirst(zone.count)
    return !zone.isEmpty
  }
}
