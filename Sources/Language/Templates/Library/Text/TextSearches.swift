internal import Values

/// Python's methods of text that look for a part of it, all or between two places.
enum TextSearches {
  static let all: [LibraryFunction] = [
    ends("startswith", fromRight: false), ends("endswith", fromRight: true),
    find("find", fromRight: false, fails: false), find("rfind", fromRight: true, fails: false),
    find("index", fromRight: false, fails: true), find("rindex", fromRight: true, fails: true),
    LibraryFunction(
      "count", "sub", "start?", "end?",
      whole: { (call) throws(TemplateError) in
        let part = try part(call)
        guard let section = try section(call) else { return 0 }
        return .int(
          part.isEmpty
            ? section.text.unicodeScalars.count + 1
            : PythonString.ranges(of: part, in: section.text).count)
      }),
  ]

  private static func part(_ call: Call) throws(TemplateError) -> String {
    guard case .string(let text) = call.value("sub") else {
      throw TemplateError(
        .type,
        "\(call.function.name)() argument 1 must be str, not \(call.value("sub").pythonTypeName)")
    }
    return text
  }

  /// The text between `start` and `end`, and where it begins; nil where it begins behind the text.
  private static func section(_ call: Call) throws(TemplateError) -> (text: String, start: Int)? {
    let (from, to) = (try call.int("start"), try call.int("end"))
    if from == nil, to == nil { return (call.text, 0) }
    let scalars = Array(call.text.unicodeScalars)
    func place(_ index: Int?, _ standard: Int) -> Int {
      guard let index else { return standard }
      return max(0, index < 0 ? index + scalars.count : index)
    }
    let start = place(from, 0)
    let end = min(place(to, scalars.count), scalars.count)
    guard start <= scalars.count, start <= end else { return nil }
    return (String(String.UnicodeScalarView(scalars[start..<end])), start)
  }

  private static func ends(_ name: String, fromRight: Bool) -> LibraryFunction {
    LibraryFunction(
      name, "part", "start?", "end?",
      whole: { (call) throws(TemplateError) in
        let parts = call.value("part").sequence ?? [call.value("part")]
        let section = try section(call)
        for part in parts {
          guard case .string(let part) = part else {
            throw TemplateError(
              .type, "\(name) first arg must be str or a tuple of str, not \(part.pythonTypeName)")
          }
          guard let text = section?.text else { continue }
          let fits =
            fromRight
            ? text.utf8.reversed().starts(with: part.utf8.reversed())
            : text.utf8.starts(with: part.utf8)
          if fits { return true }
        }
        return false
      })
  }

  private static func find(_ name: String, fromRight: Bool, fails: Bool) -> LibraryFunction {
    LibraryFunction(
      name, "sub", "start?", "end?",
      whole: { (call) throws(TemplateError) in
        let part = try part(call)
        if let (text, start) = try section(call) {
          if part.isEmpty { return .int(start + (fromRight ? text.unicodeScalars.count : 0)) }
          let range =
            fromRight
            ? PythonString.lastRange(of: part, in: text)
            : text.utf8.firstRange(of: part.utf8)
          if let range {
            let offset = text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)
            return .int(start + offset)
          }
        }
        if fails { throw call.failure("substring not found") }
        return -1
      })
  }
}
