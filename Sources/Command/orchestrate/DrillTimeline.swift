import Glibc
import Synchronization

/// This machine's clock, in milliseconds since 1970: the one that a probe's `date` reads, too.
enum DrillClock {
  static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}

/// What happened in a drill, and when.
final class DrillTimeline: Sendable {
  struct Event: Hashable, Sendable {
    /// Milliseconds since 1970.
    var time: Int
    var text: String
  }

  private let all = Mutex<[Event]>([])

  func add(_ text: String, at time: Int = DrillClock.now) {
    all.withLock { $0.append(Event(time: time, text: text)) }
  }

  /// In the order of time.
  var events: [Event] { all.withLock { $0 }.sorted { $0.time < $1.time } }
}
