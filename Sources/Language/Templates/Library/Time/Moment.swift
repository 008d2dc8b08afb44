internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A point in time with its calendar fields, as Python's `datetime`.
struct Moment: Equatable {
  var fields: tm
  var microsecond: Int
  /// How far the zone is before UTC, where one is known.
  var zoneMinutes: Int?

  static func == (left: Moment, right: Moment) -> Bool {
    left.instant == right.instant && left.microsecond == right.microsecond
  }

  /// Seconds since 1970, the fields taken for those of the zone, or of UTC where there is none.
  var instant: Int { seconds - (zoneMinutes ?? 0) * 60 }

  /// The time of this machine, in its zone or in UTC.
  static func now(utc: Bool) -> Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Moment(
      seconds: time.tv_sec, microsecond: Int(time.tv_nsec) / 1000, utc: utc)
  }

  init(seconds: Int, microsecond: Int = 0, utc: Bool) {
    var time = time_t(seconds)
    var fields = tm()
    if utc { gmtime_r(&time, &fields) } else { localtime_r(&time, &fields) }
    self.fields = fields
    self.microsecond = microsecond
  }

  init(fields: tm, microsecond: Int) {
    self.fields = fields
    self.microsecond = microsecond
  }

  /// Seconds since 1970, the fields taken for UTC.
  var seconds: Int {
    var copy = fields
    return Int(timegm(&copy))
  }

  /// By a format of `strftime`; `%f` and the zone are known to Python's `datetime` alone.
  func formatted(_ format: String, asDatetime: Bool = true) -> String {
    if format.isEmpty { return "" }
    var format = format
    if asDatetime {
      format = PythonString.replace(format, "%f", padded(microsecond, 6), count: -1)
      format = PythonString.replace(format, "%z", zone(""), count: -1)
    }
    var copy = fields
    var buffer = [CChar](repeating: 0, count: format.utf8.count * 16 + 256)
    let length = strftime(&buffer, buffer.count, format, &copy)
    return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private func zone(_ separator: String) -> String {
    guard let zone = zoneMinutes else { return "" }
    let (hours, minutes) = abs(zone).quotientAndRemainder(dividingBy: 60)
    return (zone < 0 ? "-" : "+") + padded(hours, 2) + separator + padded(minutes, 2)
  }

  /// As Python prints a `datetime`.
  var text: String {
    formatted(microsecond == 0 ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M:%S.%f") + zone(":")
  }
}
