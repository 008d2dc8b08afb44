internal import Diagnostics
internal import Hosts
internal import ModuleKit
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

/// Where a step looks and acts: the connection, the user, and whether it is the step's own host.
struct StepPlace: Sendable {
  /// The host's name in the inventory.
  var host: String
  /// Nil for what runs on the controller alone.
  var target: ConnectionTarget?
  var become: Become?
  var isDelegated: Bool
  var isPlan: Bool
}

/// What asking led to.
enum Asked: Sendable {
  case change(Change)
  case unknown(Unknown)
}

extension StepRunner {
  /// Where the step runs: on its host, or where `delegate_to` sends it.
  mutating func place(
    in scope: Scope, _ documentation: ModuleDocumentation
  ) async throws(TemplateError) -> StepPlace {
    let found = try await withFacts { () throws(TemplateError) in
      try place(of: documentation, in: scope)
    }
    delegate = found.delegate
    return found.place
  }

  private func place(
    of documentation: ModuleDocumentation, in scope: Scope
  ) throws(TemplateError) -> (place: StepPlace, delegate: String?) {
    var isPlan = services.options.mode == .plan
    if let check = try keywords.checkMode.bool(in: scope) { isPlan = check }
    let become = try job.become(keywords, scope)
    let name = try definition.delegateTo.text(in: scope)
    if documentation.isControllerOnly {
      let place = StepPlace(
        host: job.host, target: nil, become: nil, isDelegated: false, isPlan: isPlan)
      return (place, name)
    }
    guard let name, name != job.host else {
      let place = StepPlace(
        host: job.host, target: try job.target(job.host, keywords, scope), become: become,
        isDelegated: false, isPlan: isPlan)
      return (place, nil)
    }
    let other = job.scopeOfHost(name) ?? scope
    let place = StepPlace(
      host: name, target: try job.target(name, keywords, other), become: become,
      isDelegated: true, isPlan: isPlan)
    return (place, name)
  }

  /// Sends the module's questions, and what else can travel, until its change is found.
  mutating func ask(
    _ module: AnyModule, at place: StepPlace, in scope: Scope
  ) async throws(HostError) -> Asked {
    var probe = module.probe
    askedAbout = []
    while true {
      var answers: [CommandOutput?] = []
      askedAbout += probe.questions.flatMap(\.subjects)
      for question in probe.questions {
        if place.isPlan {
          switch view(of: question, at: place) {
          case .known(let answer):
            answers.append(answer)
            continue
          case .unknown(let unknown): return .unknown(unknown)
          case .ask: break
          }
        }
        let isFresh = place.isDelegated || module.waiting != nil
        answers.append(isFresh ? nil : memory.cache.answer(to: question, as: place.become))
      }
      if answers.contains(where: { $0 == nil }) {
        try await fill(&answers, of: probe.questions, module, at: place)
      }
      switch try probe.resolve(answers.map { $0! }) {
      case .state(let change): return .change(change)
      case .ask(let next): probe = next
      }
    }
  }

  private func view(of question: Question, at place: StepPlace) -> Foresight.View {
    if let origin = memory.volatileOrigin, question.subjects.contains(where: \.isVolatile) {
      return .unknown(Unknown(origin: origin))
    }
    return place.isDelegated ? .ask : memory.foresight.view(of: question)
  }

  /// One round trip: what is missing, and the probes of coming steps.
  private mutating func fill(
    _ answers: inout [CommandOutput?], of questions: [Question], _ module: AnyModule,
    at place: StepPlace
  ) async throws(HostError) {
    guard let target = place.target else {
      throw HostError(.probeFailed, "a module of the controller asked the host")
    }
    let missing = answers.indices.filter { answers[$0] == nil }
    var travelling = missing.map { questions[$0] }
    if !place.isDelegated, module.waiting == nil {
      travelling += coming(as: place.become, beside: travelling)
    }
    let batch = QuestionBatch(travelling)
    let host = try await services.pool.host(target)
    let output = try await host.read(batch.script, as: place.become)
    memory.roundTrips += 1
    let replies = try batch.answers(in: output)
    for (index, reply) in zip(missing, replies) { answers[index] = reply }
    if !place.isDelegated {
      for (question, reply) in zip(travelling, replies) {
        memory.cache.keep(reply, to: question, as: place.become)
      }
    }
  }

  /// The questions of coming steps whose arguments and conditions are known by now.
  ///
  /// What steps in between will register is unknown here, so a step that depends on one of them
  /// evaluates to unknown and is left for later.
  private func coming(as become: Become?, beside asked: [Question]) -> [Question] {
    var pending: [String: Variable] = [:]
    note(instance, into: &pending)
    var questions: [Question] = []
    var seen = Set(asked)
    for next in job.coming.prefix(services.options.lookAhead) {
      if next.instance.definition.isOpaqueToLookAhead { break }
      let scope = next.scope().adding(pending)
      note(next.instance, into: &pending)
      guard let found = try? probed(next.instance, in: scope, as: become) else { continue }
      for question in found where !question.subjects.contains(where: \.isVolatile) {
        if memory.cache.answer(to: question, as: become) == nil, seen.insert(question).inserted {
          questions.append(question)
        }
      }
    }
    return questions
  }

  /// What a task registers or sets is unknown until it has run.
  private func note(_ task: TaskInstance, into pending: inout [String: Variable]) {
    let unknown = Variable.value(.unknown(Unknown(origin: task.title)))
    if let name = task.definition.register { pending[name] = unknown }
    for name in task.definition.factNames { pending[name] = unknown }
    switch ModuleRegistry.bareName(task.definition.action.content) {
    case "setup", "gather_facts": pending["ansible_facts"] = unknown
    default: break
    }
  }

  /// The first questions of a coming step, for each item of its loop; empty where it can't be told.
  private func probed(
    _ task: TaskInstance, in scope: Scope, as become: Become?
  ) throws -> [Question] {
    guard task.definition.delegateTo == nil, !task.definition.isInclude,
      let entry = services.registry[task.definition.action.content],
      !entry.documentation.isControllerOnly, try job.become(task.keywords, scope) == become,
      task.guards.allSatisfy({ $0.section != .rescue })
    else { return [] }
    var scopes = [scope]
    if let loop = task.definition.loop {
      guard case .known(let items) = try loop.evaluatedItems(in: scope) else { return [] }
      scopes = items.prefix(64).enumerated().map { index, item in
        scope.adding(loop.bindings(item, index: index, of: items))
      }
    }
    var questions: [Question] = []
    for scope in scopes {
      guard try task.keywords.when.verdict(in: scope) == .holds else { continue }
      let values = try task.definition.evaluatedArguments(
        for: entry.documentation, defaults: task.keywords.moduleDefaults, in: scope)
      if Value.object(values).firstUnknown != nil { continue }
      let context = ModuleContext(
        host: job.host, becomeUser: become?.user, isPlan: services.options.mode == .plan,
        files: services.files(task.fileSearch, scope))
      let module = try entry.make(Arguments(values, for: entry.documentation, in: context))
      if module.waiting == nil { questions += module.probe.questions }
    }
    return questions
  }
}

extension TaskDefinition {
  /// Whether nobody can tell what variables there are behind it.
  var isOpaqueToLookAhead: Bool {
    switch ModuleRegistry.bareName(action.content) {
    case "include_vars", "add_host", "group_by", "include_tasks", "include_role": true
    default: false
    }
  }
}
