internal import Values

/// Filters of points in time.
enum TimeFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "strftime", "second?", "utc?",
      whole: { (call) throws(TemplateError) in
        let utc = call.flag("utc", default: false)
        guard let second = call["second"], second != .null else {
          return .string(Moment.now(utc: utc).formatted(call.text))
        }
        guard let seconds = second.pythonNumber ?? second.text.flatMap(PythonNumber.float),
          let whole = Int(exactly: seconds.rounded(.down))
        else { throw call.failure("Invalid value for epoch value (\(PythonText.str(second)))") }
        return .string(Moment(seconds: whole, utc: utc).formatted(call.text))
      }),
    LibraryFunction("to_datetime") { (call: OperandCall) throws(TemplateError) -> Operand in
      let input = try call.evaluator.value(of: call.input)
      if case .unknown = input.unmarked() { return .value(input) }
      let text = PythonText.str(input.unmarkedDeeply())
      var format = "%Y-%m-%d %H:%M:%S"
      if let given = call.argument(0, "format") {
        format = PythonText.str(try call.evaluator.value(of: given).unmarkedDeeply())
      }
      guard let moment = Moment(text, format: format) else {
        throw TemplateError(
          .other, "time data '\(text)' does not match format '\(format)'"
        ).withheld([input])
      }
      return .object(MomentObject(moment))
    },
  ]
}
