internal import Values

/// The lookup `sequence`: numbers as text.
enum SequenceLookup {
  static let all = [Lookup("sequence") { (call) throws(TemplateError) in try run(call) }]

  /// `start=1 end=9 stride=2 format=web%02d`, or `1-9/2:web%02d`.
  static func run(_ call: LookupCall) throws(TemplateError) -> [Value] {
    var values: [Value] = []
    let terms = call.texts.isEmpty ? [""] : call.texts
    for term in terms {
      var options = call.options.mapValues { PythonText.str($0.unmarkedDeeply()) }
      for pair in term.split(separator: " ") {
        let halves = pair.split(separator: "=", maxSplits: 1)
        if halves.count == 2 { options[String(halves[0])] = String(halves[1]) }
      }
      let known = ["start", "end", "count", "stride", "format"]
      let unknown = options.keys.filter { !known.contains($0) }.sorted()
      guard unknown.isEmpty else {
        throw TemplateError(
          .other,
          "unrecognized arguments to with_sequence: "
            + PythonText.repr(.strings(unknown)))
      }
      if !term.contains("="), !term.isEmpty { try readShort(term, &options) }
      values += try numbers(options)
    }
    return values
  }

  private static func readShort(
    _ term: String, _ options: inout [String: String]
  ) throws(TemplateError) {
    let parts = term.split(separator: ":", maxSplits: 1)
    if parts.count > 1 { options["format"] = String(parts[1]) }
    let steps = parts[0].split(separator: "/", maxSplits: 1)
    if steps.count > 1 { options["stride"] = String(steps[1]) }
    let ends = steps[0].split(separator: "-", maxSplits: 1)
    if ends.count > 1 { options["start"] = String(ends[0]) }
    options["end"] = ends.last.map(String.init)
  }

  private static func numbers(_ options: [String: String]) throws(TemplateError) -> [Value] {
    func number(_ name: String) throws(TemplateError) -> Int? {
      guard let text = options[name] else { return nil }
      guard let number = PythonNumber.int(text, base: 0) else {
        throw TemplateError(.other, "can't parse \(name)=\(text) as integer")
      }
      return number
    }
    let start = try number("start") ?? 1
    var step = try number("stride") ?? 1
    let end: Int
    if options["count"] != nil, options["end"] != nil {
      throw TemplateError(.other, "can't specify both count and end in with_sequence")
    }
    if let count = try number("count") {
      if count == 0 { return [] }
      end = start + (count - 1) * step
    } else if let last = try number("end") {
      end = last
    } else {
      throw TemplateError(.other, "must specify count or end in with_sequence")
    }
    if step == 0 { step = 1 }
    if step > 0, end < start {
      throw TemplateError(.other, "to count backwards make stride negative")
    }
    if step < 0, end > start {
      throw TemplateError(.other, "to count forward don't make stride negative")
    }
    guard abs((end - start) / step) < Session.itemLimit else {
      throw TemplateError(.limit, "sequence makes more than \(Session.itemLimit) items")
    }
    let format = options["format"] ?? "%d"
    guard format.replacing("%%", with: "").contains("%") else {
      throw TemplateError(.other, "bad formatting string: \(format)")
    }
    var values: [Value] = []
    for number in stride(from: start, through: end, by: step) {
      values.append(
        .string(try PercentFormat.apply(format, .int(number))))
    }
    return values
  }
}
