internal import Synchronization

/// Does something once when a time is over, unless it's cancelled before.
final class Deadline: Sendable {
  private struct State {
    var hasPassed = false
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let task = Mutex<Task<Void, Never>?>(nil)

  init(after duration: Duration, _ action: @escaping @Sendable () async -> Void) {
    let timer = Task {
      try? await Task.sleep(for: duration)
      let passes = self.state.withLock { state in
        if !state.isCancelled { state.hasPassed = true }
        return state.hasPassed
      }
      if passes { await action() }
    }
    task.withLock { $0 = timer }
  }

  /// Whether the time was over before `cancel`.
  var hasPassed: Bool { state.withLock { $0.hasPassed } }

  func cancel() {
    state.withLock { $0.isCancelled = true }
    let timer = task.withLock { task in
      defer { task = nil }
      return task
    }
    timer?.cancel()
  }
}
