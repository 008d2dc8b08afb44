internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

extension StepRunner {
  /// The step once for each item.
  mutating func looped(_ loop: Loop, _ report: StepReport) async throws(TemplateError) -> StepEnd {
    let items: [Value]
    do throws(TemplateError) {
      let evaluated = try await withFacts { () throws(TemplateError) in
        try loop.evaluatedItems(in: job.scope)
      }
      switch evaluated {
      case .known(let known): items = known
      case .unknown(let unknown):
        // A condition that doesn't need the item may say that there is nothing to do.
        if let skipped = await skippedWithoutItem() { return ended(report, skipped) }
        return ended(report, deferred(unknown))
      }
    } catch {
      if let skipped = await skippedWithoutItem() { return ended(report, skipped) }
      throw error
    }
    if items.isEmpty {
      var nothing = Attempt(.skipped(reason: "there is nothing to loop over"))
      nothing.result = [
        "changed": false, "skipped": true, "skipped_reason": "No items in the list",
        "results": .list([]),
      ]
      return ended(report, nothing)
    }
    return try await looped(loop, over: items, report)
  }

  /// The end of a step whose condition doesn't hold, whatever its items are.
  private func skippedWithoutItem() async -> Attempt? {
    guard case .fails(let condition)? = try? await verdict(of: keywords.when, in: job.scope) else {
      return nil
    }
    return .skipped(condition: condition)
  }

  private mutating func looped(
    _ loop: Loop, over items: [Value], _ report: StepReport
  ) async throws(TemplateError) -> StepEnd {
    var attempts: [(item: Value, label: String, attempt: Attempt)] = []
    // What `set_fact` sets for one item, the next sees.
    var sofar: [String: Variable] = [:]
    for (index, item) in items.enumerated() {
      if Task.isCancelled { break }
      if index > 0, let pause = try loop.pause.number(in: job.scope), pause > 0,
        services.options.mode == .apply
      {
        try? await Task.sleep(for: .seconds(pause))
      }
      let bound = loop.bindings(item, index: index, of: items)
      let scope = job.scope.adding(sofar).adding(bound)
      var attempt = await attempt(in: scope, bound: bound)
      for case .variables(let variables, _) in attempt.effects {
        for (name, value) in variables { sofar[name] = .value(value) }
      }
      attempt.result[loop.variable] = item
      attempt.result["ansible_loop_var"] = .string(loop.variable)
      let label = try await withFacts { () throws(TemplateError) in
        try loop.label?.evaluate(in: scope) ?? item
      }
      attempts.append((item, services.redactor.redact(label.description), attempt))
      if case .unreachable = attempt.outcome { break }
      if try loop.ends(after: attempt.value, in: scope, register: definition.register) { break }
    }
    return ended(report, attempts)
  }

  /// The items' end together.
  private func ended(
    _ report: StepReport, _ attempts: [(item: Value, label: String, attempt: Attempt)]
  ) -> StepEnd {
    var whole = Attempt(Self.outcome(of: attempts.map(\.attempt)))
    let isChanged = attempts.contains { $0.attempt.outcome == .changed }
    whole.result = [
      "changed": .bool(isChanged), "results": .list(attempts.map(\.attempt.value)),
    ]
    switch whole.outcome {
    case .failed:
      whole.result["failed"] = true
      whole.result["msg"] = "One or more items failed"
    case .skipped: whole.result["skipped"] = true
    default: whole.result["msg"] = "All items completed"
    }
    whole.effects = attempts.flatMap(\.attempt.effects)
    whole.isHarmless = attempts.allSatisfy(\.attempt.isHarmless)
    whole.detail.messages = attempts.flatMap(\.attempt.detail.messages)
    var end = ended(report, whole)
    end.includes = attempts.compactMap(\.attempt.include)
    end.report.items = attempts.map { entry in
      ItemReport(
        label: entry.label, outcome: entry.attempt.outcome,
        detail: services.redacted(entry.attempt.detail, result: entry.attempt.value))
    }
    return end
  }

