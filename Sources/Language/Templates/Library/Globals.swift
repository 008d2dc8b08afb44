internal import OrderedCollections
internal import Values

/// The functions that every template can call.
enum Globals {
  static let names = [
    "range", "dict", "namespace", "cycler", "joiner", "lookup", "query", "q", "now", "undef",
    "vars", "omit", "lipsum",
  ]

  /// Those that plain Jinja2 doesn't have.
  private static let ansibleNames: Set<String> = [
    "lookup", "query", "q", "now", "undef", "vars", "omit",
  ]

  /// What a name stands for in every template; nil where that is nothing.
  static func operand(_ name: String, _ evaluator: Evaluator) -> Operand? {
    if name == "omit", evaluator.dialect.isAnsible { return .omit }
    return function(name, evaluator).map { .object($0) }
  }

  private static func function(_ name: String, _ evaluator: Evaluator) -> (any TemplateObject)? {
    switch name {
    case _ where !evaluator.dialect.isAnsible && ansibleNames.contains(name): nil
    case "lipsum": Function(name, Lipsum.call)
    case "range" where !evaluator.dialect.isAnsible: Function(name, RangeObject.make)
    case "range": Function(name, range)
    case "dict": Function(name, dict)
    case "namespace": Function(name, namespace)
    case "cycler":
      Function(name) { (arguments, _) throws(TemplateError) in
        guard !arguments.positional.isEmpty else {
          throw TemplateError(.other, "at least one item has to be provided")
        }
        return .object(Cycler(arguments.positional))
      }
    case "joiner":
      Function(name) { (arguments, evaluator) throws(TemplateError) in
        let separator = try arguments.positional.first.map { (operand) throws(TemplateError) in
          try evaluator.value(of: operand)
        }
        return .object(Joiner(separator ?? ", "))
      }
    case "lookup":
      Function(name) { (arguments, evaluator) throws(TemplateError) in
        try LookupLibrary.call(arguments, evaluator, wantsList: false)
      }
    case "query", "q":
      Function(name) { (arguments, evaluator) throws(TemplateError) in
        try LookupLibrary.call(arguments, evaluator, wantsList: true)
      }
    case "now": Function(name, now)
    case "undef": Function(name, undef)
    case "vars": ScopeObject(evaluator.context, name: "vars")
    default: nil
    }
  }

  static func range(
    _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    var values: [Value] = []
    for operand in arguments.positional { values.append(try evaluator.value(of: operand)) }
    return .value(
      try Value.lift(values) { (values) throws(TemplateError) in
        var bounds: [Int] = []
        for value in values {
          guard let bound = value.pythonInt else {
            throw TemplateError(
              .type, "'\(value.pythonTypeName)' object cannot be interpreted as an integer",
              help: value.isText ? "turn text into a number with `| int`" : nil)
          }
          bounds.append(bound)
        }
        guard (1...3).contains(bounds.count) else {
          let expected = bounds.isEmpty ? "at least 1 argument" : "at most 3 arguments"
          throw TemplateError(.type, "range expected \(expected), got \(bounds.count)")
        }
        let start = bounds.count > 1 ? bounds[0] : 0
        let stop = bounds.count > 1 ? bounds[1] : bounds[0]
        let step = bounds.count > 2 ? bounds[2] : 1
        if step == 0 { throw TemplateError(.other, "range() arg 3 must not be zero") }
        let size = (Double(stop) - Double(start)) / Double(step)
        if size > Double(Session.itemLimit) {
          throw TemplateError(.limit, "range makes more than \(Session.itemLimit) items")
        }
        try evaluator.session.step(by: Int(max(0, size)) / 10)
        return .list(stride(from: start, to: stop, by: step).map { .int($0) })
      })
  }

  private static func dict(
    _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    var dict = Value.Dictionary()
    var marks = Marks.none
    if let first = arguments.positional.first {
      let value = try evaluator.value(of: first)
      marks = value.marks
      switch value.unmarked() {
      case .unknown: return .value(value)
      case .dict(let entries): dict = entries
      default:
        for (index, item) in try value.unmarked().pythonItems().enumerated() {
          guard item.unmarked().pythonCount != nil else {
            throw TemplateError(
              .type,
              "cannot convert dictionary update sequence element #\(index) to a sequence")
          }
          let pair = try item.unmarked().pythonItems()
          guard pair.count == 2 else {
            throw TemplateError(
              .other,
              "dictionary update sequence element #\(index) has length \(pair.count); "
                + "2 is required")
          }
          dict.set(pair[1], forPythonKey: try pair[0].dictionaryKey())
        }
      }
    }
    for (name, operand) in arguments.keyword {
      if case .omit = operand { continue }
      dict[.string(name)] = try evaluator.value(of: operand)
    }
    return .value(.dict(dict).marked(marks))
  }

  private static func namespace(
    _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    let namespace = Namespace()
    for operand in arguments.positional {
      guard case .dict(let entries) = try evaluator.value(of: operand).unmarked() else {
        throw TemplateError(
          .type, "'\(try evaluator.value(of: operand).pythonTypeName)' object is not iterable")
      }
      for (key, value) in entries { namespace.attributes[PythonText.str(key)] = .value(value) }
    }
    for (name, operand) in arguments.keyword { namespace.attributes[name] = operand }
    return .object(namespace)
  }

  private static func undef(
    _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    let hint =
      arguments.keyword.first { $0.name == "hint" }?.value ?? arguments.positional.first
    let message =
      try hint.map { (operand) throws(TemplateError) in
        try evaluator.value(of: operand).unmarkedDeeply().text
      } ?? nil
    return evaluator.undefined(message ?? "Mandatory variable has not been overridden", at: 0)
  }

  /// The time as text; `utc=True` and `fmt='%Y-…'` as in Ansible.
  private static func now(
    _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Operand {
    let utc = arguments.keyword.first { $0.name == "utc" }?.value ?? arguments.positional.first
    let format =
      arguments.keyword.first { $0.name == "fmt" }?.value ?? arguments.positional.dropFirst().first
    var isUTC = false
    if let utc, case .known(true, _) = try evaluator.truth(of: utc) { isUTC = true }
    let text =
      try format.map { (operand) throws(TemplateError) in
        try evaluator.value(of: operand).unmarked().text
      } ?? nil
    let moment = Moment.now(utc: isUTC)
    if let text, !text.isEmpty { return .value(.string(moment.formatted(text))) }
    return .object(MomentObject(moment))
  }
}

/// `cycler(…)`: one item after the other.
final class Cycler: TemplateObject {
  let typeName = "Cycler"
  private let items: [Operand]
  private var position = 0

  init(_ items: [Operand]) { self.items = items }

  func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    switch name {
    case "current": items[position]
    case "next":
      .object(
        Function("next") { (_, _) throws(TemplateError) in
          defer { self.position = (self.position + 1) % self.items.count }
          return self.items[self.position]
        })
    case "reset":
      .object(
        Function("reset") { (_, _) throws(TemplateError) in
          self.position = 0
          return .null
        })
    default: nil
    }
  }
}

/// `joiner(…)`: nothing at the first call, the separator at every other.
final class Joiner: TemplateObject {
  let typeName = "Joiner"
  private let separator: Value
  private var isUsed = false

  init(_ separator: Value) { self.separator = separator }

  func call(
    _ arguments: Arguments, _ evaluator: Evaluator, at offset: Int
  ) throws(TemplateError) -> Operand {
    defer { isUsed = true }
    return .value(isUsed ? separator : "")
  }
}
