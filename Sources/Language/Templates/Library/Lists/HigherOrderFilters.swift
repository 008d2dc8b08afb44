internal import Values

/// Filters that apply other filters, tests or attributes to each item.
enum HigherOrderFilters {
  static let all: [LibraryFunction] = [
    map,
    selection("select", keeps: true, byAttribute: false),
    selection("reject", keeps: false, byAttribute: false),
    selection("selectattr", keeps: true, byAttribute: true),
    selection("rejectattr", keeps: false, byAttribute: true),
    extract, attr,
  ]

  private static let map = LibraryFunction("map") {
    (call: OperandCall) throws(TemplateError) -> Operand in
    if let unknown = unknown(call.input) { return unknown }
    let evaluator = call.evaluator
    var rest = call.arguments
    var results: [Operand] = []
    if rest.positional.isEmpty, let attribute = rest.take("attribute") {
      let path = try AttributePath(try evaluator.value(of: attribute))
      // `none` is no default, as in Jinja2.
      var standard = rest.take("default")
      if case .value(.null)? = standard { standard = nil }
      if let (name, _) = rest.keyword.first {
        throw TemplateError(.type, "Unexpected keyword argument '\(name)'")
      }
      for item in try evaluator.items(of: call.input) {
        let found = try path.resolve(in: item, evaluator)
        if case .undefined = found, let standard {
          results.append(standard)
        } else {
          results.append(found)
        }
      }
      return Operand(list: results)
    }
    guard !rest.positional.isEmpty,
      case .string(let name) = try evaluator.value(of: rest.positional.removeFirst())
    else { throw TemplateError(.type, "map requires a filter argument") }
    guard let filter = FilterLibrary.filter(name) else { throw FilterLibrary.unknown(name) }
    for item in try evaluator.items(of: call.input) {
      results.append(try evaluator.apply(filter, to: item, rest))
    }
    return Operand(list: results)
  }

  /// What only `apply` can tell stays so.
  private static func unknown(_ operand: Operand) -> Operand? {
    guard case .value(let value) = operand, case .unknown = value.unmarked() else { return nil }
    return operand
  }

  private static func selection(
    _ name: String, keeps: Bool, byAttribute: Bool
  ) -> LibraryFunction {
    LibraryFunction(name) { (call: OperandCall) throws(TemplateError) -> Operand in
      if let unknown = unknown(call.input) { return unknown }
      let evaluator = call.evaluator
      var rest = call.arguments
      var path: AttributePath?
      if byAttribute {
        guard !rest.positional.isEmpty else {
          throw TemplateError(.type, "Missing parameter for attribute name")
        }
        path = try AttributePath(try evaluator.value(of: rest.positional.removeFirst()))
      }
      var test: LibraryFunction?
      if !rest.positional.isEmpty {
        let name = PythonText.str(try evaluator.value(of: rest.positional.removeFirst()))
        guard let found = TestLibrary.test(name) else { throw TestLibrary.unknown(name) }
        test = found
      }
      var kept: [Operand] = []
      for item in try evaluator.items(of: call.input) {
        let subject =
          try path.map { (path) throws(TemplateError) in
            try path.resolve(in: item, evaluator)
          } ?? item
        let answer =
          try test.map { (test) throws(TemplateError) in
            try evaluator.apply(test, to: subject, rest)
          } ?? subject
        switch try evaluator.truth(of: answer) {
        case .known(let isTrue, _): if isTrue == keeps { kept.append(item) }
        // Nobody can tell yet which items there will be.
        case .unknown(let unknown, let marks): return .value(.unknown(unknown).marked(marks))
        }
      }
      return Operand(list: kept)
    }
  }

  /// An attribute of an object; data has none but its methods, which are called with a dot.
  private static let attr = LibraryFunction("attr") {
    (call: OperandCall) throws(TemplateError) -> Operand in
    if let unknown = unknown(call.input) { return unknown }
    guard let given = call.argument(0, "name") else {
      throw TemplateError(.type, "attr() missing 1 required positional argument: 'name'")
    }
    let name = PythonText.str(try call.evaluator.value(of: given).unmarkedDeeply())
    if case .undefined = call.input { return call.input }
    if case .object(let object) = call.input,
      let found = try object.attribute(name, call.evaluator)
    {
      return found
    }
    return try call.evaluator.missing(name, of: call.input, at: 0)
  }

  private static let extract = LibraryFunction("extract") {
    (call: OperandCall) throws(TemplateError) -> Operand in
    guard let container = call.argument(0, "container") else {
      throw TemplateError(.type, "extract() missing 1 required positional argument: 'container'")
    }
    let evaluator = call.evaluator
    var found = try evaluator.element(call.input, of: container, at: 0)
    guard let more = call.argument(1, "morekeys") else { return found }
    let keys = try evaluator.value(of: more)
    if case .null = keys.unmarked() { return found }
    var path = [keys]
    if let several = keys.unmarked().sequence { path = several }
    for key in path { found = try evaluator.element(.value(key), of: found, at: 0) }
    return found
  }
}
