internal import Planning

/// A host's way through the run: the tasks ahead of it, in the playbook's order.
struct Route: Sendable {
  private var tasks: [TaskInstance] = []

  /// Adds tasks that stand in order among themselves.
  mutating func add(_ added: [TaskInstance]) {
    guard let first = added.first else { return }
    guard let last = tasks.last, !last.order.lexicographicallyPrecedes(first.order) else {
      tasks += added
      return
    }
    tasks.insert(contentsOf: added, at: index(of: first.order))
  }

  /// At most `count` tasks behind one.
  func ahead(of instance: TaskInstance, count: Int) -> ArraySlice<TaskInstance> {
    let start = index(of: instance.order)
    guard start < tasks.count else { return [] }
    let next = tasks[start].order == instance.order ? start + 1 : start
    return tasks[next..<min(tasks.count, next + count)]
  }

  /// The first place whose order isn't before `order`.
  private func index(of order: [Int]) -> Int {
    var low = 0
    var high = tasks.count
    while low < high {
      let middle = (low + high) / 2
      if tasks[middle].order.lexicographicallyPrecedes(order) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
