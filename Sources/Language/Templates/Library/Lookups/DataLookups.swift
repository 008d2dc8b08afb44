internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// Lookups that make lists of data.
enum DataLookups {
  static let all: [Lookup] = [
    Lookup("vars") { (call) throws(TemplateError) in
      var values: [Value] = []
      for term in call.terms {
        guard case .string(let name) = term.unmarked() else {
          throw TemplateError(
            .type, "Variable name must be 'str' not '\(term.pythonTypeName)'.")
        }
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
      for term in call.terms {
        guard case .string(let pattern) = term.unmarked() else {
          let shown = PythonText.str(term.unmarkedDeeply())
          throw TemplateError(
            .type,
            "Invalid setting identifier, \"\(shown)\" is not a string, it is a "
              + "<class '\(term.pythonTypeName)'>")
        }
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
          throw TemplateError(
            .type,
            "the 'dict' lookup plugin expects a dictionary, got "
              + "'\(PythonText.str(term.unmarkedDeeply()))' of type "
              + "<class '\(term.pythonTypeName)'>)")
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
      guard !call.terms.isEmpty else {
        throw TemplateError(
          .other, "with_nested requires at least one element in the nested list")
      }
      var rows: [[Value]] = [[]]
      for term in call.terms {
        let items = try list(term)
        if rows.count * max(1, items.count) > Session.itemLimit {
          throw TemplateError(.limit, "nested makes more than \(Session.itemLimit) items")
        }
        rows = rows.flatMap { row in items.map { row + flattened([$0]) } }
      }
      return rows.map { .list($0) }
    },
    Lookup("together") { (call) throws(TemplateError) in
      guard !call.terms.isEmpty else {
        throw TemplateError(
          .other, "with_together requires at least one element in each list")
      }
      var columns: [[Value]] = []
      for term in call.terms { columns.append(try list(term)) }
      let count = columns.map(\.count).max() ?? 0
      return (0..<count).map { row in .list(columns.map { row < $0.count ? $0[row] : .null }) }
    },
    Lookup("subelements") { (call) throws(TemplateError) in try SubelementsLookup.run(call) },
    Lookup("random_choice") { (call) in call.terms.randomElement().map { [$0] } ?? [] },
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
}

extension Operand {
  var isUndefined: Bool {
    if case .undefined = self { return true }
    return false
  }
}
