/// Why a host could not be asked or changed.
package struct HostError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// No connection: refused, timed out, name unknown, host key not trusted, login refused.
    case unreachable
    /// Became another user in vain: wrong or missing password, no right.
    case becomeFailed
    /// The connection was lost while something ran; it may or may not have been done.
    case connectionLost
    /// A command took longer than allowed and was ended.
    case timedOut
    /// The task that asked was cancelled; what ran was ended.
    case cancelled
    /// A question could not be answered, or its answer not be understood.
    case probeFailed
    /// An action ended with a failure.
    case actionFailed
  }

  package var kind: Kind
  package var message: String
  /// What to do about it; one sentence.
  package var help: String?
  /// The output that shows the failure, where a command ran.
  package var output: CommandOutput?

  package init(
    _ kind: Kind, _ message: String, help: String? = nil, output: CommandOutput? = nil
  ) {
    self.kind = kind
    self.message = message
    self.help = help
    self.output = output
  }
}
