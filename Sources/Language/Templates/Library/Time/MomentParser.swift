internal import Values

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
  private var dayOfYear: Int?
  private var zoneMinutes: Int?
  private var badDirective: Character?

  /// The moment that a text says by a format; what is wrong is said in Python's words.
  static func parse(_ text: String, format: String) throws(TemplateError) -> Moment {
    var parser = MomentParser(rest: text[...])
    parser.fields.tm_mday = 1
    guard parser.take(format) else {
      if let letter = parser.badDirective {
        throw TemplateError(.other, "'\(letter)' is a bad directive in format '\(format)'")
      }
      throw TemplateError(.other, "time data '\(text)' does not match format '\(format)'")
    }
    guard parser.rest.isEmpty else {
      throw TemplateError(.other, "unconverted data remains: \(parser.rest)")
    }
    if let isAfternoon = parser.isAfternoon {
      parser.fields.tm_hour = parser.fields.tm_hour % 12 + (isAfternoon ? 12 : 0)
    }
    if let day = parser.dayOfYear {
      parser.fields.tm_mon = 0
      parser.fields.tm_mday = Int32(day)
    }
    let day = parser.fields.tm_mday
    // timegm also finds the day of the week and of the year, and moves what there isn't.
    _ = timegm(&parser.fields)
    guard parser.dayOfYear != nil || parser.fields.tm_mday == day else {
      throw TemplateError(.other, "day is out of range for month")
    }
    var moment = Moment(fields: parser.fields, microsecond: parser.microsecond)
    moment.zoneMinutes = parser.zoneMinutes
    return moment
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
    case "j": takeDayOfYear()
    case "f": takeFraction()
    case "b", "B", "h": takeName(of: Self.months, into: \.tm_mon)
    case "a", "A": takeName(of: Self.days, into: \.tm_wday)
    case "p": takeHalfOfDay()
    case "z": takeZone()
    case "Z": takeZoneName()
    case "F": take("%Y-%m-%d")
    case "T": take("%H:%M:%S")
    case "%": rest.popFirst() == "%"
    default: refuse(directive)
    }
  }

  private mutating func refuse(_ directive: Character) -> Bool {
    badDirective = directive
    return false
  }

  private mutating func takeDayOfYear() -> Bool {
    dayOfYear = number(3, 1...366)
    return dayOfYear != nil
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

  /// `Z`, `+02:00` or `+0200`.
  private mutating func takeZone() -> Bool {
    if rest.first == "Z" {
      rest.removeFirst()
      zoneMinutes = 0
      return true
    }
    guard let sign = rest.first, sign == "+" || sign == "-" else { return false }
    rest.removeFirst()
    guard let hours = number(2, 0...23) else { return false }
    if rest.first == ":" { rest.removeFirst() }
    guard let minutes = number(2, 0...59) else { return false }
    zoneMinutes = (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
    return true
  }

  /// A name is read over, as Python does with those that it knows.
  private mutating func takeZoneName() -> Bool {
    let zone = rest.prefix(while: \.isLetter)
    rest = rest.dropFirst(zone.count)
    return ["utc", "gmt"].contains(zone.lowercased())
  }
}
