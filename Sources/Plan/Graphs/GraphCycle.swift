/// Nodes of which each requires the one before it, and the first the last.
package struct GraphCycle: Hashable, Sendable {
  package var nodes: [NodeID]

  /// The way round, the first node again at its end: `a → b → a`.
  package func description(_ label: (NodeID) -> String) -> String {
    (nodes + nodes.prefix(1)).map(label).joined(separator: " → ")
  }
}

/// How far a search has come with a node.
private enum Mark { case new, open, done }

extension Graph {
  /// One cycle, beginning with its node that was written first; nil where there is none.
  package func firstCycle() -> GraphCycle? {
    var marks = [Mark](repeating: .new, count: count)
    // The way by hand, not by recursion: a chain may be as long as the graph.
    var way: [(id: NodeID, visited: Int)] = []
    for start in written where marks[start.index] == .new {
      way = [(start, 0)]
      marks[start.index] = .open
      while let (id, visited) = way.last {
        let onward = successors(of: id)
        guard visited < onward.count else {
          marks[id.index] = .done
          way.removeLast()
          continue
        }
        way[way.count - 1].visited += 1
        let following = onward[visited]
        switch marks[following.index] {
        case .done: break
        case .new:
          marks[following.index] = .open
          way.append((following, 0))
        case .open:
          let begin = way.lastIndex { $0.id == following } ?? 0
          return GraphCycle(nodes: rotated(way[begin...].map(\.id)))
        }
      }
    }
    return nil
  }

  private func rotated(_ cycle: [NodeID]) -> [NodeID] {
    let least = cycle.indices.min { position(of: cycle[$0]) < position(of: cycle[$1]) } ?? 0
    return Array(cycle[least...] + cycle[..<least])
  }
}
