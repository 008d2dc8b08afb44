internal import Diagnostics
package import Graphs
internal import Playbooks

/// A playbook compiled for an inventory: plays with their hosts, and the steps' order.
package struct TaskGraph: Sendable {
  package var plays: [CompiledPlay]
  package var graph: Graph<Step>

  /// Steps that were known before the run, without barriers.
  package var taskCount: Int {
    graph.nodes.reduce(0) { count, step in
      switch step {
      case .task, .once: count + 1
      default: count
      }
    }
  }
}

extension TaskGraph {
  /// The plays' order, by their names: `needs` where a play has them, else after all above it.
  package var playGraph: Graph<String> {
    var graph = Graph<String>()
    var ids: [NodeID] = []
    var named: [String: NodeID] = [:]
    for play in plays {
      let node = graph.add("\(play.title) (\(play.hosts.count) hosts)")
      let first = play.play.needs.map { $0.compactMap { named[$0.content] } } ?? ids
      for id in first { graph.require(node, after: id) }
      ids.append(node)
      if let id = play.play.id { named[id] = node }
    }
    return graph
  }
}

extension CompiledPlay {
  /// The play's name, or its hosts as written.
  package var title: String {
    play.name ?? play.hosts.literalString ?? hosts.joined(separator: ", ")
  }
}
