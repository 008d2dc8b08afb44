internal import Diagnostics
internal import Graphs
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks
internal import Templates
internal import Values
internal import Variables

/// A walk over the graph while it goes on: which steps are ready, where hosts stand, what came in.
struct Walk {
  let executor: Executor
  let services: RunServices
  var plays: [CompiledPlay]
  var schedule: Schedule<Step>
  var hosts: OrderedDictionary<String, HostProgress> = [:]
  var routes: [String: Route] = [:]
  /// Ready steps of hosts that are busy.
  var waiting: [String: [NodeID]] = [:]
  /// Ready steps that wait for a place among the forks.
  var ready: [NodeID] = []
  /// How many of them have been taken.
  private var takenReady = 0
  var running = 0
  /// Handlers that hosts have notified, by play, host and place among the play's handlers.
  var notified: [Int: [String: OrderedDictionary<Int, Notification>]] = [:]
  var pendingIncludes: [ObjectIdentifier: [PendingInclude]] = [:]
  /// What hosts do to each other, until all have passed the task.
  var pendingEffects: [ObjectIdentifier: [PendingEffect]] = [:]
  /// Whether hosts or groups have come in.
  var hasNewHosts = false
  /// Plays that broke off, and those that would have come after them.
  var stoppedPlays: Set<Int> = []
  /// Plays that don't run at all, since one that they need broke off.
  var skippedPlays: Set<Int> = []
  /// The batch of `serial` that a play is at, and the batches' numbers by host.
  var batches: [Int: PlayBatches] = [:]
  /// Tasks of plays that were compiled anew.
  var retired: Set<ObjectIdentifier> = []
  /// The last step that acted anywhere, for what others can change.
  var volatileOrigin: String?
  let start = ContinuousClock().now

  init(executor: Executor, services: RunServices) {
    self.executor = executor
    self.services = services
    plays = executor.graph.plays
    schedule = Schedule(executor.graph.graph)
    for play in plays {
      for host in play.hosts {
        if hosts[host] == nil { hosts[host] = HostProgress() }
        let isFirst = play.batches.contains { $0.first == host }
        routes[host, default: Route()].add(
          play.items.compactMap { item in
            guard case .task(let instance) = item, !instance.runsOnce || isFirst else { return nil }
            return instance
          })
      }
    }
  }

  /// Runs until nothing is left, or the task is cancelled.
  mutating func run() async -> RunSummary {
    await services.reporter.receive(
      .started(
        mode: executor.options.mode,
        plays: plays.map(\.summary),
        steps: executor.graph.taskCount))
    await withTaskGroup(of: StepEnd.self) { group in
      await self.advance(&group)
      while let end = await group.next() {
        running -= 1
        await self.take(end, &group)
        if Task.isCancelled { continue }
        await self.advance(&group)
      }
    }
    return summary()
  }

  /// Starts everything that can be started.
  private mutating func advance(_ group: inout TaskGroup<StepEnd>) async {
    while !Task.isCancelled {
      while let node = schedule.next() { await begin(node, &group) }
      guard running < executor.options.forks, takenReady < ready.count else { return }
      let node = ready[takenReady]
      takenReady += 1
      if takenReady == ready.count {
        ready.removeAll(keepingCapacity: true)
        takenReady = 0
      }
      await begin(node, &group)
    }
  }

  /// Begins a node: passes it at once where nothing has to run, or starts its step.
  private mutating func begin(_ node: NodeID, _ group: inout TaskGroup<StepEnd>) async {
    switch schedule.graph[node] {
    case .playStart(let index):
      await start(play: index, at: node)
      schedule.finish(node)
    case .playEnd(let index):
      await services.reporter.receive(.playEnded(index))
      schedule.finish(node)
    case .barrier(let instance):
      await applyPending(of: instance)
      let includes = pendingIncludes.removeValue(forKey: ObjectIdentifier(instance)) ?? []
      await bringIn(inOrder(includes, of: instance) { $0.host }, of: instance, after: node)
      schedule.finish(node)
    case .flush(let play, let hosts, let order, let first):
      await flush(play: play, hosts: hosts, order: order, from: first, after: node)
      schedule.finish(node)
    case .task(let instance, let host):
      begin(instance, on: host, sharers: [], node, &group)
    case .once(let instance, let candidates):
      let host = candidates.first { hosts[$0]?.passes(instance, forcesHandlers: false) ?? false }
      guard let host else { return schedule.finish(node) }
      begin(instance, on: host, sharers: candidates, node, &group)
    }
  }

