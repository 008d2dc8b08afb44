internal import Diagnostics
internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// What one evaluation shares with all the templates that it leads to: limits and caches.
final class Session {
  /// How deep calls, includes and variables may nest.
  static let depthLimit = 120
  /// How many bytes of text one evaluation may make.
  static let textLimit = 256 << 20
  /// How many items `range` and repetition may make.
  static let itemLimit = 10_000_000

  let resources: any TemplateResources
  let dialect: Dialect
  let warn: (@Sendable (Diagnostic) -> Void)?
  /// How deep expressions may nest, those of variables and macros counted in.
  static let nestingLimit = 800
  private var nesting = 0
  private let stepLimit: Int
  private var steps = 0
  private var textSize = 0
  private var depth = 0
  private var chain: [(context: ScopeContext, name: String)] = []
  private var expressions: [String: RegularExpression] = [:]
  private var files: [String: Template] = [:]

  init(_ scope: Scope) {
    resources = scope.resources
    dialect = scope.dialect
    stepLimit = scope.stepLimit
    warn = scope.warn
  }

  /// Counts work, so that no template runs for ever.
  func step() throws(TemplateError) { try step(by: 1) }

  /// Counts work that takes as long as so many steps.
  func step(by count: Int) throws(TemplateError) {
    steps += count
    if steps > stepLimit {
      throw TemplateError(.limit, "the template takes more than \(stepLimit) steps")
    }
  }

  /// Counts an operation, and one level of an expression's nesting until `leave`.
  func enter() throws(TemplateError) {
    steps += 1
    nesting += 1
    if steps > stepLimit || nesting > Self.nestingLimit { try refuseToEnter() }
  }

  func leave() { nesting -= 1 }

  private func refuseToEnter() throws(TemplateError) {
    nesting -= 1
    if nesting >= Self.nestingLimit {
      throw TemplateError(.limit, "expressions are nested too deep")
    }
    try step(by: 0)
  }

  /// Counts the text of a value that was made.
  func grown(_ value: Value) throws(TemplateError) -> Value {
    if case .string(let text) = value.unmarked() { try grow(by: text.utf8.count) }
    return value
  }

  /// Counts text, so that no template fills the memory.
  func grow(by bytes: Int) throws(TemplateError) {
    textSize += bytes
    if textSize > Self.textLimit {
      throw TemplateError(
        .limit, "the template makes more than \(Self.textLimit >> 20) MiB of text")
    }
  }

  /// Goes one call, include or variable deeper.
  func descend<Result>(
    _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit {
      throw TemplateError(
        .limit, "maximum recursion depth exceeded (\(Self.depthLimit) calls, includes or variables)"
      )
    }
    return try body()
  }

  /// Evaluates a variable's text, unless that is being done already.
  func following<Result>(
    _ name: String, in context: ScopeContext, _ body: () throws(TemplateError) -> Result
  ) throws(TemplateError) -> Result {
    if let start = chain.firstIndex(where: { $0.context === context && $0.name == name }) {
      let names = chain[start...].map(\.name) + [name]
      throw TemplateError(
        .limit, "recursive loop: " + names.map { "`\($0)`" }.joined(separator: " → "),
        help: "`\(name)` is needed to tell what `\(name)` is; give one of them another name")
    }
    chain.append((context, name))
    defer { chain.removeLast() }
    return try descend(body)
  }

  /// A regular expression, compiled once in this evaluation.
  func expression(
    _ pattern: String, _ options: RegularExpression.Options
  ) throws(TemplateError) -> RegularExpression {
    let key = "\(options.rawValue)\(pattern)"
    if let known = expressions[key] { return known }
    do throws(RegularExpressionError) {
      let compiled = try RegularExpression(pattern, options)
      expressions[key] = compiled
      return compiled
    } catch {
      throw TemplateError(.other, "the regular expression `\(pattern)` isn't one: \(error)")
    }
  }

