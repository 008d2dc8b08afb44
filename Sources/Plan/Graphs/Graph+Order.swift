extension Graph {
  /// All nodes so that each comes after what it requires; among those that could come next, the
  /// first in the order of writing. Nil where there is a cycle.
  package func ordered() -> [NodeID]? {
    var waiting = ids.map { predecessors(of: $0).count }
    var ready = ReadyQueue()
    for id in ids where waiting[id.index] == 0 { ready.push(id, at: position(of: id)) }
    var order: [NodeID] = []
    order.reserveCapacity(count)
    while let id = ready.pop() {
      order.append(id)
      for successor in successors(of: id) {
        waiting[successor.index] -= 1
        if waiting[successor.index] == 0 { ready.push(successor, at: position(of: successor)) }
      }
    }
    return order.count == count ? order : nil
  }

  /// All nodes in the order of writing, whatever they require.
  package var written: [NodeID] { ids.sorted { position(of: $0) < position(of: $1) } }
}
