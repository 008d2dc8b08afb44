internal import Execution
internal import Synchronization

/// The last lines of a terminal: what each busy host does, for how long, and how far the run is.
final class LiveStatus: Sendable {
  private struct State {
    var running: [String: (task: String, since: ContinuousClock.Instant)] = [:]
    var waiting: [String: String] = [:]
    var total = 0
    var done = 0
    var drawnLines = 0
    var isStopped = false
  }

  private static let shownHosts = 6

  private let state = Mutex(State())
  private let output: @Sendable (String) -> Void
  private let start = ContinuousClock().now
  private let ticker = Mutex<Task<Void, Never>?>(nil)

  init(write: @escaping @Sendable (String) -> Void) {
    output = write
    ticker.withLock { task in
      task = Task { [weak self] in
        while !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(250))
          guard let self else { return }
          self.draw()
        }
      }
    }
  }

  func update(_ event: RunEvent) {
    state.withLock { state in
      switch event {
      case .started(_, _, let steps): state.total = steps
      case .stepsAdded(let count): state.total += count
      case .stepStarted(_, _, let task, let host):
        state.running[host] = (task, ContinuousClock().now)
      case .waiting(_, let host, let reason): state.waiting[host] = reason
      case .stepEnded(let report):
        state.running[report.host] = nil
        state.waiting[report.host] = nil
        state.done += 1
      default: break
      }
    }
  }

  /// Writes text above the status lines.
  func write(above text: String) {
    state.withLock { state in
      output(Self.wiped(&state) + text)
    }
  }

  func stop() {
    ticker.withLock { $0?.cancel() }
    state.withLock { state in
      state.isStopped = true
      output(Self.wiped(&state))
    }
  }

  private func draw() {
    state.withLock { state in
      guard !state.isStopped else { return }
      let now = ContinuousClock().now
      var lines = ["\(state.done)/\(state.total) steps, \(TaskRenderer.seconds(now - start))"]
      let busy = state.running.sorted { $0.value.since < $1.value.since }
      for (host, entry) in busy.prefix(Self.shownHosts) {
        var line = "  \(host): \(entry.task) \(TaskRenderer.seconds(now - entry.since))"
        if let reason = state.waiting[host] { line += " - \(reason)" }
        lines.append(Style.harmless(String(line.prefix(100))))
      }
      if busy.count > Self.shownHosts {
        lines.append("  and \(busy.count - Self.shownHosts) more hosts")
      }
      let text = Self.wiped(&state) + lines.map { $0 + "\n" }.joined()
      state.drawnLines = lines.count
      output(text)
    }
  }

  /// Cursor up and erase (ECMA-48), for as many lines as were drawn.
  private static func wiped(_ state: inout State) -> String {
    defer { state.drawnLines = 0 }
    return String(repeating: "\u{1B}[1A\u{1B}[2K", count: state.drawnLines)
  }
}
