internal import Values

/// The time between two moments, as Python's `timedelta`.
final class DurationObject: PrintableObject, TimeObject {
  let typeName = "timedelta"
  let microseconds: Int

  init(microseconds: Int) { self.microseconds = microseconds }

  /// Rounded down, with a remainder that isn't negative.
  static func divide(_ number: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static let day = 86_400_000_000

  private var days: Int { Self.divide(microseconds, Self.day).quotient }
  private var rest: Int { Self.divide(microseconds, Self.day).remainder }

  var text: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    let seconds = rest / 1_000_000
    var text = days == 0 ? "" : "\(days) day\(abs(days) == 1 ? "" : "s"), "
    text += "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    let fraction = rest % 1_000_000
    if fraction == 0 { return text }
    let digits = String(fraction)
    return text + "." + String(repeating: "0", count: 6 - digits.count) + digits
  }

  func value(_ evaluator: Evaluator) throws(TemplateError) -> Value { .string(text) }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    switch name {
    case "days": .value(.int(days))
    case "seconds": .value(.int(rest / 1_000_000))
    case "microseconds": .value(.int(rest % 1_000_000))
    case "total_seconds":
      .object(
        Function(name) { (_, _) throws(TemplateError) -> Operand in
          .value(.float(Double(self.microseconds) / 1e6))
        })
    default: nil
    }
  }

  func combine(_ operation: BinaryOperator, _ other: Operand) -> Operand? {
    guard case .object(let object) = other else { return nil }
    if operation == .add, let moment = object as? MomentObject {
      return moment.combine(.add, .object(self))
    }
    guard let other = object as? DurationObject else { return nil }
    switch operation {
    case .add: return .object(DurationObject(microseconds: microseconds + other.microseconds))
    case .subtract:
      return .object(DurationObject(microseconds: microseconds - other.microseconds))
    default: return nil
    }
  }
}
