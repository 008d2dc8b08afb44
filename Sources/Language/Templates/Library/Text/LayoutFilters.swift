internal import Values

/// Filters that lay text out: margins, widths, line breaks.
enum LayoutFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "center", "width?",
      whole: { (call) throws(TemplateError) in
        let width = try call.int("width") ?? 80
        try Session.checkItems(width)
        return .string(PythonString.center(call.text, width, " "))
      }),
    LibraryFunction(
      "indent", "width?", "first?", "blank?",
      whole: { (call) throws(TemplateError) in
        let margin: String
        if case .string(let text)? = call["width"] {
          margin = text
        } else {
          let width = try call.int("width") ?? 4
          try Session.checkItems(width)
          margin = String(repeating: " ", count: max(0, width))
        }
        return .string(
          indented(
            try call.lines(), by: margin, first: call.flag("first", default: false),
            blank: call.flag("blank", default: false)))
      }),
    LibraryFunction(
      "truncate", "length?", "killwords?", "end?", "leeway?",
      whole: { (call) throws(TemplateError) in .string(try truncated(call)) }),
    LibraryFunction(
      "wordwrap", "width?", "break_long_words?", "wrapstring?", "break_on_hyphens?",
      whole: { (call) throws(TemplateError) in
        let wrap = try WordWrap(
          width: try call.int("width") ?? 79,
          breaksLongWords: call.flag("break_long_words", default: true),
          breaksOnHyphens: call.flag("break_on_hyphens", default: true))
        let separator = call.text("wrapstring") ?? "\n"
        var lines: [String] = []
        for line in PythonString.lines(call.text) {
          lines.append(try wrap.lines(line, call).joined(separator: separator))
        }
        return .string(lines.joined(separator: separator))
      }),
    LibraryFunction(
      "comment", "style?", "decoration?", "prefix?", "prefix_count?", "postfix?",
      "postfix_count?", "beginning?", "end?", "newline?",
      whole: { (call) throws(TemplateError) in
        guard case .string(let text) = call.input else { throw call.missing("replace") }
        return .string(try Comment(call).text(around: text))
      }),
    LibraryFunction("pprint", whole: { .string(PrettyPrinter().text($0.input)) }),
  ]

  /// A margin before each line but the first; other ends of lines become `\n`.
  private static func indented(
    _ lines: [String], by margin: String, first: Bool, blank: Bool
  ) -> String {
    var result = ""
    for (index, line) in lines.enumerated() {
      if index > 0 { result += "\n" }
      if index > 0 ? blank || !line.isEmpty : first { result += margin }
      result += line
    }
    return result
  }

  private static func truncated(_ call: Call) throws(TemplateError) -> String {
    let length = try call.int("length") ?? 255
    let end = call.text("end") ?? "..."
    let leeway = try call.int("leeway") ?? 5
    guard length >= end.unicodeScalars.count else {
      throw call.failure("expected length >= \(end.unicodeScalars.count), got \(length)")
    }
    guard leeway >= 0 else { throw call.failure("expected leeway >= 0, got \(leeway)") }
    guard let count = call.input.pythonCount else {
      throw TemplateError(.type, "object of type '\(call.input.pythonTypeName)' has no len()")
    }
    if count <= length + leeway { return call.text }
    let scalars = call.text.unicodeScalars
    let kept = String(scalars.prefix(length - end.unicodeScalars.count))
    if call.flag("killwords", default: false) { return kept + end }
    let cut = kept.unicodeScalars.lastIndex(of: " ").map { String(kept[..<$0]) } ?? kept
    return cut + end
  }
}

extension Call {
  /// The error that a method is which the input's type hasn't got.
  func missing(_ method: String) -> TemplateError {
    TemplateError(.other, "'\(input.pythonTypeName)' object has no attribute '\(method)'")
  }

  /// The lines of a text, with a last empty one where it ends in a line break, as Jinja2's `indent`
  /// takes them.
  fileprivate func lines() throws(TemplateError) -> [String] {
    switch input {
    case .string(let text): return PythonString.lines(text + "\n")
    case .list, .dict: throw missing("splitlines")
    default:
      throw TemplateError(
        .type, "unsupported operand type(s) for +=: '\(input.pythonTypeName)' and 'str'")
    }
  }
}

extension Session {
  /// Refuses to make more than the limit of items or characters.
  static func checkItems(_ count: Int) throws(TemplateError) {
    if count > itemLimit {
      throw TemplateError(.limit, "this makes more than \(itemLimit) items or characters")
    }
  }
}