  /// A failure outweighs a change, which outweighs what isn't decided, which outweighs nothing.
  private static func outcome(of attempts: [Attempt]) -> Outcome {
    if let lost = attempts.first(where: {
      if case .unreachable = $0.outcome { true } else { false }
    }) {
      return lost.outcome
    }
    if let failed = attempts.first(where: \.isFailure) {
      guard case .failed(let message, _, _) = failed.outcome else { return failed.outcome }
      let count = attempts.filter(\.isFailure).count
      return .failed(
        message: count == 1 ? message : "\(count) items failed; the first: \(message)",
        isIgnored: false, isRescued: false)
    }
    if attempts.contains(where: { $0.outcome == .changed }) { return .changed }
    for attempt in attempts {
      if case .deferred = attempt.outcome { return attempt.outcome }
    }
    for attempt in attempts {
      if case .skipped = attempt.outcome { continue }
      return .satisfied
    }
    return .skipped(reason: "all items are skipped")
  }
}

/// What a loop goes over.
enum LoopItems: Sendable {
  case known([Value])
  case unknown(Unknown)
}

extension Loop {
  /// The items: of `loop` a list; of `with_X` what the lookup X makes of its terms.
  func evaluatedItems(in scope: Scope) throws(TemplateError) -> LoopItems {
    let terms = try items.evaluate(in: scope)
    let marks = terms.marks
    if case .unknown(let unknown) = terms.unmarked() { return .unknown(unknown) }
    var list: [Value]
    switch (kind, terms.unmarked()) {
    case ("loop", .list(let items)): list = items
    case ("loop", _):
      throw TemplateError(
        .type, "`loop` needs a list", at: items.range,
        help: "with a dictionary: `loop: \"{{ x | dict2items }}\"`")
    default:
      let looked = try look(up: terms.unmarked(), in: scope)
      if let unknown = looked.firstUnknown { return .unknown(unknown) }
      guard case .list(let items) = looked.unmarked() else { return .known([looked]) }
      list = items
    }
    if !marks.isEmpty { list = list.map { $0.marked(marks) } }
    return .known(list)
  }

  /// What the lookup that `with_X` names makes of its terms.
  private func look(up terms: Value, in scope: Scope) throws(TemplateError) -> Value {
    let isList = if case .list = terms { true } else { false }
    let call = "query('\(kind)', \(isList ? "*" : "")_terms)"
    return try Template(call, at: items.range, options: .condition)
      .evaluate(in: scope.adding(["_terms": .value(terms)]))
  }

  /// The variables of one turn.
  func bindings(_ item: Value, index: Int, of items: [Value]) -> [String: Variable] {
    var bound: [String: Variable] = [
      variable: .value(item), "ansible_loop_var": .value(.string(variable)),
    ]
    if let indexVariable {
      bound[indexVariable] = .value(.int(index))
      bound["ansible_index_var"] = .value(.string(indexVariable))
    }
    if isExtended {
      var loop: OrderedDictionary<String, Value> = [
        "allitems": .list(items), "index": .int(index + 1), "index0": .int(index),
        "revindex": .int(items.count - index), "revindex0": .int(items.count - index - 1),
        "first": .bool(index == 0), "last": .bool(index == items.count - 1),
        "length": .int(items.count),
      ]
      if index > 0 { loop["previtem"] = items[index - 1] }
      if index + 1 < items.count { loop["nextitem"] = items[index + 1] }
      bound["ansible_loop"] = .value(.object(loop))
    }
    return bound
  }

  /// `loop_control.break_when`.
  func ends(after result: Value, in scope: Scope, register: String?) throws(TemplateError) -> Bool {
    guard !breakWhen.isEmpty else { return false }
    let seen = register.map { scope.adding([$0: .value(result)]) } ?? scope
    return try breakWhen.verdict(in: seen) == .holds
  }
}
