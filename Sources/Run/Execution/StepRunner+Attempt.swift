internal import Diagnostics
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

extension StepRunner {
  /// One attempt: the conditions, then the module, again as `until` asks for it.
  mutating func attempt(in scope: Scope, bound: [String: Variable]) async -> Attempt {
    let scope = delegating(scope)
    do throws(TemplateError) {
      switch try await verdict(of: keywords.when, in: scope) {
      case .holds: break
      case .fails(let condition): return .skipped(condition: condition)
      case .unknown(let unknown): return deferred(unknown)
      }
      if definition.isInclude {
        return try await withFacts { () throws(TemplateError) in
          try include(in: scope, bound: bound)
        }
      }
      return try await tried(in: scope)
    } catch {
      return .failed(services.word(error))
    }
  }

  /// What conditions say, with the facts that they ask for.
  func verdict(
    of conditions: [Condition], in scope: Scope
  ) async throws(TemplateError) -> Verdict {
    try await withFacts { () throws(TemplateError) in try conditions.verdict(in: scope) }
  }

  /// A step that can't be decided yet; harmless where its module can't change anything.
  func deferred(_ unknown: Unknown) -> Attempt {
    var attempt = Attempt.deferred(unknown)
    attempt.isHarmless =
      services.registry[definition.action.content]?.documentation.isControllerOnly ?? false
      || definition.changedWhen.areLiterallyFalse
    let names = definition.factNames
    if !names.isEmpty {
      // What the task would set is unknown from here on, rather than undefined.
      let facts = OrderedDictionary(
        names.map { ($0, Value.unknown(unknown)) }, uniquingKeysWith: { $1 })
      attempt.effects = [.variables(facts, isCacheable: false)]
    }
    return attempt
  }

  /// What an include asks for; the executor brings it in.
  private func include(
    in scope: Scope, bound: [String: Variable]
  ) throws(TemplateError) -> Attempt {
    var arguments: OrderedDictionary<String, Value> = [:]
    switch definition.arguments {
    case .none: break
    case .freeForm(let text, let also):
      arguments["_raw_params"] = try text.evaluate(in: scope)
      for entry in also {
        arguments[try entry.key.evaluate(in: scope).description] = try entry.value.evaluate(
          in: scope)
      }
    case .dict(let entries), .template(_, let entries):
      for entry in entries {
        arguments[try entry.key.evaluate(in: scope).description] = try entry.value.evaluate(
          in: scope)
      }
    }
    if let unknown = Value.object(arguments).firstUnknown { return .deferred(unknown) }
    var attempt = Attempt(.satisfied)
    attempt.result = ["changed": false]
    attempt.include = IncludeRequest(
      arguments: arguments, bound: bound, parameters: instance.layers.task)
    attempt.isHarmless = true
    return attempt
  }

  /// The module, tried until `until` holds or the retries are used up.
  private mutating func tried(in scope: Scope) async throws(TemplateError) -> Attempt {
    let (retries, delay) = try await withFacts { () throws(TemplateError) in
      (
        Int(try definition.retries.number(in: scope) ?? 3),
        try definition.delay.number(in: scope) ?? 5
      )
    }
    let hasRetries = !definition.until.isEmpty || definition.retries != nil
    var attempt = try await once(in: scope)
    guard hasRetries, services.options.mode == .apply else { return attempt }
    var count = 1
    while !Task.isCancelled, count <= retries, try await !isDone(attempt, in: scope) {
      if case .unreachable = attempt.outcome { break }
      await services.reporter.receive(
        .waiting(
          task: definition.action.content, host: job.host,
          reason: "try \(count) of \(retries) failed"))
      try? await Task.sleep(for: .seconds(delay))
      attempt = try await once(in: scope)
      count += 1
    }
    attempt.attempts = count
    let isDone = try await isDone(attempt, in: scope)
    // Ansible counts the retries where it gives up, and the tries where it needn't.
    attempt.result["attempts"] = .int(isDone ? count : max(1, count - 1))
    if isDone { return attempt }
    attempt.result["failed"] = true
    // `failed_when` has the last word.
    if definition.failedWhen.isEmpty, !attempt.isFailure {
      let detail = attempt.detail
      attempt = .failed("`until` didn't hold after \(count) tries", result: attempt.result)
      attempt.detail = detail
      attempt.attempts = count
    }
    return attempt
  }

  private func isDone(
    _ attempt: Attempt, in scope: Scope
  ) async throws(TemplateError) -> Bool {
    guard !definition.until.isEmpty else { return !attempt.isFailure }
    return try await verdict(of: definition.until, in: seeing(attempt, in: scope)) == .holds
  }

