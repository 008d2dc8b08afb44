internal import Values

/// Filters of sequences as they stand.
enum ListFilters {
  /// Texts of items with a separator between them.
  private static func joined(_ items: [Value], _ separator: String) -> String {
    let buffer = TextBuffer()
    for (index, item) in items.enumerated() {
      if index > 0 { buffer.append(separator) }
      if case .int(let number) = item {
        buffer.append(number)
      } else {
        buffer.append(PythonText.str(item))
      }
    }
    return buffer.text
  }

  static let all: [LibraryFunction] = [
    LibraryFunction("list") { (call: OperandCall) throws(TemplateError) -> Operand in
      if case .value(let value) = call.input, case .unknown = value.unmarked() { return call.input }
      return Operand(list: try call.evaluator.items(of: call.input))
    },
    length, length.named("count"),
    end("first", { $0.first }, "No first item, sequence was empty."),
    end("last", { $0.last }, "No last item, sequence was empty."),
    LibraryFunction(
      "reverse",
      items: { (call) throws(TemplateError) in
        if case .string(let text) = call.input {
          return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
        }
        return .list(try call.items().reversed())
      }),
    LibraryFunction(
      "join", "d?", "attribute?",
      whole: { (call) throws(TemplateError) in
        var items = try call.items()
        if let attribute = call["attribute"], attribute != .null {
          let path = try AttributePath(attribute)
          var found: [Value] = []
          for item in items {
            found.append(try path.require(in: item, call.evaluator.dialect))
          }
          items = found
        }
        let separator = call["d"].map(PythonText.str) ?? ""
        return .string(joined(items, separator))
      }),
    LibraryFunction(
      "flatten", "levels?", "skip_nulls?",
      items: { (call) throws(TemplateError) in
        .list(
          flatten(
            try call.items(), levels: try call.int("levels"),
            skipsNulls: call.flag("skip_nulls", default: true)))
      }),
  ]

  private static let length = LibraryFunction(
    "length",
    items: { (call) throws(TemplateError) in
      guard let count = call.input.pythonCount else {
        throw TemplateError(.type, "object of type '\(call.input.pythonTypeName)' has no len()")
      }
      return .int(count)
    })

  private static func end(
    _ name: String, _ choose: @escaping @Sendable ([Operand]) -> Operand?, _ message: String
  ) -> LibraryFunction {
    LibraryFunction(name) { (call: OperandCall) throws(TemplateError) -> Operand in
      if case .value(let value) = call.input, case .unknown = value.unmarked() { return call.input }
      return choose(try call.evaluator.items(of: call.input))
        ?? call.evaluator.undefined(message, at: 0)
    }
  }

  private static func flatten(_ items: [Value], levels: Int?, skipsNulls: Bool) -> [Value] {
    var result: [Value] = []
    for item in items {
      if skipsNulls, item == .null || item == .string("None") || item == .string("null") {
        continue
      }
      guard let inner = item.unmarked().sequence, levels.map({ $0 > 0 }) ?? true else {
        result.append(item)
        continue
      }
      result += flatten(
        inner.map { $0.marked(item.marks) }, levels: levels.map { $0 - 1 },
        skipsNulls: skipsNulls)
    }
    return result
  }
}
