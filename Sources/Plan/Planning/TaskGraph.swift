package import Graphs

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
