internal import Values

/// Python's methods of text.
enum TextMethods {
  static let all = LibraryFunction.table([cases, cuts, TextSearches.all, TextQuestions.all])

  private static let cases: [LibraryFunction] = [
    LibraryFunction("upper", whole: { .string(PythonString.upper($0.text)) }),
    LibraryFunction("lower", whole: { .string(PythonString.lower($0.text)) }),
    LibraryFunction("casefold", whole: { .string($0.text.uppercased().lowercased()) }),
    LibraryFunction("capitalize", whole: { .string(PythonString.capitalize($0.text)) }),
    LibraryFunction("title", whole: { .string(PythonString.title($0.text)) }),
    LibraryFunction(
      "swapcase",
      whole: { (call) in
        .string(
          call.text.unicodeScalars.map {
            $0.properties.isUppercase
              ? $0.properties.lowercaseMapping : $0.properties.uppercaseMapping
          }.joined())
      }),
  ]

  private static let cuts: [LibraryFunction] = [
    stripping("strip", left: true, right: true), stripping("lstrip", left: true, right: false),
    stripping("rstrip", left: false, right: true),
    LibraryFunction(
      "removeprefix", "prefix",
      whole: { (call) in
        let prefix = call.text("prefix") ?? ""
        return .string(
          call.text.utf8.starts(with: prefix.utf8)
            ? String(call.text.unicodeScalars.dropFirst(prefix.unicodeScalars.count)) : call.text)
      }),
    LibraryFunction(
      "removesuffix", "suffix",
      whole: { (call) in
        let suffix = call.text("suffix") ?? ""
        return .string(
          call.text.utf8.reversed().starts(with: suffix.utf8.reversed())
            ? String(call.text.unicodeScalars.dropLast(suffix.unicodeScalars.count)) : call.text)
      }),
    LibraryFunction(
      "replace", "old", "new", "count?",
      whole: { (call) throws(TemplateError) in
        .string(
          PythonString.replace(
            call.text, try text(call, "old"), try text(call, "new"),
            count: try call.int("count") ?? -1))
      }),
    LibraryFunction(
      "split", "sep?", "maxsplit?",
      whole: { (call) throws(TemplateError) in
        .strings(
          try PythonString.split(
            call.text, try separator(call), limit: try call.int("maxsplit") ?? -1))
      }),
    LibraryFunction(
      "rsplit", "sep?", "maxsplit?",
      whole: { (call) throws(TemplateError) in
        .strings(
          try PythonString.splitFromRight(
            call.text, try separator(call), limit: try call.int("maxsplit") ?? -1))
      }),
    LibraryFunction(
      "splitlines", "keepends?",
      whole: { (call) in
        .strings(PythonString.lines(call.text, keepsEnds: call.flag("keepends", default: false)))
      }),
    LibraryFunction(
      "partition", "sep",
      whole: { (call) throws(TemplateError) in
        .tuple(try partition(call, fromRight: false))
      }),
    LibraryFunction(
      "rpartition", "sep",
      whole: { (call) throws(TemplateError) in
        .tuple(try partition(call, fromRight: true))
      }),
    LibraryFunction(
      "join", "iterable",
      whole: { (call) throws(TemplateError) in
        var parts: [String] = []
        guard let items = try? call.value("iterable").pythonItems() else {
          throw TemplateError(.type, "can only join an iterable")
        }
        for (index, item) in items.enumerated() {
          guard case .string(let part) = item else {
            throw TemplateError(
              .type, "sequence item \(index): expected str instance, \(item.pythonTypeName) found",
              help: "use the filter: `| join(…)`")
          }
          parts.append(part)
        }
        return .string(parts.joined(separator: call.text))
      }),
    aligned("ljust") { $0 + String(repeating: $2, count: $1) },
    aligned("rjust") { String(repeating: $2, count: $1) + $0 },
    LibraryFunction(
      "center", "width", "fillchar?",
      whole: { (call) throws(TemplateError) in
        .string(
          PythonString.center(
            call.text, try call.int("width") ?? 0, call.text("fillchar") ?? " "))
      }),
    LibraryFunction(
      "zfill", "width",
      whole: { (call) throws(TemplateError) in
        let missing = (try call.int("width") ?? 0) - call.text.unicodeScalars.count
        guard missing > 0 else { return call.input }
        try limit(missing)
        let zeros = String(repeating: "0", count: missing)
        if let sign = call.text.first, sign == "-" || sign == "+" {
          return .string(String(sign) + zeros + call.text.dropFirst())
        }
        return .string(zeros + call.text)
      }),
    LibraryFunction(
      "format", "*values", "**named",
      whole: { (call) throws(TemplateError) in
        .string(try BraceFormat.apply(call.text, call.value("values"), call.value("named")))
      }),
    // There are no bytes here: text is as good where they are only passed on.
    LibraryFunction("encode", "encoding?", "errors?", whole: { $0.input }),
    LibraryFunction("decode", "encoding?", "errors?", whole: { $0.input }),
    LibraryFunction(
      "format_map", "mapping",
      whole: { (call) throws(TemplateError) in
        .string(try BraceFormat.apply(call.text, [], call.value("mapping")))
      }),
    LibraryFunction(
      "translate", "table",
      whole: { (call) throws(TemplateError) in
        let table = call.value("table")
        return .string(
          call.text.unicodeScalars.map { scalar -> String in
            guard let found = table.pythonElement(.int(Int(scalar.value))) else {
              return String(scalar)
            }
            let code = found.pythonInt.flatMap { UInt32(exactly: $0) }
            return found.text ?? code.flatMap(Unicode.Scalar.init).map { String($0) } ?? ""
          }.joined())
      }),
    LibraryFunction(
      "expandtabs", "tabsize?",
      whole: { (call) throws(TemplateError) in
        let size = try call.int("tabsize") ?? 8
        try Session.checkItems(size)
        return .string(expanded(call.text, tabs: size))
      }),
  ]

