import ArgumentParser
import Execution

/// What the program's end says to who called it.
enum ExitStatus: Int32 {
  /// A plan with nothing to change, or an apply without a failure.
  case success = 0
  /// A diagnostic, or a step that failed.
  case failure = 1
  /// A plan that would change something.
  case changesPending = 2
  /// A host that couldn't be reached, as `ansible-playbook` says it.
  case unreachable = 4
  /// Ended by SIGINT: 128 plus its number, as shells say it.
  case interrupted = 130

  /// What a run's end comes to.
  init(_ summary: RunSummary) {
    if summary.isInterrupted {
      self = .interrupted
    } else if summary.hasFailures {
      self = .failure
    } else if summary.hasUnreachable {
      self = .unreachable
    } else {
      self = summary.mode == .plan && summary.hasChangesPending ? .changesPending : .success
    }
  }

  var exitCode: ExitCode { ExitCode(rawValue) }
}
