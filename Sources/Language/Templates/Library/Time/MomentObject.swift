internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Something of time that operators work on.
protocol TimeObject: TemplateObject {
  /// The result of an operator with this on its left; nil where there is none.
  func combine(_ operation: BinaryOperator, _ other: Operand) -> Operand?
}

/// What `now()` and `to_datetime` give: a moment with Python's methods.
final class MomentObject: PrintableObject, TimeObject {
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
    case "replace": return .object(Function(name, replace))
    case "isoformat":
      return method(name) { PythonString.replace($0.text, " ", "T", count: 1) }
    case "date": return method(name) { $0.formatted("%Y-%m-%d") }
    case "time": return method(name) { $0.formatted("%H:%M:%S") }
    case "weekday": return number(name, (Int(fields.tm_wday) + 6) % 7)
    case "isoweekday": return number(name, (Int(fields.tm_wday) + 6) % 7 + 1)
    case "timestamp":
      return .object(
        Function(name) { (_, _) throws(TemplateError) -> Operand in
          var copy = fields
          let seconds = self.moment.zoneMinutes == nil ? Int(mktime(&copy)) : self.moment.instant
          return .value(.float(Double(seconds) + Double(self.moment.microsecond) / 1e6))
        })
    default: return nil
    }
  }

  /// The difference of two moments, or a moment later or earlier.
  func combine(_ operation: BinaryOperator, _ other: Operand) -> Operand? {
    guard case .object(let object) = other else { return nil }
    let own = moment.instant * 1_000_000 + moment.microsecond
    if operation == .subtract, let other = object as? MomentObject {
      let then = other.moment.instant * 1_000_000 + other.moment.microsecond
      return .object(DurationObject(microseconds: own - then))
    }
    guard let duration = object as? DurationObject, operation == .add || operation == .subtract
    else { return nil }
    let sign = operation == .add ? 1 : -1
    let total = own + sign * duration.microseconds + (moment.zoneMinutes ?? 0) * 60_000_000
    let (seconds, rest) = DurationObject.divide(total, 1_000_000)
    var result = Moment(seconds: seconds, microsecond: rest, utc: true)
    result.zoneMinutes = moment.zoneMinutes
    return .object(MomentObject(result))
  }

  private func replace(
    _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    var result = moment
    for (name, operand) in arguments.keyword {
      guard let number = try evaluator.value(of: operand).unmarked().pythonInt else {
        throw TemplateError(.type, "replace() takes integers")
      }
      let field = Int32(clamping: number)
      switch name {
      case "year": result.fields.tm_year = field - 1900
      case "month": result.fields.tm_mon = field - 1
      case "day": result.fields.tm_mday = field
      case "hour": result.fields.tm_hour = field
      case "minute": result.fields.tm_min = field
      case "second": result.fields.tm_sec = field
      case "microsecond": result.microsecond = number
      default:
        throw TemplateError(.type, "replace() got an unexpected keyword argument '\(name)'")
      }
    }
    let day = result.fields.tm_mday
    // timegm also finds the day of the week and of the year, and moves what there isn't.
    _ = timegm(&result.fields)
    guard result.fields.tm_mday == day else {
      throw TemplateError(.other, "day is out of range for month")
    }
    return .object(MomentObject(result))
  }

  private func number(_ name: String, _ number: Int) -> Operand {
    .object(Function(name) { (_, _) throws(TemplateError) -> Operand in .value(.int(number)) })
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
