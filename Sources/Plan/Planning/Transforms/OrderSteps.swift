internal import Diagnostics
internal import Graphs
internal import Playbooks

/// Makes a list of a play's items steps of its hosts, in the order that the strategy demands.
struct StepSequence {
  var graph: Graph<Step>
  let play: Int
  let strategy: String

  /// Adds the items for hosts behind a node, and answers with the node that closes them.
  mutating func add(_ items: [PlayItem], for hosts: [String], after start: NodeID) -> NodeID {
    strategy == "linear"
      ? addInStep(items, for: hosts, after: start) : addFreely(items, for: hosts, after: start)
  }

  /// Hosts keep in step: a task begins when all hosts have passed the one before. A barrier between
  /// two tasks takes one edge a host instead of one a pair of hosts.
  private mutating func addInStep(
    _ items: [PlayItem], for hosts: [String], after start: NodeID
  ) -> NodeID {
    var last = start
    for item in items {
      switch item {
      case .flush(let order, let first):
        let node = graph.add(.flush(play: play, hosts: hosts, order: order, from: first))
        graph.require(node, after: last)
        last = node
      case .task(let instance):
        let nodes = insert(instance, for: hosts)
        for node in nodes { graph.require(node, after: last) }
        throttle(nodes, instance)
        let barrier = graph.add(.barrier(instance))
        for node in nodes { graph.require(barrier, after: node) }
        if nodes.isEmpty { graph.require(barrier, after: last) }
        last = barrier
      }
    }
    return last
  }

  /// Each host goes its own way; tasks that one runs for all, and `needs`, join them.
  private mutating func addFreely(
    _ items: [PlayItem], for hosts: [String], after start: NodeID
  ) -> NodeID {
    var last = [NodeID](repeating: start, count: hosts.count)
    var named: [String: [NodeID]] = [:]
    for item in items {
      switch item {
      case .flush(let order, let first):
        for (index, host) in hosts.enumerated() {
          let node = graph.add(.flush(play: play, hosts: [host], order: order, from: first))
          graph.require(node, after: last[index])
          last[index] = node
        }
      case .task(let instance):
        let nodes = insert(instance, for: hosts)
        for (index, previous) in last.enumerated() {
          graph.require(nodes.count == 1 ? nodes[0] : nodes[index], after: previous)
        }
        for needed in instance.definition.needs ?? [] {
          for other in named[needed.content] ?? [] {
            for node in nodes { graph.require(node, after: other) }
          }
        }
        throttle(nodes, instance)
        if let id = instance.definition.id { named[id] = nodes }
        last = nodes.count == 1 ? last.map { _ in nodes[0] } : nodes
      }
    }
    let end = graph.add(.flush(play: play, hosts: [], order: []))
    for node in last { graph.require(end, after: node) }
    return end
  }

  private mutating func insert(_ instance: TaskInstance, for hosts: [String]) -> [NodeID] {
    if instance.runsOnce, !hosts.isEmpty {
      return [graph.add(.once(instance, hosts: hosts))]
    }
    return hosts.map { graph.add(.task(instance, host: $0)) }
  }

  /// At most so many hosts at a time: the one that is so many places on waits.
  private mutating func throttle(_ nodes: [NodeID], _ instance: TaskInstance) {
    guard let limit = instance.keywords.throttle?.literalInt, limit > 0 else { return }
    for index in nodes.indices.dropFirst(limit) {
      graph.require(nodes[index], after: nodes[index - limit])
    }
  }
}
