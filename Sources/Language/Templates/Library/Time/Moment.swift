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

  static func == (left: Moment, right: Moment) -> Bool { left.seconds == right.seconds }

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

  /// From text, by a format of `strptime`; nil where it doesn't fit.
  init?(_ text: String, format: String) {
    guard let parsed = MomentParser.parse(text, format: format) else { return nil }
    self = parsed
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

  /// By a format of `strftime`.
  func formatted(_ format: String) -> String {
    if format.isEmpty { return "" }
    let digits = String(microsecond)
    let padded = String(repeating: "0", count: 6 - digits.count) + digits
    let format = PythonString.replace(format, "%f", padded, count: -1)
    var copy = fields
    var buffer = [CChar](repeating: 0, count: format.utf8.count * 16 + 256)
    let length = strftime(&buffer, buffer.count, format, &copy)
    return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// As Python prints a `datetime`.
  var text: String {
    formatted(microsecond == 0 ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M:%S.%f")
  }
}

/// What `now()` and `to_datetime` give: a moment with Python's methods.
final class MomentObject: PrintableObject {
  let typeName = "datetime"
  let moment: Moment

  init(_ moment: Moment) { self.moment = moment }

  var text: String { moment.text }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value { .string(text) }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    let fields = moment.fields
    switch name {
    case "year": return .value(.int(Int(fields.tm_year) + 1900))
    case "month": return .value(.int(Int(fields.tm_mon) + 1))
    case "day": return .value(.int(Int(fields.tm_mday)))
    case "hour": return .value(.int(Int(fields.tm_hour)))
    case "minute": return .value(.int(Int(fields.tm_min)))
    case "second": return .value(.int(Int(fields.tm_sec)))
    case "microsecond": return .value(.int(moment.microsecond))
    case "strftime":
      return .object(
        Function(name) { (arguments, evaluator) throws(TemplateError) -> Operand in
          guard let format = arguments.positional.first,
            case .string(let text) = try evaluator.value(of: format).unmarked()
          else { throw TemplateError(.type, "strftime() needs a format") }
          return .value(.string(self.moment.formatted(text)))
        })
    case "isoformat":
      return method(name) { PythonString.replace($0.text, " ", "T", count: 1) }
    case "date": return method(name) { $0.formatted("%Y-%m-%d") }
    case "time": return method(name) { $0.formatted("%H:%M:%S") }
    case "weekday":
      return .object(
        Function(name) { (_, _) throws(TemplateError) -> Operand in
          .value(.int((Int(fields.tm_wday) + 6) % 7))
        })
    case "timestamp":
      return .object(
        Function(name) { (_, _) throws(TemplateError) -> Operand in
          var copy = fields
          return .value(.float(Double(mktime(&copy)) + Double(self.moment.microsecond) / 1e6))
        })
    default: return nil
    }
  }

  private func method(
    _ name: String, _ text: @escaping (Moment) -> String
  ) -> Operand {
    .object(
      Function(name) { (_, _) throws(TemplateError) -> Operand in
        .value(.string(text(self.moment)))
      })
  }
}