  private static func stripping(_ name: String, left: Bool, right: Bool) -> LibraryFunction {
    LibraryFunction(
      name, "chars?",
      whole: { (call) throws(TemplateError) in
        let characters = call.value("chars")
        guard characters == .null || characters.isText else {
          throw TemplateError(.type, "\(name) arg must be None or str")
        }
        return .string(PythonString.strip(call.text, characters.text, left: left, right: right))
      })
  }

  private static func expanded(_ text: String, tabs size: Int) -> String {
    var result = String.UnicodeScalarView()
    var column = 0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t":
        let count = size > 0 ? size - column % size : 0
        result.append(contentsOf: repeatElement(" ", count: count))
        column += count
      case "\n", "\r":
        result.append(scalar)
        column = 0
      default:
        result.append(scalar)
        column += 1
      }
    }
    return String(result)
  }

  private static func limit(_ count: Int) throws(TemplateError) {
    if count > Session.itemLimit {
      throw TemplateError(.limit, "text of more than \(Session.itemLimit) characters")
    }
  }

  private static func text(_ call: Call, _ name: String) throws(TemplateError) -> String {
    guard case .string(let text) = call.value(name) else {
      throw TemplateError(
        .type,
        "\(call.function.name)() argument '\(name)' must be str, not "
          + call.value(name).pythonTypeName)
    }
    return text
  }

  private static func separator(_ call: Call) throws(TemplateError) -> String? {
    let separator = call.value("sep")
    guard separator == .null || separator.isText else {
      throw TemplateError(.type, "must be str or None, not \(separator.pythonTypeName)")
    }
    return separator.text
  }

  private static func aligned(
    _ name: String, _ fill: @escaping @Sendable (String, Int, String) -> String
  ) -> LibraryFunction {
    LibraryFunction(
      name, "width", "fillchar?",
      whole: { (call) throws(TemplateError) in
        let missing = (try call.int("width") ?? 0) - call.text.unicodeScalars.count
        try limit(missing)
        let sign = call.text("fillchar") ?? " "
        guard sign.unicodeScalars.count == 1 else {
          throw TemplateError(
            .type, "The fill character must be exactly one character long")
        }
        return .string(fill(call.text, max(0, missing), sign))
      })
  }

  private static func partition(_ call: Call, fromRight: Bool) throws(TemplateError) -> [Value] {
    let separator = try text(call, "sep")
    if separator.isEmpty { throw TemplateError(.other, "empty separator") }
    let found =
      fromRight
      ? PythonString.lastRange(of: separator, in: call.text)
      : PythonString.ranges(of: separator, in: call.text).first
    guard let range = found else {
      return fromRight ? ["", "", call.input] : [call.input, "", ""]
    }
    return [
      .string(String(call.text[..<range.lowerBound])), .string(String(call.text[range])),
      .string(String(call.text[range.upperBound...])),
    ]
  }
}
