internal import Synchronization

/// Numbers the blocks of a run.
package final class BlockCounter: Sendable {
  private let count = Mutex(0)

  package init() {}

  package func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
