internal import Graphs

extension Schedule {
  /// Puts a graph between a running node and what comes after it; the graph's first node stands for
  /// the running one.
  mutating func splice(_ added: Graph<Node>, after node: NodeID) {
    var edges: [(first: Int, then: Int)] = []
    for id in added.ids.dropFirst() {
      for first in added.predecessors(of: id) where first.index > 0 {
        edges.append((first.index - 1, id.index - 1))
      }
    }
    insert(Array(added.nodes.dropFirst()), edges: edges, after: node)
  }
}
