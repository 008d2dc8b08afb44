/// How a step ended; in a plan, how it would.
package enum Outcome: Sendable, Hashable {
  /// All was as it should be.
  case satisfied
  /// In an apply, it changed something; in a plan, it would.
  case changed
  /// A condition was false, or there was nothing to loop over.
  case skipped(reason: String)
  /// Plan only: decided when `origin` has run.
  case deferred(origin: String)
  /// It failed; `isIgnored` by `ignore_errors`, or rescued by its block.
  case failed(message: String, isIgnored: Bool, isRescued: Bool)
  /// The host can't be reached, or not acted on as the wanted user.
  case unreachable(message: String)

  /// The word that JSON and recaps use.
  package var name: String {
    switch self {
    case .satisfied: "ok"
    case .changed: "changed"
    case .skipped: "skipped"
    case .deferred: "deferred"
    case .failed(_, let isIgnored, let isRescued):
      isIgnored ? "ignored" : isRescued ? "rescued" : "failed"
    case .unreachable: "unreachable"
    }
  }
}
