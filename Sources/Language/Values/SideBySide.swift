internal import Dispatch
internal import Synchronization

/// Work on large collections, done on all processors at once.
package enum SideBySide {
  /// More parts than processors, since parts of the same size needn't take equally long.
  private static let parts = 16

  /// What comes of the parts of `0..<count`, in their order.
  ///
  /// - Parameter size: how many elements a part has at least, for the work to be worth it.
  package static func map<Result: Sendable>(
    _ count: Int, inPartsOf size: Int, _ work: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let size = max(size, (count + parts - 1) / parts)
    let ranges = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    if ranges.count < 2 { return ranges.map(work) }
    let results = Mutex([Result?](repeating: nil, count: ranges.count))
    DispatchQueue.concurrentPerform(iterations: ranges.count) { part in
      let result = work(ranges[part])
      results.withLock { $0[part] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
