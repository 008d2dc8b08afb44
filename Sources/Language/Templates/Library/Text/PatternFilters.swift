internal import RegularExpressions
internal import Values

/// Filters by regular expressions.
enum PatternFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "regex_replace", "pattern?", "replacement?", "ignorecase?", "multiline?", "count?",
      "mandatory_count?",
      whole: { (call) throws(TemplateError) in
        let expression = try call.expression()
        let template = call.text("replacement") ?? ""
        let count = try call.int("count") ?? 0
        let wanted = try call.int("mandatory_count") ?? 0
        let replaced = try call.matching { () throws(RegularExpressionError) in
          Value.string(try expression.replacing(in: call.text, with: template, count: count))
        }
        return try replaced.checked(wanted, expression, call)
      }),
    LibraryFunction(
      "regex_findall", "regex", "multiline?", "ignorecase?",
      whole: { (call) throws(TemplateError) in
        let expression = try call.expression("regex")
        let matches = try call.matching { () throws(RegularExpressionError) in
          try expression.matches(in: call.text)
        }
        return .list(
          matches.map { match in
            switch match.groupCount {
            case 0: .string(String(match.matched))
            case 1: .string(String(match[1] ?? ""))
            default: .tuple((1...match.groupCount).map { .string(String(match[$0] ?? "")) })
            }
          })
      }),
    LibraryFunction(
      "regex_search", "regex", "*groups", "multiline?", "ignorecase?",
      whole: { (call) throws(TemplateError) in
        let expression = try call.expression("regex")
        let match = try call.matching { () throws(RegularExpressionError) in
          try expression.firstMatch(in: call.text)
        }
        guard case .list(let groups) = call.value("groups"), !groups.isEmpty else {
          return match.map { .string(String($0.matched)) } ?? .null
        }
        var found: [Value] = []
        for group in groups {
          found.append(try value(of: PythonText.str(group), in: match, call))
        }
        return match == nil ? .null : .list(found)
      }),
    LibraryFunction(
      "regex_escape", "re_type?",
      whole: { (call) throws(TemplateError) in
        switch call.text("re_type") ?? "python" {
        case "python": return .string(RegularExpression.escape(call.text))
        case "posix_basic":
          return .string(
            call.text.unicodeScalars.map {
              ("[].^$*\\".unicodeScalars.contains($0) ? "\\" : "") + String($0)
            }.joined())
        case "posix_extended":
          throw call.failure("Regex type (posix_extended) not yet implemented")
        case let other: throw call.failure("Invalid regex type (\(other))")
        }
      }),
  ]

  /// `\\1` or `\\g<name>`.
  private static func value(
    of group: String, in match: RegularExpression.Match?, _ call: Call
  ) throws(TemplateError) -> Value {
    let isNamed = group.hasPrefix("\\g<") && group.hasSuffix(">")
    let name = isNamed ? String(group.dropFirst(3).dropLast()) : String(group.dropFirst())
    guard isNamed || group.hasPrefix("\\") && Int(name) != nil else {
      throw call.failure("Unknown argument")
    }
    guard let match else { return .null }
    guard let number = Int(name) else {
      guard match.hasGroup(name) else { throw call.failure("no such group") }
      return match[name].map { .string(String($0)) } ?? .null
    }
    guard (0...match.groupCount).contains(number) else { throw call.failure("no such group") }
    return match[number].map { .string(String($0)) } ?? .null
  }
}

extension Value {
  /// The result of a replacement, if there were as many matches as are demanded (0: any).
  fileprivate func checked(
    _ wanted: Int, _ expression: RegularExpression, _ call: Call
  ) throws(TemplateError) -> Value {
    if wanted == 0 { return self }
    let count = try call.matching { () throws(RegularExpressionError) in
      try expression.matches(in: call.text).count
    }
    let limit = try call.int("count") ?? 0
    let replaced = limit > 0 ? Swift.min(count, limit) : count
    guard replaced == wanted else {
      throw call.failure(
        "'\(call.text("pattern") ?? "")' should match \(wanted) times, but matches \(replaced) "
          + "times in \(PythonText.repr(call.text))")
    }
    return self
  }
}
