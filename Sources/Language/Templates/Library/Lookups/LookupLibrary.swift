internal import Diagnostics
internal import Values

/// A lookup: gives a list of values for its terms.
struct Lookup: Sendable {
  let name: String
  let body: @Sendable (LookupCall) throws(TemplateError) -> [Value]

  init(
    _ name: String, _ body: @escaping @Sendable (LookupCall) throws(TemplateError) -> [Value]
  ) {
    self.name = name
    self.body = body
  }
}

/// The call of a lookup; terms and options are known and, but for the marks of items, bare.
struct LookupCall {
  let terms: [Value]
  let options: [String: Value]
  let evaluator: Evaluator

  var resources: any TemplateResources { evaluator.session.resources }

  /// The terms as text.
  var texts: [String] { terms.map { PythonText.str($0.unmarkedDeeply()) } }

  /// An option as text; nil where it isn't given.
  func text(_ name: String) -> String? {
    guard let value = options[name], value != .null else { return nil }
    return PythonText.str(value.unmarkedDeeply())
  }

  func flag(_ name: String, default standard: Bool) -> Bool {
    options[name].map(NumberFilters.boolean) ?? standard
  }
}

/// The lookups that templates know.
enum LookupLibrary {
  static let all: [String: Lookup] = Dictionary(
    (FileLookups.all + TableLookups.all + DataLookups.all + SequenceLookup.all + SecretLookups.all
      + URLLookup.all + ConfigLookup.all).map { ($0.name, $0) },
    uniquingKeysWith: { _, last in last })

  /// The lookup of a name, with or without its collection's name.
  static func lookup(_ name: String) -> Lookup? {
    all[name] ?? LibraryFunction.localName(name).flatMap { all[$0] }
  }

  /// The error that an unknown lookup is.
  static func unknown(_ name: String) -> TemplateError {
    TemplateError(
      .other, "The lookup plugin '\(name)' was not found.",
      help: Suggestion.didYouMean(name, in: all.keys)
        ?? "known are: " + all.keys.sorted().joined(separator: ", "))
  }

  /// `lookup(name, terms…)` and `query(…)`.
  static func call(
    _ arguments: Arguments, _ evaluator: Evaluator, wantsList: Bool
  ) throws(TemplateError) -> Operand {
    guard !arguments.positional.isEmpty else {
      throw TemplateError(
        .type, "_lookup() missing 1 required positional argument: 'plugin_name'",
        help: "name the lookup: `lookup('file', …)`")
    }
    guard let first = arguments.positional.first,
      case .string(let name) = try evaluator.value(of: first).unmarked()
    else { throw TemplateError(.type, "lookup() needs the name of a lookup") }
    guard let lookup = lookup(name) else { throw unknown(name) }
    var rest = arguments
    rest.positional.removeFirst()
    let given = try rest.take("wantlist").map { (operand) throws(TemplateError) in
      try evaluator.value(of: operand).isTruthy
    }
    let wantsList = wantsList || given ?? false
    let errors =
      try rest.take("errors").map { (operand) throws(TemplateError) in
        PythonText.str(try evaluator.value(of: operand).unmarkedDeeply())
      } ?? "strict"
    do throws(TemplateError) {
      let result = try run(lookup, rest, evaluator)
      guard case .list(let values) = result.unmarked() else { return .value(result) }
      return .value(wantsList ? result : joined(values, lookup).marked(result.marks))
    } catch  where errors == "ignore" || errors == "warn" {
      if errors == "warn" {
        evaluator.session.warn?(Diagnostic(.warning, error.message, at: error.range))
      }
      return .value(wantsList ? .list([]) : .null)
    }
  }

  /// One value alone, several texts joined by commas.
  private static func joined(_ values: [Value], _ lookup: Lookup) -> Value {
    if values.count == 1 { return values[0] }
    if values.isEmpty { return .list([]) }
    guard values.allSatisfy({ $0.unmarked().isText }) else { return .list(values) }
    let marks = values.reduce(into: Marks()) { $0.formUnion($1.marks) }
    return .string(values.map { $0.unmarked().text ?? "" }.joined(separator: ",")).marked(marks)
  }

  private static func run(
    _ lookup: Lookup, _ arguments: Arguments, _ evaluator: Evaluator
  ) throws(TemplateError) -> Value {
    var terms: [Value] = []
    for operand in arguments.positional { terms.append(try evaluator.value(of: operand)) }
    var names: [String] = []
    var options: [Value] = []
    for (name, operand) in arguments.keyword {
      names.append(name)
      options.append(try evaluator.value(of: operand))
    }
    return try Value.liftCarefully(terms + options) { (bare) throws(TemplateError) in
      let known = Dictionary(
        zip(names, bare[terms.count...]), uniquingKeysWith: { _, last in last })
      return .list(
        try lookup.body(
          LookupCall(
            terms: Array(bare[..<terms.count]), options: known, evaluator: evaluator)))
    }
  }
}
