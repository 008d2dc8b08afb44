internal import Diagnostics
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Synchronization
internal import Templates
internal import Values
internal import Variables

/// Gathers the facts of hosts that no play has come to, when an expression asks for them: each
/// host's once a run, with nothing but the questions of `setup`.
final class FactGatherer: Sendable {
  private let plays: [CompiledPlay]
  private let builder: GraphBuilder
  private let variables: any RunVariablesStore
  private let gathering = Mutex<[String: Task<Void, Never>]>([:])
  /// The first play that is meant for a host, whatever `--limit` says.
  private let playOfHost = Mutex<[String: Int]?>(nil)

  init(_ executor: Executor) {
    plays = executor.graph.plays
    builder = executor.builder
    variables = executor.variables
  }

  /// Gathers; comes back when all of these hosts have answered, or can't be reached.
  func gather(_ hosts: [String], for job: StepJob, _ services: RunServices) async {
    await services.reporter.receive(
      .waiting(
        task: job.instance.title, host: job.host,
        reason: "asks for the facts of \(hosts.joined(separator: ", "))"))
    await withTaskGroup(of: Void.self) { group in
      for (index, host) in hosts.enumerated() {
        if index >= services.options.forks { await group.next() }
        group.addTask { await self.gather(host, for: job, services) }
      }
    }
  }

  private func gather(_ host: String, for job: StepJob, _ services: RunServices) async {
    let task = gathering.withLock { gathering in
      if let known = gathering[host] { return known }
      let task = Task { self.variables.settle(await self.facts(of: host, job, services), of: host) }
      gathering[host] = task
      return task
    }
    await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
  }

  private func facts(
    of host: String, _ job: StepJob, _ services: RunServices
  ) async -> FactsOnDemand.Answer {
    let play = play(of: host)
    let instance = builder.gathering(for: play)
    let variables = variables
    let scope: Scope
    if let play {
      do throws(Diagnostics) { try variables.prepare(host, for: play) } catch {
        return missing(host, error.all.first?.message ?? "unreadable variables")
      }
      scope = variables.scope(for: host, at: instance, in: play)
    } else {
      guard let known = variables.scope(ofHost: host) else { return missing(host, "unknown") }
      scope = known
    }
    var runner = StepRunner(
      StepJob(gathering: instance, on: host, scope: scope, for: job), services: services)
    let attempt = await runner.attempt(in: scope, bound: [:])
    for case .facts(let facts) in attempt.effects { return .gathered(facts) }
    switch attempt.outcome {
    case .failed(let message, _, _), .unreachable(let message): return missing(host, message)
    default: return missing(host, "no facts came")
    }
  }

  private func missing(_ host: String, _ reason: String) -> FactsOnDemand.Answer {
    .missing(
      "the facts of `\(host)` aren't known: it isn't among the hosts of this run so far"
        + " (see --limit), and it can't be asked: \(reason)")
  }

  /// The play whose keywords and variables say how the host is reached.
  private func play(of host: String) -> CompiledPlay? {
    let found = playOfHost.withLock { known in
      if let known { return known[host] }
      var all: [String: Int] = [:]
      for play in plays {
        for host in (try? variables.hosts(of: play.play)) ?? [] where all[host] == nil {
          all[host] = play.index
        }
      }
      known = all
      return all[host]
    }
    return found.flatMap { index in plays.first { $0.index == index } }
  }
}

extension StepJob {
  /// The gathering of a host's facts for a step that needs them.
  ///
  /// It asks for nobody's facts itself: what its own variables lack is undefined.
  fileprivate init(
    gathering instance: TaskInstance, on host: String, scope: Scope, for job: StepJob
  ) {
    self.init(
      node: job.node, instance: instance, host: host, sharers: [], scope: scope,
      requests: FactRequests(), memory: HostMemory(), coming: [], deferredBy: nil,
      scopeOfHost: job.scopeOfHost, target: job.target, become: job.become)
  }
}

extension StepRunner {
  /// Evaluates something; where that asked for facts of hosts that no play has come to, they are
  /// gathered, and it is evaluated again.
  func withFacts<Result>(
    _ evaluate: () throws(TemplateError) -> Result
  ) async throws(TemplateError) -> Result {
    while true {
      let outcome: Swift.Result<Result, TemplateError>
      do throws(TemplateError) { outcome = .success(try evaluate()) } catch {
        outcome = .failure(error)
      }
      let hosts = job.requests.take()
      if hosts.isEmpty || Task.isCancelled { return try outcome.get() }
      await services.facts.gather(hosts, for: job, services)
    }
  }
}
