internal import Values

/// Filters of points in time.
enum TimeFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "strftime", "second?", "utc?",
      whole: { (call) throws(TemplateError) in
        guard call.input.isText else {
          throw TemplateError(
            .type, "strftime() argument 1 must be str, not \(call.input.pythonTypeName)")
        }
        let utc = call.flag("utc", default: false)
        guard let second = call["second"], second != .null else {
          return .string(Moment.now(utc: utc).formatted(call.text, asDatetime: false))
        }
        guard let seconds = second.pythonNumber ?? second.text.flatMap(PythonNumber.float),
          let whole = Int(exactly: seconds.rounded(.down))
        else { throw call.failure("Invalid value for epoch value (\(PythonText.str(second)))") }
        return .string(Moment(seconds: whole, utc: utc).formatted(call.text, asDatetime: false))
      }),
    LibraryFunction("to_datetime") { (call: OperandCall) throws(TemplateError) -> Operand in
      let input = try call.evaluator.value(of: call.input)
      if case .unknown = input.unmarked() { return .value(input) }
      guard case .string(let text) = input.unmarkedDeeply() else {
        throw TemplateError(
          .type, "strptime() argument 1 must be str, not \(input.pythonTypeName)")
      }
      var format = "%Y-%m-%d %H:%M:%S"
      if let given = call.argument(0, "format") {
        format = PythonText.str(try call.evaluator.value(of: given).unmarkedDeeply())
      }
      do throws(TemplateError) {
        return .object(MomentObject(try MomentParser.parse(text, format: format)))
      } catch {
        throw error.withheld([input])
      }
    },
  ]
}
