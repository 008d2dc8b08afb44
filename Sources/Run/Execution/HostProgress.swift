internal import Hosts
internal import Planning

/// Where a host stands in a run: what failed, which blocks it is in, what it may still do.
struct HostProgress: Sendable {
  private struct RoleKey: Hashable {
    var play: Int
    var identity: String
  }

  private enum BlockStatus: Sendable {
    /// Its main section failed, and its rescue is on.
    case rescuing
    /// It failed for good; only `always` is left.
    case failed
  }

  /// Nil while a step of the host has it.
  var memory: HostMemory? = HostMemory()
  /// Whether it has gathered facts, and nobody cleared them since.
  var hasGathered = false
  /// Touched by others while a step of the host was running.
  var touchedMeanwhile: [Subject] = []
  var recap = HostRecap()
  private(set) var isFailed = false
  private(set) var isUnreachable = false
  /// Plays that `meta: end_host` or `end_play` ended for it.
  var endedPlays: Set<Int> = []
  private var entered: Set<Int> = []
  /// Which use of a role was the first to run a task, by play and role.
  private var ranRoles: [RoleKey: Int] = [:]
  /// Blocks whose `always` has failed: the rest of it doesn't run.
  private var brokenOff: Set<Int> = []
  /// Uses of roles that `meta: end_role` ended.
  private var endedPasses: Set<Int> = []
  private var blocks: [Int: BlockStatus] = [:]

  /// Whether a task at this place runs, by what has failed before it.
  ///
  /// From the outermost block inwards: a main section runs while its block is sound, a rescue after
  /// its block's failure, an `always` whenever the block was entered.
  mutating func passes(_ instance: TaskInstance, forcesHandlers: Bool) -> Bool {
    if isUnreachable || endedPlays.contains(instance.play) { return false }
    for pass in instance.passes {
      if endedPasses.contains(pass.number) { return false }
      let first = ranRoles[RoleKey(play: instance.play, identity: pass.identity)]
      if pass.isSkippable, let first, first != pass.number { return false }
    }
    var isAllowed = !isFailed || (instance.isHandler && forcesHandlers)
    for part in instance.guards {
      if isAllowed { entered.insert(part.block) }
      let status = blocks[part.block]
      switch part.section {
      case .main: isAllowed = isAllowed && status == nil
      case .rescue:
        isAllowed = entered.contains(part.block) && status == .rescuing
      case .always:
        isAllowed = entered.contains(part.block) && !brokenOff.contains(part.block)
      }
    }
    return isAllowed
  }

  /// Takes note that a task ran: other uses of its roles are over, where they aren't to run twice.
  mutating func noteRun(_ instance: TaskInstance) {
    for pass in instance.passes {
      let key = RoleKey(play: instance.play, identity: pass.identity)
      if ranRoles[key] == nil { ranRoles[key] = pass.number }
    }
  }

  /// `meta: end_role`: what is left of the innermost role's use is passed over.
  mutating func endRole(at instance: TaskInstance) {
    guard let role = instance.passes.last?.identity else { return }
    for pass in instance.passes.reversed().prefix(while: { $0.identity == role }) {
      endedPasses.insert(pass.number)
    }
  }

  /// Whether it goes on in a play.
  func isIn(_ play: Int) -> Bool { !isFailed && !isUnreachable && !endedPlays.contains(play) }

  /// Takes note of a failure at this place.
  ///
  /// - Returns: whether a block's rescue takes it up.
  mutating func fail(at instance: TaskInstance) -> Bool {
    for part in instance.guards.reversed() {
      if part.section == .main, part.hasRescue, blocks[part.block] == nil {
        blocks[part.block] = .rescuing
        return true
      }
      if part.section == .always { brokenOff.insert(part.block) }
      blocks[part.block] = .failed
    }
    isFailed = true
    return false
  }

  /// The host is out of the run.
  mutating func lose() { isUnreachable = true }

  /// Another host's failures end it, too: `max_fail_percentage`.
  mutating func end() { isFailed = true }

  /// `meta: clear_host_errors`: it takes part again from the next play on.
  mutating func clearErrors(in play: Int) {
    guard isFailed || isUnreachable else { return }
    endedPlays.insert(play)
    isFailed = false
    isUnreachable = false
    recap.hasFailed = false
    recap.isLost = false
  }

  /// Adds a step's end to the numbers.
  ///
  /// - Parameter isChanged: whether a failure changed something first.
  mutating func count(_ report: StepReport, isChanged: Bool = false) {
    // As in Ansible, orders to the run itself don't count, unless they fail.
    if report.module == "meta", !report.outcome.isFailure { return }
    switch report.outcome {
    case .satisfied: recap.ok += 1
    case .changed:
      recap.ok += 1
      recap.changed += 1
    case .skipped: recap.skipped += 1
    case .deferred:
      recap.deferred += 1
      if report.canChange { recap.mayChange += 1 }
    case .unreachable:
      recap.unreachable += 1
      recap.isLost = true
    case .failed(_, let isIgnored, let isRescued):
      if isIgnored {
        recap.ok += 1
        recap.ignored += 1
        if isChanged { recap.changed += 1 }
      } else if isRescued {
        recap.rescued += 1
      } else {
        recap.failed += 1
        recap.hasFailed = true
      }
    }
  }
}
