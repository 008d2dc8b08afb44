internal import OrderedCollections
internal import Values

/// A filter, a test or a method: what it takes, and what it does.
///
/// Bodies see bare values: `Evaluator.apply` is the one place that knows about what is undefined,
/// unknown or secret.
final class LibraryFunction: Sendable {
  /// What a function is called with.
  enum Body: Sendable {
    /// Values that are bare and known through and through; the result has all their marks.
    case whole(@Sendable (Call) throws(TemplateError) -> Value)
    /// Values whose items are only moved about, never looked at: these keep their own marks.
    case items(@Sendable (Call) throws(TemplateError) -> Value)
    /// Operands as they are: for what treats undefined ones or applies other functions.
    case operands(@Sendable (OperandCall) throws(TemplateError) -> Operand)
  }

  let name: String
  /// Names in order; `count?` may be missing, `*items` takes all positional ones that are left,
  /// `**options` all keywords.
  let parameters: [String]
  let body: Body
  /// What the parameters' texts mean.
  private let signature: [Parameter]
  /// Whether it can be called without arguments.
  let needsNoArguments: Bool
  /// When `Markup` has rules of its own for it.
  let markupRules: Markup.Rules
  /// What `is defined` and `is undefined` say of something that is there; nil for all others.
  let asksWhetherDefined: Bool?

  /// One parameter.
  private struct Parameter: Sendable {
    enum Kind: Sendable { case required, optional, rest, keywords }
    let name: String
    let kind: Kind

    init(_ text: String) {
      if text.hasPrefix("**") {
        (name, kind) = (String(text.dropFirst(2)), .keywords)
      } else if text.hasPrefix("*") {
        (name, kind) = (String(text.dropFirst()), .rest)
      } else if text.hasSuffix("?") {
        (name, kind) = (String(text.dropLast()), .optional)
      } else {
        (name, kind) = (text, .required)
      }
    }
  }

  private init(_ name: String, _ parameters: [String], _ body: Body) {
    self.name = name
    self.parameters = parameters
    self.body = body
    signature = parameters.map(Parameter.init)
    needsNoArguments = signature.allSatisfy { $0.kind == .optional }
    markupRules = Markup.rules(of: name)
    asksWhetherDefined = name == "defined" ? true : name == "undefined" ? false : nil
  }

  convenience init(
    _ name: String, _ parameters: String...,
    whole body: @escaping @Sendable (Call) throws(TemplateError) -> Value
  ) {
    self.init(name, parameters, .whole(body))
  }

  convenience init(
    _ name: String, _ parameters: String...,
    items body: @escaping @Sendable (Call) throws(TemplateError) -> Value
  ) {
    self.init(name, parameters, .items(body))
  }

  convenience init(
    _ name: String,
    operands body: @escaping @Sendable (OperandCall) throws(TemplateError) -> Operand
  ) {
    self.init(name, [], .operands(body))
  }

  /// Another name for the same.
  func named(_ name: String) -> LibraryFunction { LibraryFunction(name, parameters, body) }

  /// Sorts arguments to the names of the parameters.
  func bind(
    _ positional: [Value], keyword: [(String, Value)]
  ) throws(TemplateError) -> BoundArguments {
    var bound = BoundArguments.none
    var rest = positional[...]
    var keywords = keyword
    for parameter in signature {
      let name = parameter.name
      switch parameter.kind {
      case .keywords:
        var dict = Value.Dictionary()
        for (name, value) in keywords { dict[.string(name)] = value }
        keywords = []
        bound[name] = .dict(dict)
      case .rest:
        bound[name] = .list(Array(rest))
        rest = []
      case .required, .optional:
        if let index = keywords.firstIndex(where: { $0.0 == name }) {
          bound[name] = keywords.remove(at: index).1
        } else if let value = rest.popFirst() {
          bound[name] = value
        } else if parameter.kind == .required {
          throw TemplateError(
            .type, "\(self.name)() missing 1 required positional argument: '\(name)'")
        }
      }
    }
    if let (name, _) = keywords.first {
      throw TemplateError(.type, "\(self.name)() got an unexpected keyword argument '\(name)'")
    }
    guard rest.isEmpty else {
      throw TemplateError(
        .type,
        "\(self.name)() takes \(parameters.count + 1) positional "
          + "argument\(parameters.isEmpty ? "" : "s") but "
          + "\(positional.count + 1) were given")
    }
    return bound
  }
}

extension LibraryFunction {
  /// Constants sorted to the names of the parameters when the template is parsed; nil where that
  /// must wait: they are no constants, don't fit, or the function sees operands as they are.
  func bound(toConstants nodes: ArgumentNodes) -> BoundArguments? {
    if case .operands = body { return nil }
    guard let (positional, keyword) = nodes.constants else { return nil }
    do throws(TemplateError) {
      return try bind(positional, keyword: keyword)
    } catch {
      return nil
    }
  }
}

/// Arguments by the names of their parameters: few, so comparing is faster than hashing.
struct BoundArguments: Sendable {
  private var arguments: [(name: String, value: Value)] = []

  static let none = BoundArguments()

  subscript(name: String) -> Value? {
    get {
      for argument in arguments where argument.name == name { return argument.value }
      return nil
    }
    set {
      arguments.removeAll { $0.name == name }
      if let newValue { arguments.append((name, newValue)) }
    }
  }
}

/// The call of a library function with bare values.
struct Call {
  let function: LibraryFunction
  /// What the filter, test or method is applied to.
  let input: Value
  let bound: BoundArguments
  let evaluator: Evaluator

  /// The argument of this name; nil where it isn't given.
  subscript(name: String) -> Value? { bound[name] }

  /// The argument of this name; none where it isn't given.
  func value(_ name: String) -> Value { bound[name] ?? .null }

  /// The input as text, made with Python's `str` where it is none.
  var text: String { PythonText.str(input) }

  /// An argument as text; nil where it isn't given or is none.
  func text(_ name: String) -> String? {
    guard let value = bound[name], value != .null else { return nil }
    return PythonText.str(value)
  }

  /// An argument as an integer; nil where it isn't given or is none.
  func int(_ name: String) throws(TemplateError) -> Int? {
    guard let value = bound[name], value != .null else { return nil }
    guard let number = value.pythonInt else {
      throw TemplateError(
        .type, "'\(value.pythonTypeName)' object cannot be interpreted as an integer")
    }
    return number
  }

  /// An argument's truth.
  func flag(_ name: String, default standard: Bool) -> Bool {
    bound[name].map(\.isTruthy) ?? standard
  }

  /// The items of the input.
  func items() throws(TemplateError) -> [Value] { try input.pythonItems() }

  /// The input as a dictionary.
  func dict() throws(TemplateError) -> Value.Dictionary {
    if case .dict(let dict) = input { return dict }
    throw failure("\(function.name) requires a dictionary, got '\(input.pythonTypeName)'")
  }

  func failure(_ message: String) -> TemplateError { TemplateError(.other, message) }
}

/// The call of a library function with operands as they are.
struct OperandCall {
  let function: LibraryFunction
  let input: Operand
  let arguments: Arguments
  let evaluator: Evaluator

  init(
    function: LibraryFunction, input: Operand, arguments: Arguments, _ evaluator: Evaluator
  ) {
    self.function = function
    self.input = input
    self.arguments = arguments
    self.evaluator = evaluator
  }

  /// An argument by its place or its name; nil where it isn't given.
  func argument(_ index: Int, _ name: String) -> Operand? {
    if let found = arguments.keyword.first(where: { $0.name == name }) { return found.value }
    return arguments.positional.indices.contains(index) ? arguments.positional[index] : nil
  }
}
