/// Nodes that may begin, the first in the graph's order on top: a binary heap.
struct ReadyQueue: Sendable {
  private struct Entry: Sendable {
    var position: GraphPosition
    var id: NodeID
  }

  private var heap: [Entry] = []

  var isEmpty: Bool { heap.isEmpty }

  /// All of them, in order.
  var ordered: [NodeID] { heap.sorted { $0.position < $1.position }.map(\.id) }

  mutating func push(_ id: NodeID, at position: GraphPosition) {
    heap.append(Entry(position: position, id: id))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent].position < heap[child].position { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  mutating func pop() -> NodeID? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return top.id }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child].position < heap[least].position { least = child }
      }
      if least == parent { return top.id }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
