/// The chain of nodes that decides how long a walk takes.
package struct CriticalPath: Hashable, Sendable {
  package var nodes: [NodeID]
  package var duration: Duration
}

extension Graph {
  /// The chain with the longest sum of measured durations; nil where there is a cycle.
  ///
  /// Of chains that take equally long it is the one written first.
  package func criticalPath(_ duration: (NodeID) -> Duration) -> CriticalPath? {
    guard let order = ordered() else { return nil }
    var total = [Duration](repeating: .zero, count: count)
    var before = [NodeID?](repeating: nil, count: count)
    for id in order {
      var longest: Duration?
      for first in predecessors(of: id) where total[first.index] > longest ?? .seconds(-1) {
        longest = total[first.index]
        before[id.index] = first
      }
      total[id.index] = (longest ?? .zero) + duration(id)
    }
    var last: NodeID?
    for id in order where last.map({ total[id.index] > total[$0.index] }) ?? true { last = id }
    var path: [NodeID] = []
    let sum = last.map { total[$0.index] } ?? .zero
    while let id = last {
      path.append(id)
      last = before[id.index]
    }
    return CriticalPath(nodes: path.reversed(), duration: sum)
  }
}
