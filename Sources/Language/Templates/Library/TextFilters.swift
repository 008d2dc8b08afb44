internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// Filters of text.
enum TextFilters {
  static let all: [LibraryFunction] = plain + layout

  private static let plain: [LibraryFunction] = [
    LibraryFunction("string", whole: { .string($0.text) }),
    LibraryFunction("upper", whole: { .string(PythonString.upper($0.text)) }),
    LibraryFunction("lower", whole: { .string($0.text.lowercased()) }),
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
            .type, "object of type '\(call.input.pythonTypeName)' has no attribute 'split'")
        }
        return .strings(
          try PythonString.split(text, call.text("sep"), limit: try call.int("maxsplit") ?? -1))
      }),
    LibraryFunction(
      "wordcount",
      whole: { (call) throws(TemplateError) in
        .int(call.text.unicodeScalars.split { !PythonString.isWord($0) }.count)
      }),
    LibraryFunction("escape", whole: { .string(escape($0.text)) }),
    LibraryFunction("e", whole: { .string(escape($0.text)) }),
    LibraryFunction("forceescape", whole: { .string(escape($0.text)) }),
    LibraryFunction("safe", whole: { .string($0.text) }),
    LibraryFunction(
      "striptags",
      whole: { (call) throws(TemplateError) in
        let tags = try call.evaluator.session.expression("(<!--.*?-->|<[^>]*>)", .dotAll)
        let stripped = (try? tags.replacing(in: call.text, with: "")) ?? call.text
        return .string(try PythonString.split(stripped, nil, limit: -1).joined(separator: " "))
      }),
    LibraryFunction(
      "format", "*values", "**named",
      whole: { (call) throws(TemplateError) in
        let named = call.value("named")
        if case .dict(let dict) = named, !dict.isEmpty {
          return .string(try PercentFormat.apply(call.text, named, isTuple: false))
        }
        return .string(try PercentFormat.apply(call.text, call.value("values"), isTuple: true))
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

  /// As markupsafe escapes.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "'": result += "&#39;"
      case "\"": result += "&#34;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  // MARK: Layout

  private static let layout: [LibraryFunction] = [
    LibraryFunction(
      "center", "width?",
      whole: { (call) throws(TemplateError) in
        .string(PythonString.center(call.text, try call.int("width") ?? 80, " "))
      }),
    LibraryFunction(
      "indent", "width?", "first?", "blank?",
      whole: { (call) throws(TemplateError) in
        let margin: String
        if case .string(let text)? = call["width"] {
          margin = text
        } else {
          margin = String(repeating: " ", count: max(0, try call.int("width") ?? 4))
        }
        return .string(
          indented(
            call.text, by: margin, first: call.flag("first", default: false),
            blank: call.flag("blank", default: false)))
      }),
    LibraryFunction(
      "truncate", "length?", "killwords?", "end?", "leeway?",
      whole: { (call) throws(TemplateError) in
        let text = Array(call.text.unicodeScalars)
        let length = try call.int("length") ?? 255
        let end = call.text("end") ?? "..."
        let leeway = try call.int("leeway") ?? 5
        if text.count <= length + leeway { return .string(call.text) }
        let kept = String(
          String.UnicodeScalarView(text.prefix(max(0, length - end.unicodeScalars.count))))
        if call.flag("killwords", default: false) { return .string(kept + end) }
        let cut = kept.unicodeScalars.lastIndex(of: " ").map { String(kept[..<$0]) } ?? kept
        return .string(cut + end)
      }),
    LibraryFunction(
      "wordwrap", "width?", "break_long_words?", "wrapstring?", "break_on_hyphens?",
      whole: { (call) throws(TemplateError) in
        let wrap = WordWrap(
          width: try call.int("width") ?? 79,
          breaksLongWords: call.flag("break_long_words", default: true),
          breaksOnHyphens: call.flag("break_on_hyphens", default: true))
        let separator = call.text("wrapstring") ?? "\n"
        return .string(
          PythonString.lines(call.text).map { wrap.lines($0).joined(separator: separator) }
            .joined(separator: separator))
      }),
    LibraryFunction(
      "comment", "style?", "decoration?", "prefix?", "prefix_count?", "postfix?",
      "postfix_count?", "beginning?", "end?", "newline?",
      whole: { (call) throws(TemplateError) in .string(try Comment(call).text(around: call.text)) }),
  ]

  private static func indented(
    _ text: String, by indent: String, first: Bool, blank: Bool
  ) -> String {
    let lines = (text + "\n").split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    var result = ""
    for (index, line) in lines.enumerated() {
      if index > 0 { result += "\n" }
      if index > 0 ? blank || !line.isEmpty : first { result += indent }
      result += line
    }
    return result
  }
}
