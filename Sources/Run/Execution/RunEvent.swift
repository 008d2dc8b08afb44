package import Diagnostics

/// What happens in a run, in the order in which it happens.
package enum RunEvent: Sendable {
  /// - Parameter steps: the steps known so far; more may come in.
  case started(mode: RunMode, plays: [PlaySummary], steps: Int)
  /// With the hosts that it has by now.
  case playStarted(Int, PlaySummary)
  case playEnded(Int)
  case stepStarted(play: Int, order: [Int], task: String, host: String)
  /// The step waits for something: a state, a retry, a time.
  case waiting(task: String, host: String, reason: String)
  case stepEnded(StepReport)
  /// Steps came in by an include or a notification.
  case stepsAdded(Int)
  case connected(host: String, duration: Duration)
  case warning(Diagnostic)
  case ended(RunSummary)
}

/// A play, for headings.
package struct PlaySummary: Sendable {
  package var name: String
  package var hosts: [String]
  /// Whether hosts keep in step, so that a task's reports come together.
  package var isInStep: Bool

  package init(name: String, hosts: [String], isInStep: Bool = true) {
    self.name = name
    self.hosts = hosts
    self.isInStep = isInStep
  }
}

/// Whether a run only looks, or acts.
package enum RunMode: String, Sendable {
  case plan
  case apply
}

/// A host's numbers, as Ansible's recap has them.
package struct HostRecap: Sendable, Hashable {
  package var ok = 0
  package var changed = 0
  package var skipped = 0
  package var deferred = 0
  /// How many of the deferred steps may change something.
  package var mayChange = 0
  package var failed = 0
  package var ignored = 0
  package var rescued = 0
  package var unreachable = 0
  /// It failed for good, and no `meta: clear_host_errors` came after it.
  package var hasFailed = false
  /// It couldn't be reached, and no `meta: clear_host_errors` came after it.
  package var isLost = false
  /// Scripts that travelled to the host and back.
  package var roundTrips = 0

  package init() {}
}

/// The end of a run.
package struct RunSummary: Sendable {
  package var mode: RunMode
  /// In the inventory's order.
  package var hosts: [(name: String, recap: HostRecap)]
  package var duration: Duration
  /// Ended by a signal before all was done.
  package var isInterrupted: Bool
  /// Handlers that were notified on a host but didn't run, because the host failed first.
  package var lostHandlers: [(host: String, handler: String)]

  package init(
    mode: RunMode, hosts: [(name: String, recap: HostRecap)], duration: Duration,
    isInterrupted: Bool, lostHandlers: [(host: String, handler: String)]
  ) {
    self.mode = mode
    self.hosts = hosts
    self.duration = duration
    self.isInterrupted = isInterrupted
    self.lostHandlers = lostHandlers
  }

  package var changed: Int { hosts.reduce(0) { $0 + $1.recap.changed } }
  package var deferred: Int { hosts.reduce(0) { $0 + $1.recap.deferred } }
  /// Whether an apply would change something, or may.
  package var hasChangesPending: Bool {
    hosts.contains { $0.recap.changed > 0 || $0.recap.mayChange > 0 }
  }
  package var hasFailures: Bool { hosts.contains { $0.recap.hasFailed } }
  package var hasUnreachable: Bool { hosts.contains { $0.recap.isLost } }
}

/// Receives a run's events, one after another.
package protocol Reporter: Sendable {
  func receive(_ event: RunEvent) async
}
