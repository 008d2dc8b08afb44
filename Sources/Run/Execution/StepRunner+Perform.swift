internal import Diagnostics
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

extension StepRunner {
  /// Looks, waits where the module waits, decides, and acts or foresees.
  mutating func run(_ module: AnyModule, at place: StepPlace, in scope: Scope) async -> Attempt {
    do throws(HostError) {
      switch try await settled(module, at: place, in: scope) {
      case .unknown(let unknown): return deferred(unknown)
      case .change(let change):
        let attempt = decided(change)
        if change.failure != nil || change.actions.isEmpty {
          return try excused(attempt, change, at: place)
        }
        if place.isPlan { return planned(change, attempt, at: place) }
        if let restart = change.restart {
          return try await restarted(change, restart, attempt, at: place, in: scope)
        }
        return try await performedThroughLoss(change, attempt, of: module, at: place, in: scope)
      }
    } catch {
      return failed(error)
    }
  }

  /// The change, asked for again while the module waits.
  private mutating func settled(
    _ module: AnyModule, at place: StepPlace, in scope: Scope
  ) async throws(HostError) -> Asked {
    let clock = ContinuousClock()
    let start = clock.now
    if let delay = module.waiting?.delay, delay > .zero, !place.isPlan {
      try? await Task.sleep(for: delay)
    }
    if module.waitsForConnection, let waiting = module.waiting, !place.isPlan {
      try await untilReached(at: place, within: waiting)
    }
    while true {
      let asked = try await ask(module, at: place, in: scope)
      guard case .change(let change) = asked, let words = change.waitsFor,
        let waiting = module.waiting
      else { return asked }
      if place.isPlan {
        return .unknown(Unknown(origin: memory.volatileOrigin ?? definition.action.content))
      }
      if Task.isCancelled || clock.now - start >= waiting.timeout {
        var change = change
        change.failure = change.timeoutFailure ?? "Timeout when waiting for \(words)"
        change.waitsFor = nil
        return .change(change)
      }
      await services.reporter.receive(
        .waiting(task: definition.action.content, host: job.host, reason: words))
      try? await Task.sleep(for: waiting.interval)
    }
  }

  /// What is known of the attempt before acting.
  func decided(_ change: Change) -> Attempt {
    var attempt = Attempt(.satisfied)
    attempt.detail.reason = change.reason
    attempt.detail.differences = change.differences
    attempt.detail.actions = change.actions.map { action in
      action.host.map { "\(action.summary) (on \($0))" } ?? action.summary
    }
    attempt.result = change.result
    attempt.effects = change.effects
    for case .message(let text) in change.effects { attempt.detail.messages.append(text) }
    if attempt.result["changed"] == nil { attempt.result["changed"] = false }
    if attempt.result["failed"] == nil { attempt.result["failed"] = false }
    return attempt
  }

  /// No action: satisfied, or failed. In a plan, a failure about what earlier steps would bring is
  /// no failure yet.
  func excused(
    _ attempt: Attempt, _ change: Change, at place: StepPlace
  ) throws(HostError) -> Attempt {
    guard let failure = change.failure else { return attempt }
    if place.isPlan, !place.isDelegated, let origin = memory.foresight.origin(touching: askedAbout)
    {
      return deferred(Unknown(origin: origin))
    }
    var failed = Attempt.failed(failure, result: attempt.result)
    failed.detail = attempt.detail
    return failed
  }

  /// Lays the change over the host, and makes what only acting tells unknown.
  private mutating func planned(
    _ change: Change, _ attempt: Attempt, at place: StepPlace
  ) -> Attempt {
    var attempt = attempt
    let name = instance.title
    let isPromised = definition.changedWhen.areLiterallyFalse
    if !isPromised {
      if place.isDelegated {
        touchedElsewhere.append((place.host, change.actions.flatMap(\.touches)))
      } else {
        memory.foresight.plan(change.actions.filter { $0.host == nil }, by: name)
      }
      for action in change.actions {
        if let host = action.host { touchedElsewhere.append((host, action.touches)) }
      }
      hasActed = hasActed || change.counts
    }
    if change.isOpaque {
      attempt.unknown = Unknown(origin: name)
      attempt.outcome = change.counts ? .changed : .satisfied
      return attempt
    }
    for key in change.unknownResults { attempt.result[key] = .unknown(Unknown(origin: name)) }
    attempt.result["changed"] = .bool(change.counts)
    attempt.outcome = change.counts ? .changed : .satisfied
    return attempt
  }

