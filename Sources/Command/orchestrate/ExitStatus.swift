import ArgumentParser

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

  var exitCode: ExitCode { ExitCode(rawValue) }
}
