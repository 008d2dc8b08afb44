internal import Hosts
internal import Planning

/// Where a host stands in a run: what failed, which blocks it is in, what it may still do.
struct HostProgress: Sendable {
  private enum BlockStatus: Sendable {
    /// Its main section failed, and its rescue is on.
    case rescuing
    /// It failed for good; only `always` is left.
    case failed
  }

  /// Nil while a step of the host has it.
  var memory: HostMemory? = HostMemory()
  /// Touched by others while a step of the host was running.
  var touchedMeanwhile: [Subject] = []
  var recap = HostRecap()
  private(set) var isFailed = false
  private(set) var isUnreachable = false
  /// Plays that `meta: end_host` or `end_play` ended for it.
  var endedPlays: Set<Int> = []
  private var entered: Set<Int> = []
  private var blocks: [Int: BlockStatus] = [:]

  /// Whether a task at this place runs, by what has failed before it.
  ///
  /// From the outermost block inwards: a main section runs while its block is sound, a rescue after
  /// its block's failure, an `always` whenever the block was entered.
  mutating func passes(_ instance: TaskInstance, forcesHandlers: Bool) -> Bool {
    if isUnreachable || endedPlays.contains(instance.play) { return false }
    var isAllowed = !isFailed || (instance.isHandler && forcesHandlers)
    for part in instance.guards {
      if isAllowed { entered.insert(part.block) }
      let status = blocks[part.block]
      switch part.section {
      case .main: isAllowed = isAllowed && status == nil
      case .rescue:
        isAllowed = entered.contains(part.block) && status == .rescuing
      case .always: isAllowed = entered.contains(part.block)
      }
    }
    return isAllowed
  }

  /// Takes note of a failure at this place.
  ///
  /// - Returns: whether a block's rescue takes it up.
  mutating func fail(at instance: TaskInstance) -> Bool {
    for part in instance.guards.reversed() {
      if part.section == .main, part.hasRescue, blocks[part.block] == nil {
        blocks[part.block] = .rescuing
        return true
      }
      blocks[part.block] = .failed
    }
    isFailed = true
    return false
  }

  /// The host is out of the run.
  mutating func lose() { isUnreachable = true }

  /// Another host's failure ends it, too: `any_errors_fatal`.
  mutating func end() { isFailed = true }

  /// `meta: clear_host_errors`.
  mutating func clearErrors() {
    isFailed = false
    isUnreachable = false
  }

  /// Adds a step's end to the numbers.
  mutating func count(_ report: StepReport) {
    switch report.outcome {
    case .satisfied: recap.ok += 1
    case .changed:
      recap.ok += 1
      recap.changed += 1
    case .skipped: recap.skipped += 1
    case .deferred:
      recap.deferred += 1
      if report.canChange { recap.mayChange += 1 }
    case .unreachable: recap.unreachable += 1
    case .failed(_, let isIgnored, let isRescued):
      if isIgnored {
        recap.ok += 1
        recap.ignored += 1
      } else if isRescued {
        recap.rescued += 1
      } else {
        recap.failed += 1
      }
    }
  }
}
