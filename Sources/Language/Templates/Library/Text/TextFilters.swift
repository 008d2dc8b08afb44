internal import OrderedCollections
internal import Values

/// Filters of text.
enum TextFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction("string", whole: { .string($0.text) }),
    LibraryFunction("upper", whole: { .string(PythonString.upper($0.text)) }),
    LibraryFunction("lower", whole: { .string(PythonString.lower($0.text)) }),
    LibraryFunction("capitalize", whole: { .string(PythonString.capitalize($0.text)) }),
    LibraryFunction("title", whole: { .string(title($0.text)) }),
    LibraryFunction(
      "trim", "chars?",
      whole: { (call) throws(TemplateError) in
        .string(PythonString.strip(call.text, call.text("chars")))
      }),
    LibraryFunction(
      "replace", "old", "new", "count?",
      whole: { (call) throws(TemplateError) in
        .string(
          PythonString.replace(
            call.text, call.text("old") ?? "None", call.text("new") ?? "None",
            count: try call.int("count") ?? -1))
      }),
    LibraryFunction(
      "split", "sep?", "maxsplit?",
      whole: { (call) throws(TemplateError) in
        guard case .string(let text) = call.input else {
          throw TemplateError(
            .type,
            "descriptor 'split' for 'str' objects doesn't apply to a "
              + "'\(call.input.pythonTypeName)' object")
        }
        return .strings(
          try PythonString.split(text, call.text("sep"), limit: try call.int("maxsplit") ?? -1))
      }),
    LibraryFunction(
      "wordcount",
      whole: { (call) throws(TemplateError) in
        .int(call.text.unicodeScalars.split { !PythonString.isWord($0) }.count)
      }),
    LibraryFunction(
      "format", "*values", "**named",
      whole: { (call) throws(TemplateError) in
        let named = call.value("named")
        if case .dict(let dict) = named, !dict.isEmpty {
          return .string(try PercentFormat.apply(call.text, named))
        }
        guard case .list(let values) = call.value("values") else { return .string(call.text) }
        return .string(try PercentFormat.apply(call.text, .tuple(values)))
      }),
  ]

  private static func title(_ text: String) -> String {
    var result = ""
    var startsWord = true
    for scalar in text.unicodeScalars {
      let isBreak =
        scalar == "-" || "([{<".unicodeScalars.contains(scalar)
        || scalar.properties.isWhitespace
      result += startsWord ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
      startsWord = isBreak
    }
    return result
  }
}
