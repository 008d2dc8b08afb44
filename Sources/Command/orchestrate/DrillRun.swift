import Hosts
import Inspection
import Layouts

/// One drill from the failure to a healthy cluster, with a probe beside it all the time.
struct DrillRun: Sendable {
  let session: ClusterSession
  let drill: Drill
  let probe: OutageProbe
  /// Seconds for which the failure lasts.
  let hold: Int
  private let timeline = DrillTimeline()

  /// Seconds that the cluster has, after the way back, to be healthy again.
  private static let patience = 180

  init(_ session: ClusterSession, _ drill: Drill, _ probe: OutageProbe, hold: Int) {
    self.session = session
    self.drill = drill
    self.probe = probe
    self.hold = hold
  }

  /// Fails, and comes back whatever happens: where the task is cancelled, at once; where this program
  /// is killed, the host comes back by itself.
  func run() async throws(HostError) -> DrillReport {
    let timeout = hold + Self.patience
    let armed = try await session.run(
      drill.arming(seconds: timeout), on: drill.host, timeout: .seconds(30))
    guard armed.status == 0 else {
      throw HostError(
        .actionFailed, "\(drill.host): can't arm the way back: \(armed.errorText)",
        help: "a drill needs systemd-run on the host")
    }
    let probe = probe
    let probing = Task { () async -> Result<[ProbeSample], HostError> in
      do throws(HostError) { return .success(try await probe.run(limit: timeout + 60)) } catch {
        return .failure(error)
      }
    }
    let watching = Task { await watchHolders() }
    let failure = await fail()
    // Not a child: it has to happen where we are cancelled, too.
    let isRestored = await Task { await restore() }.value
    let health = failure == nil && isRestored ? await settle() : nil
    watching.cancel()
    await Task { await probe.stop() }.value
    let samples = await probing.value
    await watching.value
    if var failure {
      failure.help =
        isRestored
        ? "\(drill.host) is restored" : "\(drill.host) restores itself within \(timeout) s"
      throw failure
    }
    return DrillReport(
      drill: drill, samples: try samples.get(), events: timeline.events,
      began: timeline.events.first { $0.text == drill.summary }?.time ?? DrillClock.now,
      isRestored: isRestored, health: health)
  }

  /// Makes the failure and lets it last; says what went wrong with that.
  private func fail() async -> HostError? {
    do throws(HostError) {
      try await pause(seconds: 2)
      timeline.add(drill.summary)
      let output = try await session.run(drill.fault, on: drill.host, timeout: .seconds(60))
      if output.status != 0 {
        throw HostError(.actionFailed, "\(drill.host): \(output.errorText)", output: output)
      }
      try await pause(seconds: hold)
      return nil
    } catch {
      return error
    }
  }

  /// Goes the way back until it has succeeded.
  private func restore() async -> Bool {
    let end = DrillClock.now + (hold + Self.patience) * 1000
    while DrillClock.now < end {
      if let output = try? await session.run(
        drill.wayBack, on: drill.host, timeout: .seconds(30)), output.status == 0
      {
        timeline.add("restored")
        return true
      }
      await session.forget(drill.host)
      try? await Task.sleep(for: .seconds(1))
    }
    return false
  }

  /// Looks until all is well, and a little longer, so that the probe sees the last moves.
  ///
  /// One host after another: looking at all of them together keeps a small machine so busy that
  /// the probe measures the looking.
  private func settle() async -> ClusterHealth {
    let end = DrillClock.now + Self.patience * 1000
    var health = await session.inspect(atOnce: 1)
    while !health.isHealthy, DrillClock.now < end, !Task.isCancelled {
      for name in health.unreachable.keys { await session.forget(name) }
      try? await Task.sleep(for: .seconds(1))
      health = await session.inspect(atOnce: 1)
    }
    if health.isHealthy { timeline.add("all well") }
    try? await Task.sleep(for: .seconds(3))
    return health
  }

  /// Notes who gets the address, and who loses it.
  private func watchHolders() async {
    let layout = session.layout
    guard let address = layout.virtualAddress else { return }
    await withTaskGroup(of: Void.self) { group in
      for host in layout.keepers {
        group.addTask {
          var held: Bool?
          while !Task.isCancelled {
            let probe = HostInspection(of: host, in: layout).holderProbe
            if let seen = try? await session.ask(probe, of: host.name) {
              let holds = seen.holds(address)
              if let held, held != holds {
                timeline.add("\(host.name) \(holds ? "holds the address" : "gave it up")")
              }
              held = holds
            }
            try? await Task.sleep(for: .milliseconds(200))
          }
        }
      }
    }
  }

  private func pause(seconds: Int) async throws(HostError) {
    do { try await Task.sleep(for: .seconds(seconds)) } catch {
      throw HostError(.cancelled, "interrupted")
    }
  }
}