  func seeing(_ attempt: Attempt, in scope: Scope) -> Scope {
    guard let name = definition.register else { return scope }
    return scope.adding([name: .value(attempt.value)])
  }

  /// The module once, with `changed_when` and `failed_when` applied.
  private mutating func once(in scope: Scope) async throws(TemplateError) -> Attempt {
    guard let entry = services.registry[definition.action.content] else {
      throw TemplateError(
        .other, "there is no module `\(definition.action.content)`",
        at: definition.action.range)
    }
    let module: AnyModule
    switch try await withFacts({ () throws(TemplateError) in try made(entry, in: scope) }) {
    case .module(let made): module = made
    case .unknown(let unknown): return deferred(unknown)
    case .refused(let error): return .failed(word(error))
    }
    let documentation = entry.documentation
    let place = try await place(in: scope, documentation)
    var attempt = await run(module, at: place, in: scope)
    attempt.isHarmless = documentation.isControllerOnly
    return try await withFacts { () throws(TemplateError) in try judged(attempt, in: scope) }
  }

  /// What arguments make of a module.
  private enum Made {
    case module(AnyModule)
    case unknown(Unknown)
    case refused(ArgumentError)
  }

  private func made(
    _ entry: ModuleRegistry.Entry, in scope: Scope
  ) throws(TemplateError) -> Made {
    let documentation = entry.documentation
    let values = try definition.evaluatedArguments(
      for: documentation, defaults: keywords.moduleDefaults, in: scope)
    learnSecrets(of: values, documentation)
    if let unknown = unknown(in: values, for: documentation) { return .unknown(unknown) }
    let context = try context(in: scope)
    do throws(ArgumentError) {
      return .module(try entry.make(Arguments(values, for: documentation, in: context)))
    } catch {
      return .refused(error)
    }
  }

  /// What is secret by its mark, or as the argument that it is, must not come back in any text.
  private func learnSecrets(
    of values: OrderedDictionary<String, Value>, _ documentation: ModuleDocumentation
  ) {
    for (name, value) in values {
      let isSecret = documentation.arguments.contains { argument in
        argument.isSecret && (argument.name == name || argument.aliases.contains(name))
      }
      services.redactor.learn(from: isSecret ? value.marked(.secret) : value)
    }
  }

  /// An argument that only apply can tell, and that the module can't plan without.
  private func unknown(
    in values: OrderedDictionary<String, Value>, for documentation: ModuleDocumentation
  ) -> Unknown? {
    for (name, value) in values {
      guard let unknown = value.firstUnknown else { continue }
      let accepts = documentation.arguments.contains { argument in
        argument.acceptsUnknown && (argument.name == name || argument.aliases.contains(name))
      }
      if !accepts { return unknown }
    }
    return nil
  }

  private func context(in scope: Scope) throws(TemplateError) -> ModuleContext {
    let become = try job.become(keywords, scope)
    var isPlan = services.options.mode == .plan
    if let check = try keywords.checkMode.bool(in: scope) { isPlan = check }
    return ModuleContext(
      host: job.host, becomeUser: become?.user, isPlan: isPlan,
      files: services.files(instance.fileSearch, scope)
    ) { name in
      guard let variable = scope.variables.variable(named: name) else { return nil }
      switch variable {
      case .value(let value): return value
      case .expression(let expression): return try? expression.evaluate(in: scope)
      case .scope, .undefined: return nil
      }
    }
  }

  private func word(_ error: ArgumentError) -> String {
    var text = services.redactor.redact(error.message)
    if let argument = error.argument, let range = definition.range(ofArgument: argument) {
      text = "\(range): \(text)"
    } else {
      text = "\(definition.action.range): \(text)"
    }
    if let help = error.help { text += " (\(services.redactor.redact(help)))" }
    return text
  }
}

extension TaskInstance {
  /// Where files of the task are looked for.
  var fileSearch: FileSearch {
    FileSearch(
      roles: searchedRoles.map(\.folder), taskFolder: definition.folder,
      playFolder: definition.folder)
  }
}

extension TaskDefinition {
  /// The variables that a `set_fact` sets, as far as their names are written out.
  var factNames: [String] {
    guard shortAction == "set_fact", case .dict(let entries) = arguments else { return [] }
    return entries.compactMap(\.key.literalString).filter { $0 != "cacheable" }
  }

  /// The place of an argument's key.
  func range(ofArgument name: String) -> SourceRange? {
    let entries: [Expression.Entry] =
      switch arguments {
      case .none: []
      case .dict(let entries), .freeForm(_, let entries), .template(_, let entries): entries
      }
    return entries.first { $0.key.literalString == name }?.key.range
  }
}