  /// Performs the actions in order, up to the first that fails.
  mutating func performed(
    _ change: Change, _ attempt: Attempt, at place: StepPlace, in scope: Scope
  ) async throws(HostError) -> Attempt {
    var attempt = attempt
    var outputs: [CommandOutput] = []
    for action in change.actions {
      let output = try await perform(action, at: place, in: scope)
      outputs.append(output)
      if let backup = output.backupFile { attempt.result["backup_file"] = .string(backup) }
      if output.status != 0 { break }
    }
    let completion = change.finish(outputs)
    for (key, value) in completion.result { attempt.result[key] = value }
    attempt.effects += completion.effects
    for case .message(let text) in completion.effects { attempt.detail.messages.append(text) }
    let isChanged = completion.changed ?? change.counts
    attempt.result["changed"] = .bool(isChanged)
    attempt.outcome = isChanged ? .changed : .satisfied
    var failure = completion.failure
    if failure == nil, let last = outputs.last, last.status != 0, !change.isOpaque {
      let action = change.actions[outputs.count - 1]
      failure = "\(action.summary) failed: \(last.complaint)"
    }
    if let failure {
      let detail = attempt.detail
      attempt = .failed(services.redactor.redact(failure), result: attempt.result)
      attempt.detail = detail
    }
    return attempt
  }

  private mutating func perform(
    _ action: Action, at place: StepPlace, in scope: Scope
  ) async throws(HostError) -> CommandOutput {
    let (host, target) = try target(of: action, at: place, in: scope)
    // `changed_when: false` is the author's word that nobody will see a difference.
    if !definition.changedWhen.areLiterallyFalse { hasActed = true }
    // Before it runs: an action that breaks off half way has touched it, too.
    if host == job.host, !place.isDelegated || action.host != nil {
      memory.cache.forget(action.touches)
    } else {
      touchedElsewhere.append((host, action.touches))
    }
    var script = ActionScript(action)
    let connection = try await services.pool.host(target)
    if let content = script.upload, let path = script.stagingPath {
      try await connection.upload(content, to: path, as: place.become)
      memory.roundTrips += 1
    }
    if case .run = action.operation { try await addKeywords(to: &script.command, in: scope) }
    mayHaveRun = true
    let output = try await connection.run(script.command, as: place.become)
    memory.roundTrips += 1
    return output
  }

  /// Another host's connection where the action is for another host.
  private func target(
    of action: Action, at place: StepPlace, in scope: Scope
  ) throws(HostError) -> (String, ConnectionTarget) {
    do throws(TemplateError) {
      if let name = action.host, name != place.host {
        let other = job.scopeOfHost(name) ?? scope
        return (name, try job.target(name, keywords, other))
      }
    } catch {
      throw HostError(.unreachable, services.word(error))
    }
    guard let target = place.target else {
      throw HostError(.actionFailed, "a module of the controller acts on the host")
    }
    return (place.host, target)
  }

  /// `environment` and `timeout` go to what a task runs.
  private func addKeywords(
    to command: inout Command, in scope: Scope
  ) async throws(HostError) {
    do throws(TemplateError) {
      for expression in keywords.environment {
        let value = try await withFacts { () throws(TemplateError) in
          try expression.evaluate(in: scope)
        }
        guard case .dict(let variables) = value.unmarked() else { continue }
        for (name, value) in variables {
          let bare = value.unmarkedDeeply()
          command.environment[name.description] =
            bare == .bool(true) ? "True" : bare == .bool(false) ? "False" : bare.description
        }
      }
      if let seconds = try keywords.timeout.number(in: scope), seconds > 0 {
        command.timeout = .seconds(seconds)
      } else if command.timeout == nil {
        command.timeout = services.options.commandTimeout
      }
    } catch {
      throw HostError(.actionFailed, services.word(error))
    }
  }

  private func failed(_ error: HostError) -> Attempt {
    var text = services.redactor.redact(error.message)
    if let help = error.help { text += " (\(services.redactor.redact(help)))" }
    switch error.kind {
    case .unreachable, .becomeFailed, .connectionLost: return .unreachable(text)
    default: return .failed(text)
    }
  }
}

extension CommandOutput {
  /// What a failed command complains of: standard error, else standard output, else its status.
  var complaint: String {
    for text in [errorText, text] {
      let trimmed = text.split(separator: "\n").suffix(5).joined(separator: "\n")
      if !trimmed.isEmpty { return trimmed }
    }
    return "exit status \(status)"
  }

  /// The path that a write says it kept the old file under.
  var backupFile: String? {
    guard standardOutput.starts(with: Array("backup_file=".utf8)) else { return nil }
    return text.split(separator: "\n").first.map { String($0.dropFirst("backup_file=".count)) }
  }
}
