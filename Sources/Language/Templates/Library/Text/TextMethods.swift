internal import Values

/// Python's methods of text.
enum TextMethods {
  static let all = LibraryFunction.table([cases, cuts, searches, questions])

  private static let cases: [LibraryFunction] = [
    LibraryFunction("upper", whole: { .string(PythonString.upper($0.text)) }),
    LibraryFunction("lower", whole: { .string($0.text.lowercased()) }),
    LibraryFunction("casefold", whole: { .string($0.text.lowercased()) }),
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
    LibraryFunction(
      "strip", "chars?", whole: { .string(PythonString.strip($0.text, $0.text("chars"))) }),
    LibraryFunction(
      "lstrip", "chars?",
      whole: {
        .string(PythonString.strip($0.text, $0.text("chars"), right: false))
      }),
    LibraryFunction(
      "rstrip", "chars?",
      whole: {
        .string(PythonString.strip($0.text, $0.text("chars"), left: false))
      }),
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
          try PythonString.split(call.text, call.text("sep"), limit: try call.int("maxsplit") ?? -1)
        )
      }),
    LibraryFunction(
      "rsplit", "sep?", "maxsplit?",
      whole: { (call) throws(TemplateError) in
        .strings(
          try PythonString.splitFromRight(
            call.text, call.text("sep"), limit: try call.int("maxsplit") ?? -1))
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
        for (index, item) in try call.value("iterable").pythonItems().enumerated() {
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
    LibraryFunction("encode", "encoding?", "errors?", whole: { $0.input }),
    LibraryFunction(
      "expandtabs", "tabsize?",
      whole: { (call) throws(TemplateError) in
        .string(
          PythonString.replace(
            call.text, "\t", String(repeating: " ", count: try call.int("tabsize") ?? 8), count: -1)
        )
      }),
  ]

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

  private static func aligned(
    _ name: String, _ fill: @escaping @Sendable (String, Int, String) -> String
  ) -> LibraryFunction {
    LibraryFunction(
      name, "width", "fillchar?",
      whole: { (call) throws(TemplateError) in
        let missing = (try call.int("width") ?? 0) - call.text.unicodeScalars.count
        try limit(missing)
        return .string(fill(call.text, max(0, missing), call.text("fillchar") ?? " "))
      })
  }

  private static func partition(_ call: Call, fromRight: Bool) throws(TemplateError) -> [Value] {
    let ranges = PythonString.ranges(of: try text(call, "sep"), in: call.text)
    guard let range = fromRight ? ranges.last : ranges.first else {
      return fromRight ? ["", "", call.input] : [call.input, "", ""]
    }
    return [
      .string(String(call.text[..<range.lowerBound])), .string(String(call.text[range])),
      .string(String(call.text[range.upperBound...])),
    ]
  }

  private static let searches: [LibraryFunction] = [
    ends("startswith", fromRight: false), ends("endswith", fromRight: true),
    find("find", fromRight: false, fails: false), find("rfind", fromRight: true, fails: false),
    find("index", fromRight: false, fails: true), find("rindex", fromRight: true, fails: true),
    LibraryFunction(
      "count", "sub",
      whole: { (call) throws(TemplateError) in
        let part = try text(call, "sub")
        return .int(
          part.isEmpty
            ? call.text.unicodeScalars.count + 1
            : PythonString.ranges(of: part, in: call.text).count)
      }),
  ]

  private static func ends(_ name: String, fromRight: Bool) -> LibraryFunction {
    LibraryFunction(
      name, "part",
      whole: { (call) throws(TemplateError) in
        var parts = [call.value("part")]
        if let several = parts[0].sequence { parts = several }
        for part in parts {
          guard case .string(let part) = part else {
            throw TemplateError(
              .type, "\(name) first arg must be str or a tuple of str, not \(part.pythonTypeName)")
          }
          let fits =
            fromRight
            ? call.text.utf8.reversed().starts(with: part.utf8.reversed())
            : call.text.utf8.starts(with: part.utf8)
          if fits { return true }
        }
        return false
      })
  }

  private static func find(_ name: String, fromRight: Bool, fails: Bool) -> LibraryFunction {
    LibraryFunction(
      name, "sub", "start?",
      whole: { (call) throws(TemplateError) in
        let part = try text(call, "sub")
        let start = try call.int("start") ?? 0
        let ranges = PythonString.ranges(of: part, in: call.text)
        let offsets = ranges.map {
          call.text.unicodeScalars.distance(from: call.text.startIndex, to: $0.lowerBound)
        }.filter { $0 >= start }
        if part.isEmpty { return .int(fromRight ? call.text.unicodeScalars.count : start) }
        if let found = fromRight ? offsets.last : offsets.first { return .int(found) }
        if fails { throw call.failure("substring not found") }
        return -1
      })
  }

  private static let questions: [LibraryFunction] = [
    question("isdigit") {
      $0.properties.numericType == .digit || $0.properties.numericType == .decimal
    },
    question("isdecimal") { $0.properties.numericType == .decimal },
    question("isnumeric") { $0.properties.numericType != nil },
    question("isalpha") { $0.properties.isAlphabetic },
    question("isalnum") { $0.properties.isAlphabetic || $0.properties.numericType != nil },
    question("isspace") { PythonString.isSpace($0) },
    LibraryFunction(
      "islower",
      whole: { (call) in
        .bool(call.text == call.text.lowercased() && call.text != call.text.uppercased())
      }),
    LibraryFunction(
      "isupper",
      whole: { (call) in
        .bool(call.text == call.text.uppercased() && call.text != call.text.lowercased())
      }),
    LibraryFunction("isascii", whole: { .bool($0.text.utf8.allSatisfy { $0 < 128 }) }),
    LibraryFunction(
      "isidentifier",
      whole: { (call) in
        let scalars = call.text.unicodeScalars
        let starts = scalars.first.map { $0 == "_" || $0.properties.isXIDStart } ?? false
        return .bool(starts && scalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue })
      }),
    LibraryFunction(
      "istitle",
      whole: { (call) in
        .bool(PythonString.title(call.text) == call.text && call.text.contains(where: \.isLetter))
      }),
  ]

  private static func question(
    _ name: String, _ test: @escaping @Sendable (Unicode.Scalar) -> Bool
  ) -> LibraryFunction {
    LibraryFunction(
      name,
      whole: { (call) in
        .bool(!call.text.isEmpty && call.text.unicodeScalars.allSatisfy(test))
      })
  }
}