  /// A template file, read and parsed once in this evaluation.
  func file(
    _ path: String, options: TemplateOptions
  ) throws(TemplateError) -> Template {
    if let known = files[path] { return known }
    let (bytes, isSecret) = try resources.read(path)
    let template = resources.templates.template(
      bytes, at: path, options: options, isSecret: isSecret)
    files[path] = template
    return template
  }
}

/// A scope during one evaluation, with what its variables turned out to be.
final class ScopeContext {
  let variables: any VariableSource
  private let session: Session
  private let known = Frame(in: nil)
  private let functions = Frame(in: nil)
  private var missing: Set<Name> = []

  init(_ variables: any VariableSource, session: Session) {
    self.variables = variables
    self.session = session
  }

  /// What a variable is; nil where there is none of this name.
  func lookUp(_ name: String) throws(TemplateError) -> Operand? {
    try lookUp(Name(name))
  }

  private func lookUp(_ name: Name) throws(TemplateError) -> Operand? {
    if let operand = known[name] { return operand }
    guard let variable = variables.variable(named: name.text) else { return nil }
    let operand = try operand(of: variable, name.text)
    known[name] = operand
    return operand
  }

  /// What a name stands for outside of the template: a variable or a function; nil for neither.
  func resolve(_ name: Name, _ evaluator: Evaluator) throws(TemplateError) -> Operand? {
    if let operand = known[name] ?? functions[name] { return operand }
    if missing.contains(name) { return nil }
    if let operand = try lookUp(name) { return operand }
    if name != .current, let operand = Globals.operand(name.text, evaluator) {
      functions[name] = operand
      return operand
    }
    missing.insert(name)
    return nil
  }

  private func operand(of variable: Variable, _ name: String) throws(TemplateError) -> Operand {
    switch variable {
    case .value(let value): return .value(value)
    case .expression(let expression) where expression.isLiteral:
      return try expression.operand(in: self, session)
    case .expression(.list(let items, _)): return .object(LazyList(items, self, session))
    case .expression(.dict(let entries, _)):
      return .object(try LazyDict(entries, self, session))
    case .expression(let expression):
      return try session.following(name, in: self) { () throws(TemplateError) -> Operand in
        try expression.operand(in: self, session)
      }
    case .undefined(let reason): return .undefined(Undefined(message: reason, offset: 0))
    case .scope(let source):
      return .object(
        ScopeObject(ScopeContext(source, session: session), name: name))
    }
  }

  /// An evaluator for a template in this scope.
  func evaluator(for template: Template) -> Evaluator {
    Evaluator(template, self, session)
  }
}

extension Expression {
  /// The operand in a scope; what is omitted is left out of dictionaries and lists.
  func operand(in context: ScopeContext, _ session: Session) throws(TemplateError) -> Operand {
    switch self {
    case .literal(let value, _): return .value(value)
    case .template(let template):
      do throws(TemplateError) {
        return try context.evaluator(for: template).result()
      } catch  where error.kind == .undefined {
        return .undefined(Undefined(message: error.message, offset: 0, cause: error))
      }
    case .list(let items, _):
      if !isLiteral { return .object(LazyList(items, context, session)) }
      var values: [Value] = []
      for item in items {
        if case .value(let value) = try item.operand(in: context, session) { values.append(value) }
      }
      return .value(.list(values))
    case .dict(let entries, _):
      if !isLiteral { return .object(try LazyDict(entries, context, session)) }
      var dict = Value.Dictionary(minimumCapacity: entries.count)
      for entry in entries {
        guard case .value(let key) = try entry.key.operand(in: context, session),
          case .value(let value) = try entry.value.operand(in: context, session)
        else { continue }
        dict[key.unmarked()] = value
      }
      return .value(.dict(dict))
    }
  }

  /// Whether there is no template in it.
  var isLiteral: Bool {
    switch self {
    case .literal: true
    case .template: false
    case .list(let items, _): items.allSatisfy(\.isLiteral)
    case .dict(let entries, _): entries.allSatisfy { $0.key.isLiteral && $0.value.isLiteral }
    }
  }
}
