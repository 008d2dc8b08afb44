internal import Diagnostics
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values

/// What becomes of a step whose connection is lost on the way.
extension StepRunner {
  /// How often a step is taken up again.
  private static let lossLimit = 3

  /// Performs a change; where the connection is lost, the host itself tells what is left to do.
  ///
  /// What can be looked at is looked at again, and only what is missing is done. What can't, such as
  /// a command, isn't run twice: nobody knows whether it ran.
  mutating func performedThroughLoss(
    _ change: Change, _ attempt: Attempt, of module: AnyModule, at place: StepPlace,
    in scope: Scope
  ) async throws(HostError) -> Attempt {
    var change = change
    var attempt = attempt
    var losses = 0
    while true {
      let loss: HostError
      mayHaveRun = false
      do throws(HostError) {
        return try await performed(change, attempt, at: place, in: scope)
      } catch {
        loss = error
      }
      losses += 1
      guard loss.kind == .connectionLost, losses <= Self.lossLimit, !Task.isCancelled else {
        throw loss
      }
      let now = try await lookedAgain(module, at: place, in: scope, after: loss)
      if now.failure != nil { return try excused(decided(now), now, at: place) }
      if now.actions.isEmpty { return done(attempt, change, now) }
      if change.isOpaque, mayHaveRun { throw Self.undecided(loss, change) }
      let messages = attempt.detail.messages
      change = now
      attempt = decided(now)
      attempt.detail.messages = messages
    }
  }

  /// Looks at everything anew: the host may have been restarted meanwhile.
  private mutating func lookedAgain(
    _ module: AnyModule, at place: StepPlace, in scope: Scope, after loss: HostError
  ) async throws(HostError) -> Change {
    memory.cache.forget([.everything])
    await services.reporter.receive(
      .waiting(
        task: definition.action.content, host: job.host,
        reason: "the connection was lost; looking at what was done"))
    do throws(HostError) {
      switch try await ask(module, at: place, in: scope) {
      case .change(let change): return change
      case .unknown: throw loss
      }
    } catch {
      guard error.kind == .unreachable else { throw error }
      throw HostError(
        .unreachable, "\(loss.message); then: \(error.message)", help: error.help)
    }
  }

  /// The action was done, though nobody heard of its end.
  private func done(_ attempt: Attempt, _ change: Change, _ now: Change) -> Attempt {
    var attempt = attempt
    for (key, value) in now.result where attempt.result[key] == nil { attempt.result[key] = value }
    attempt.result["changed"] = .bool(change.counts)
    attempt.outcome = change.counts ? .changed : .satisfied
    attempt.detail.messages.append(
      "the connection was lost meanwhile; the host shows that it was done")
    return attempt
  }

  private static func undecided(_ loss: HostError, _ change: Change) -> HostError {
    let summary = change.actions.last?.summary ?? "the action"
    return HostError(
      .connectionLost, "\(loss.message); whether `\(summary)` was done isn't known",
      help: "look at the host, then run again; `creates` or `removes` would let the host tell")
  }

  // MARK: Hosts that come back

  /// Waits until the host can be reached, connecting anew each time.
  mutating func untilReached(
    at place: StepPlace, within limit: Waiting
  ) async throws(HostError) {
    guard let target = place.target else { return }
    let clock = ContinuousClock()
    let end = clock.now + limit.timeout
    while true {
      await services.pool.reset(target)
      let problem: HostError
      do throws(HostError) {
        _ = try await services.pool.host(target).read("echo pong", as: place.become)
        memory.cache.forget([.everything])
        return
      } catch {
        problem = error
      }
      guard problem.isAboutReaching, !Task.isCancelled else { throw problem }
      guard clock.now < end else {
        throw HostError(
          .timedOut,
          "timed out waiting for the connection after \(limit.timeout.components.seconds) s: "
            + problem.message, help: problem.help)
      }
      await services.reporter.receive(
        .waiting(task: definition.action.content, host: job.host, reason: problem.message))
      try? await Task.sleep(for: limit.interval)
    }
  }

  /// Restarts the host, and waits until it tells another boot and is ready.
  mutating func restarted(
    _ change: Change, _ restart: Restart, _ attempt: Attempt, at place: StepPlace, in scope: Scope
  ) async throws(HostError) -> Attempt {
    guard let target = place.target,
      !["local", "ansible.builtin.local"].contains(target.connection)
    else {
      return .failed("a local connection would restart this very machine", result: attempt.result)
    }
    let clock = ContinuousClock()
    let start = clock.now
    var attempt = attempt
    do throws(HostError) {
      attempt = try await performed(change, attempt, at: place, in: scope)
      if attempt.isFailure { return attempt }
    } catch {
      // That is what a restart does.
      guard error.kind == .connectionLost else { throw error }
    }
    await services.reporter.receive(
      .waiting(
        task: definition.action.content, host: job.host, reason: "waiting for the host to be back"))
    try? await Task.sleep(for: restart.delay)
    let end = start + restart.timeout
    let failure = try await awaited(restart, target, as: place.become, until: end)
    memory.cache.forget([.everything])
    attempt.result["elapsed"] = .int(Int((clock.now - start).components.seconds))
    attempt.result["rebooted"] = true
    attempt.result["changed"] = true
    attempt.outcome = .changed
    guard let failure else { return attempt }
    var failed = Attempt.failed(failure, result: attempt.result)
    failed.detail = attempt.detail
    return failed
  }

  /// Says why the host isn't back in time; nil where it is.
  private func awaited(
    _ restart: Restart, _ target: ConnectionTarget, as become: Become?,
    until end: ContinuousClock.Instant
  ) async throws(HostError) -> String? {
    var isBack = false
    var words = "it still runs as before"
    while !Task.isCancelled {
      do throws(HostError) {
        let host = try await services.pool.host(target)
        let script = isBack ? restart.readyScript : restart.bootScript
        let output = try await host.run(Command(script, timeout: .seconds(30)), as: become)
        if isBack, output.status == 0 { return nil }
        if !isBack, output.status == 0, output.text != restart.before {
          isBack = true
          words = "`\(restart.readyScript)` fails"
          continue
        }
        if isBack { words = "`\(restart.readyScript)` fails: \(output.complaint)" }
      } catch {
        guard error.isAboutReaching || error.kind == .timedOut else { throw error }
        words = error.message
        await services.pool.reset(target)
      }
      guard ContinuousClock().now < end else {
        return "the host isn't back after \(restart.timeout.components.seconds) s: \(words)"
      }
      try? await Task.sleep(for: .seconds(1))
    }
    throw HostError(.cancelled, "cancelled while the host restarted")
  }
}

extension HostError {
  /// Whether it says that the host isn't there, or not yet.
  fileprivate var isAboutReaching: Bool {
    kind == .unreachable || kind == .connectionLost || kind == .becomeFailed
  }
}
