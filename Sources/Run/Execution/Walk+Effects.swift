internal import Diagnostics
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Values

/// What a step does to other hosts' variables or to groups.
struct PendingEffect: Sendable {
  var end: StepEnd
  var host: String
  var effect: Effect
}

/// What steps do to the controller's side of the run.
extension Walk {
  /// Applies what a step leaves behind. What it does to other hosts waits for the barrier behind
  /// the task, where there is one: of two hosts that set the same, the last one of the play wins,
  /// not the slowest.
  mutating func applyOrDefer(_ end: StepEnd) async {
    guard end.sharers.isEmpty, plays[end.instance.play].play.strategy == "linear" else {
      return await apply(end.effects, of: end)
    }
    let shared = end.effects.filter { $0.host != end.host || $0.effect.changesInventory }
    for (host, effect) in shared {
      pendingEffects[ObjectIdentifier(end.instance), default: []].append(
        PendingEffect(end: end, host: host, effect: effect))
    }
    await apply(
      end.effects.filter { $0.host == end.host && !$0.effect.changesInventory }, of: end)
  }

  /// Applies what has waited until all hosts have passed a task.
  mutating func applyPending(of instance: TaskInstance) async {
    let effects = pendingEffects.removeValue(forKey: ObjectIdentifier(instance)) ?? []
    for pending in inOrder(effects, of: instance, { $0.end.host }) {
      await apply([(pending.host, pending.effect)], of: pending.end)
    }
  }

  private mutating func apply(_ effects: [(host: String, effect: Effect)], of end: StepEnd) async {
    for (host, effect) in effects {
      let sharers = end.sharers.isEmpty ? [host] : end.sharers
      switch effect {
      case .variables(let variables, _):
        services.redactor.learn(from: .object(variables))
        for host in sharers {
          // Of the two, `set_fact` is the stronger.
          if end.instance.definition.shortAction == "include_vars" {
            executor.variables.include(variables, for: host)
          } else {
            executor.variables.set(variables, for: host)
          }
        }
      case .facts(let facts):
        for host in sharers { executor.variables.addFacts(facts, to: host) }
      case .addHost(let name, let groups, let variables):
        executor.variables.addHost(name, groups: groups, variables: variables)
        if hosts[name] == nil { hosts[name] = HostProgress() }
      case .groupBy(let key, let parents):
        executor.variables.addHost(host, toGroup: key, parents: parents)
      case .meta(let action): await perform(meta: action, on: host, end)
      case .saveFile(let path, let content):
        if executor.options.mode == .apply { await save(content, to: path, end) }
      case .message: break
      }
    }
    if effects.contains(where: { $0.effect.changesInventory }) {
      hasNewHosts = true
    }
  }

  /// What `fetch` brought, written on the controller; a failure to write is said, since the step
  /// itself has ended.
  private func save(_ content: [UInt8], to path: String, _ end: StepEnd) async {
    do throws(HostError) { try ControllerFile.save(content, to: path) } catch {
      await services.reporter.receive(
        .warning(Diagnostic(.error, error.message, at: end.instance.definition.range)))
    }
  }

  private mutating func perform(meta action: String, on host: String, _ end: StepEnd) async {
    let play = end.instance.play
    switch action {
    case "end_host": hosts[host]?.endedPlays.insert(play)
    case "end_play": for name in plays[play].hosts { hosts[name]?.endedPlays.insert(play) }
    case "end_batch":
      let batch = plays[play].batches.first { $0.contains(host) } ?? []
      for name in batch { hosts[name]?.endedPlays.insert(play) }
    case "end_role": hosts[host]?.endRole(at: end.instance)
    case "clear_facts":
      for name in plays[play].hosts {
        executor.variables.clearFacts(of: name)
        hosts[name]?.hasGathered = false
      }
    case "clear_host_errors": for name in plays[play].hosts { hosts[name]?.clearErrors(in: play) }
    case "reset_connection":
      let scope = executor.variables.scope(for: host, at: end.instance, in: plays[play])
      if let target = try? executor.variables.target(
        of: host, keywords: end.instance.keywords, scope: scope)
      {
        await services.pool.reset(target)
      }
    default: break
    }
  }
}

extension Effect {
  fileprivate var changesInventory: Bool {
    switch self {
    case .addHost, .groupBy: true
    default: false
    }
  }
}
