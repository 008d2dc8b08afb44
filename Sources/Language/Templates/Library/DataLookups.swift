internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// Lookups that make lists of data.
enum DataLookups {
  static let all: [Lookup] = [
    Lookup("vars") { (call) throws(TemplateError) in
      var values: [Value] = []
      for name in call.texts {
        if let operand = try call.evaluator.context.lookUp(name), !operand.isUndefined {
          values.append(try call.evaluator.value(of: operand))
        } else if let standard = call.options["default"] {
          values.append(standard)
        } else {
          throw TemplateError(.undefined, "No variable named '\(name)' was found.")
        }
      }
      return values
    },
    Lookup("varnames") { (call) throws(TemplateError) in
      var names: [Value] = []
      let known = call.evaluator.context.variables.names.sorted()
      for pattern in call.texts {
        let expression = try call.evaluator.session.expression(pattern, [])
        for name in known {
          if (try? expression.matches(anywhereIn: name)) == true { names.append(.string(name)) }
        }
      }
      return names
    },
    Lookup("dict") { (call) throws(TemplateError) in
      var pairs: [Value] = []
      for term in call.terms {
        guard case .dict(let dict) = term.unmarked() else {
          throw TemplateError(.type, "the 'dict' lookup expects a dictionary")
        }
        pairs += dict.map { .dict(["key": $0.key, "value": $0.value.marked(term.marks)]) }
      }
      return pairs
    },
    Lookup("list") { (call) in call.terms },
    Lookup("items") { (call) in flattened(call.terms) },
    Lookup("flattened") { (call) in deeplyFlattened(call.terms) },
    Lookup("indexed_items") { (call) in
      flattened(call.terms).enumerated().map { .list([.int($0.offset), $0.element]) }
    },
    Lookup("nested") { (call) throws(TemplateError) in
      var rows: [[Value]] = [[]]
      for term in call.terms {
        let items = try list(term)
        rows = rows.flatMap { row in items.map { row + [$0] } }
        if rows.count > Session.itemLimit {
          throw TemplateError(.limit, "nested makes more than \(Session.itemLimit) items")
        }
      }
      return rows.map { .list($0) }
    },
    Lookup("together") { (call) throws(TemplateError) in
      var columns: [[Value]] = []
      for term in call.terms { columns.append(try list(term)) }
      let count = columns.map(\.count).max() ?? 0
      return (0..<count).map { row in .list(columns.map { row < $0.count ? $0[row] : .null }) }
    },
    Lookup("subelements") { (call) throws(TemplateError) in
      guard call.terms.count >= 2 else {
        throw TemplateError(.type, "subelements lookup expects a list of two or three items")
      }
      let flags = call.terms.count > 2 ? call.terms[2]["skip_missing"] : nil
      return try DictFilters.subelements(
        call.terms[0].unmarked(), call.terms[1].unmarked(),
        skipsMissing: flags.map(NumberFilters.boolean) ?? false)
    },
    Lookup("sequence") { (call) throws(TemplateError) in try sequence(call) },
    Lookup("random_choice") { (call) throws(TemplateError) in
      guard let term = call.terms.first else { return [] }
      let items = call.terms.count == 1 ? (try? list(term)) ?? call.terms : call.terms
      return items.randomElement().map { [$0] } ?? []
    },
    Lookup("inventory_hostnames") { (call) throws(TemplateError) in
      var names: [Value] = []
      for pattern in call.texts {
        names += try call.resources.hosts(matching: pattern).map { .string($0) }
      }
      return names
    },
  ]

  private static func list(_ value: Value) throws(TemplateError) -> [Value] {
    guard let items = value.unmarked().sequence else { return [value] }
    return items.map { $0.marked(value.marks) }
  }

  private static func flattened(_ terms: [Value]) -> [Value] {
    terms.flatMap { term -> [Value] in
      guard let items = term.unmarked().sequence else { return [term] }
      return items.map { $0.marked(term.marks) }
    }
  }

  private static func deeplyFlattened(_ terms: [Value]) -> [Value] {
    terms.flatMap { term -> [Value] in
      guard let items = term.unmarked().sequence else { return [term] }
      return deeplyFlattened(items.map { $0.marked(term.marks) })
    }
  }

  /// `start=1 end=9 stride=2 format=web%02d`, or `1-9/2:web%02d`.
  private static func sequence(_ call: LookupCall) throws(TemplateError) -> [Value] {
    var values: [Value] = []
    let terms = call.texts.isEmpty ? [""] : call.texts
    for term in terms {
      var options = call.options.mapValues { PythonText.str($0.unmarkedDeeply()) }
      for pair in term.split(separator: " ") {
        let halves = pair.split(separator: "=", maxSplits: 1)
        if halves.count == 2 { options[String(halves[0])] = String(halves[1]) }
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
    var values: [Value] = []
    for number in stride(from: start, through: end, by: step) {
      values.append(
        .string(try PercentFormat.apply(options["format"] ?? "%d", .int(number))))
    }
    return values
  }
}

extension Operand {
  var isUndefined: Bool {
    if case .undefined = self { return true }
    return false
  }
}
