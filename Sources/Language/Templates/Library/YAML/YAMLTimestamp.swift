/// A date or a time as YAML 1.1 writes it.
///
/// Values have no type for it, so it becomes the text that Python's `str()` makes of it.
package struct YAMLTimestamp: CustomStringConvertible {
  private var year: Int
  private var month: Int
  private var day: Int
  private var time: Time?

  private struct Time {
    var hour: Int
    var minute: Int
    var second: Int
    var microsecond: Int
    /// Nil where no zone is given.
    var zoneMinutes: Int?
  }

  /// Nil where the text doesn't have the form of a date; it may still have a month 13.
  package init?(_ text: String) {
    var rest = Substring(text)
    guard let year = Self.number(&rest, 4...4), Self.skip(&rest, "-"),
      let month = Self.number(&rest, 1...2), Self.skip(&rest, "-"),
      let day = Self.number(&rest, 1...2)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    if rest.isEmpty {
      guard text.utf8.count == 10 else { return nil }
      return
    }
    if rest.first == "T" || rest.first == "t" {
      rest.removeFirst()
    } else {
      let blanks = rest.prefix { $0 == " " || $0 == "\t" }
      guard !blanks.isEmpty else { return nil }
      rest = rest[blanks.endIndex...]
    }
    guard let hour = Self.number(&rest, 1...2), Self.skip(&rest, ":"),
      let minute = Self.number(&rest, 2...2), Self.skip(&rest, ":"),
      let second = Self.number(&rest, 2...2)
    else { return nil }
    var time = Time(hour: hour, minute: minute, second: second, microsecond: 0)
    if Self.skip(&rest, ".") {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest[digits.endIndex...]
      time.microsecond = Int((digits + "000000").prefix(6)) ?? 0
    }
    guard Self.readZone(rest, into: &time) else { return nil }
    self.time = time
  }

  private static func readZone(_ text: Substring, into time: inout Time) -> Bool {
    if text.isEmpty { return true }
    var rest = text.drop { $0 == " " || $0 == "\t" }
    if rest == "Z" {
      time.zoneMinutes = 0
      return true
    }
    guard let sign = rest.first, sign == "+" || sign == "-" else { return false }
    rest.removeFirst()
    guard let hours = number(&rest, 1...2) else { return false }
    var minutes = 0
    if skip(&rest, ":") {
      guard let given = number(&rest, 2...2) else { return false }
      minutes = given
    }
    time.zoneMinutes = (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
    return rest.isEmpty
  }

  private static func number(_ rest: inout Substring, _ count: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }.prefix(count.upperBound)
    guard digits.count >= count.lowerBound else { return nil }
    rest = rest[digits.endIndex...]
    return Int(digits)
  }

  private static func skip(_ rest: inout Substring, _ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  /// Whether there is such a day and such a time.
  package var isValid: Bool {
    let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard year > 0, days.indices.contains(month - 1), (1...days[month - 1]).contains(day) else {
      return false
    }
    guard let time else { return true }
    return time.hour < 24 && time.minute < 60 && time.second < 60
      && abs(time.zoneMinutes ?? 0) < 24 * 60
  }

  /// As Python's `str` writes it.
  package var description: String {
    let date = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
    guard let time else { return date }
    var text = "\(date) \(pad(time.hour, 2)):\(pad(time.minute, 2)):\(pad(time.second, 2))"
    if time.microsecond > 0 { text += ".\(pad(time.microsecond, 6))" }
    if let zone = time.zoneMinutes {
      text += zone < 0 ? "-" : "+"
      text += "\(pad(abs(zone) / 60, 2)):\(pad(abs(zone) % 60, 2))"
    }
    return text
  }

  private func pad(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