  private mutating func begin(
    _ instance: TaskInstance, on host: String, sharers: [String], _ node: NodeID,
    _ group: inout TaskGroup<StepEnd>
  ) {
    let play = plays[instance.play]
    guard !skippedPlays.contains(instance.play), !retired.contains(ObjectIdentifier(instance)),
      var progress = hosts[host],
      progress.passes(instance, forcesHandlers: play.play.forceHandlers),
      !(progress.hasGathered && executor.builder.facts.passesOver(instance))
    else { return schedule.finish(node) }
    guard let memory = progress.memory else {
      hosts[host] = progress
      waiting[host, default: []].append(node)
      return
    }
    guard running < executor.options.forks else {
      hosts[host] = progress
      ready.append(node)
      return
    }
    progress.memory = nil
    hosts[host] = progress
    running += 1
    enterBatch(of: host, in: instance.play)
    let job = job(instance, on: host, sharers: sharers, node, memory, play)
    let services = services
    group.addTask {
      var runner = StepRunner(job, services: services)
      return await runner.run()
    }
  }

  /// All that a step needs, as values.
  private func job(
    _ instance: TaskInstance, on host: String, sharers: [String], _ node: NodeID,
    _ memory: HostMemory, _ play: CompiledPlay
  ) -> StepJob {
    let variables = executor.variables
    var memory = memory
    memory.volatileOrigin = executor.options.mode == .plan ? volatileOrigin : nil
    let ahead = routes[host]?.ahead(of: instance, count: executor.options.lookAhead) ?? []
    let plays = plays
    let requests = FactRequests()
    var scope = variables.scope(for: host, at: instance, in: play, requests: requests)
    let warnings = services.warnings
    scope.warn = { warnings.note($0) }
    return StepJob(
      node: node, instance: instance, host: host, sharers: sharers,
      scope: scope,
      requests: requests, memory: memory,
      coming: ahead.map { next in
        ComingTask(instance: next) {
          // Facts that aren't there are unknown to it; nobody gathers them ahead of time.
          variables.scope(for: host, at: next, in: plays[next.play], requests: FactRequests())
        }
      },
      deferredBy: instance.isHandler ? deferral(of: instance, on: host) : nil,
      scopeOfHost: { variables.scope(ofHost: $0, requests: requests) },
      scopeOnHost: { variables.scope(for: $0, at: instance, in: play, requests: requests) },
      target: { (host, keywords, scope) throws(TemplateError) in
        try variables.target(of: host, keywords: keywords, scope: scope)
      },
      become: { (keywords, scope) throws(TemplateError) in
        try variables.become(keywords: keywords, scope: scope)
      })
  }

  /// Takes what a step leaves behind, and lets its successors go.
  private mutating func take(_ end: StepEnd, _ group: inout TaskGroup<StepEnd>) async {
    var end = end
    refuseUnknownHandlers(&end)
    settle(&end)
    remember(end)
    await services.reporter.receive(.stepEnded(end.report))
    await applyOrDefer(end)
    if !end.includes.isEmpty { await collect(end) }
    schedule.finish(end.node)
    // Steps that a failed host passes over take no time, so the host may be free for more than one.
    while hosts[end.host]?.memory != nil, let next = waiting[end.host]?.first {
      waiting[end.host]?.removeFirst()
      await begin(next, &group)
    }
  }

  /// What came of a task's hosts, in the order of the play's hosts and not of their arrival.
  func inOrder<Thing>(
    _ things: [Thing], of instance: TaskInstance, _ host: (Thing) -> String
  ) -> [Thing] {
    if things.count < 2 { return things }
    let hosts = plays[instance.play].hosts
    let ranks = Dictionary(zip(hosts, hosts.indices), uniquingKeysWith: { first, _ in first })
    // The sort is stable: what one host did stays in its order.
    return things.sorted {
      ranks[host($0), default: hosts.count] < ranks[host($1), default: hosts.count]
    }
  }

  /// Hosts that go on.
  func active(in list: [String]) -> [String] {
    list.filter { hosts[$0].map { !$0.isFailed && !$0.isUnreachable } ?? false }
  }

  private func summary() -> RunSummary {
    var lost: [(host: String, handler: String)] = []
    for (_, byHost) in notified.sorted(by: { $0.key < $1.key }) {
      for (host, notifications) in byHost.sorted(by: { $0.key < $1.key }) {
        let names = OrderedSet(
          notifications.values.filter { $0.deferredBy == nil }.map(\.name))
        lost += names.map { (host, $0) }
      }
    }
    return RunSummary(
      mode: executor.options.mode, hosts: hosts.map { ($0.key, $0.value.recap) },
      duration: ContinuousClock().now - start, isInterrupted: Task.isCancelled,
      lostHandlers: lost)
  }
}
