internal import Diagnostics
internal import Synchronization

/// What evaluating said that doesn't stop the work: told once for each place in a run.
final class StepWarnings: Sendable {
  private let places = Mutex<Set<String>>([])
  private let pending = Mutex<[Diagnostic]>([])

  /// Notes a warning, unless one about the same place has been noted before.
  func note(_ warning: Diagnostic) {
    let place = warning.range.map { "\($0)" } ?? warning.message
    guard places.withLock({ $0.insert(place).inserted }) else { return }
    pending.withLock { $0.append(warning) }
  }

  /// What nobody has been told yet.
  func take() -> [Diagnostic] {
    pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
  }
}
