internal import Diagnostics
internal import Graphs
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Planning
internal import Playbooks

/// Where a play with `serial` is.
struct PlayBatches: Sendable {
  /// The number of the batch that every host is in; empty where there is only one.
  let numbers: [String: Int]
  var current = 0

  init(_ play: CompiledPlay) {
    var numbers: [String: Int] = [:]
    if play.batches.count > 1 {
      for (number, batch) in play.batches.enumerated() {
        for host in batch { numbers[host] = number }
      }
    }
    self.numbers = numbers
  }
}

/// How plays begin, go on from batch to batch, and break off.
extension Walk {
  /// A play starts with the hosts that it has by now, unless one that it needs broke off.
  mutating func start(play index: Int, at node: NodeID) async {
    if predecessors(of: index).contains(where: stoppedPlays.contains) {
      stoppedPlays.insert(index)
      skippedPlays.insert(index)
      await services.reporter.receive(
        .warning(
          Diagnostic(
            .warning, "the play `\(plays[index].title)` doesn't run: one before it broke off",
            at: plays[index].play.range)))
      return
    }
    if hasNewHosts || plays[index].isUnresolved { await recompile(index, at: node) }
    batches[index] = PlayBatches(plays[index])
    executor.variables.begin(plays[index].hosts)
    tellActiveHosts(of: index)
    await services.reporter.receive(.playStarted(index, plays[index].summary))
  }

  /// The plays that come right before one: those that it needs, or all above it.
  private func predecessors(of index: Int) -> [Int] {
    guard let needs = plays[index].play.needs else { return Array(0..<index) }
    return plays.indices.filter { other in
      needs.contains { $0.content == plays[other].play.id }
    }
  }

  /// Finds out a play's hosts anew, since hosts or groups have come in.
  private mutating func recompile(_ index: Int, at node: NodeID) async {
    do throws(Diagnostics) {
      let compiled = try executor.builder.compile(plays[index].play, index: index)
      guard compiled.hosts != plays[index].hosts else { return }
      try executor.variables.prepare(compiled, prompts: [:])
      for case .task(let instance) in plays[index].items {
        retired.insert(ObjectIdentifier(instance))
      }
      for host in compiled.hosts {
        if hosts[host] == nil { hosts[host] = HostProgress() }
        routes[host, default: Route()].add(compiled.instances)
      }
      plays[index] = compiled
      schedule.splice(executor.builder.inserted(compiled), after: node)
    } catch {
      // As in Ansible, a pattern that nobody matches leaves the play without hosts.
      for diagnostic in error.all { await services.reporter.receive(.warning(diagnostic)) }
    }
  }

  /// A step of the next batch begins: `ansible_play_batch` is another.
  mutating func enterBatch(of host: String, in play: Int) {
    guard let number = batches[play]?.numbers[host], number != batches[play]?.current else {
      return
    }
    batches[play]?.current = number
    tellActiveHosts(of: play)
  }

  /// `ansible_play_hosts` and `ansible_play_batch` are those that go on.
  func tellActiveHosts(of index: Int) {
    let play = plays[index]
    let current = batches[index]?.current ?? 0
    let batch = play.batches.indices.contains(current) ? play.batches[current] : play.hosts
    executor.variables.setActiveHosts(active(in: play.hosts), of: play, batch: active(in: batch))
  }

  /// What a failure means to others: `any_errors_fatal`, `max_fail_percentage`, and a batch that has
  /// failed as a whole, after which nothing of the play runs, nor what comes after it.
  mutating func spread(_ end: StepEnd, isRescued: Bool) {
    let index = end.instance.play
    let play = plays[index]
    let batch = play.batches.first { $0.contains(end.host) } ?? play.hosts
    if isFatal(end) {
      // The others fail at this place, too, so their blocks' rescue takes it up.
      for host in batch where host != end.host && hosts[host]?.isIn(index) ?? false {
        _ = hosts[host]?.fail(at: end.instance)
      }
      if !isRescued { stop(index, but: batch) }
    }
    if !isRescued {
      if exceedsLimit(batch, end) {
        for host in batch where host != end.host { hosts[host]?.end() }
        stop(index, but: batch)
      } else if active(in: batch).isEmpty {
        stop(index, but: batch)
      }
    }
    tellActiveHosts(of: index)
  }

  /// The play's other batches don't run, and no play that comes after it.
  private mutating func stop(_ index: Int, but batch: [String]) {
    stoppedPlays.insert(index)
    let over = Set(batch)
    for host in plays[index].hosts where !over.contains(host) {
      hosts[host]?.endedPlays.insert(index)
    }
  }

  /// A task that one host runs for all fails for all.
  private func isFatal(_ end: StepEnd) -> Bool {
    if end.instance.runsOnce { return true }
    guard let fatal = end.instance.keywords.anyErrorsFatal else { return false }
    if let written = fatal.literalBool { return written }
    let scope = executor.variables.scope(
      for: end.host, at: end.instance, in: plays[end.instance.play])
    return (try? Optional(fatal).bool(in: scope)) ?? nil ?? true
  }

  private func exceedsLimit(_ batch: [String], _ end: StepEnd) -> Bool {
    let play = plays[end.instance.play]
    guard let written = play.play.maxFailPercentage else { return false }
    let scope = executor.variables.scope(for: end.host, at: end.instance, in: play)
    guard let limit = (try? Optional(written).number(in: scope)) ?? nil else { return true }
    let failed = batch.count - active(in: batch).count
    return Double(failed * 100) > limit * Double(batch.count)
  }
}

extension CompiledPlay {
  /// For headings.
  var summary: PlaySummary {
    PlaySummary(name: title, hosts: hosts, isInStep: play.strategy == "linear")
  }

  /// The tasks among its items.
  var instances: [TaskInstance] {
    items.compactMap { item in
      guard case .task(let instance) = item else { return nil }
      return instance
    }
  }
}

extension Outcome {
  var isFailure: Bool {
    switch self {
    case .failed, .unreachable: true
    case .satisfied, .changed, .skipped, .deferred: false
    }
  }

  /// Whether the task did its work, well or badly; not where it was skipped, deferred or lost.
  var isRun: Bool {
    switch self {
    case .satisfied, .changed, .failed: true
    case .skipped, .deferred, .unreachable: false
    }
  }
}
