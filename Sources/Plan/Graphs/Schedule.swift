/// A walk over a graph as a value: what may begin, what runs, what is done. It runs nothing.
///
/// The walk takes a node with `next()` and gives it back with `finish(_:)`. Nodes come in the
/// graph's order among those that may begin.
package struct Schedule<Node> {
  /// Where a node is in its life.
  package enum State: Hashable, Sendable {
    /// Something that it requires isn't finished.
    case waiting
    /// May begin.
    case ready
    /// Taken, and not given back.
    case running
    case finished
  }

  /// The graph as it is by now: includes add to it.
  package private(set) var graph: Graph<Node>
  private var states: [State]
  /// How many of a node's predecessors aren't finished.
  private var missing: [Int]
  private var ready = ReadyQueue()
  package private(set) var finishedCount = 0
  package private(set) var runningCount = 0

  package init(_ graph: Graph<Node>) {
    self.graph = graph
    states = Array(repeating: .waiting, count: graph.count)
    missing = graph.ids.map { graph.predecessors(of: $0).count }
    for id in graph.ids where missing[id.index] == 0 { makeReady(id) }
  }

  /// Whether every node is finished.
  package var isDone: Bool { finishedCount == graph.count }

  /// Whether nothing runs and nothing can begin, though not all is done: there is a cycle.
  package var isStuck: Bool { !isDone && runningCount == 0 && ready.isEmpty }

  /// What isn't finished, in the graph's order.
  package var pending: [NodeID] { graph.written.filter { states[$0.index] != .finished } }

  package func state(of id: NodeID) -> State { states[id.index] }

  /// Takes the first node that may begin; nil where none may, for now or for good.
  package mutating func next() -> NodeID? {
    guard let id = ready.pop() else { return nil }
    states[id.index] = .running
    runningCount += 1
    return id
  }

  /// Gives back a node: what waited for it alone may begin.
  package mutating func finish(_ id: NodeID) {
    precondition(states[id.index] == .running, "only what runs can finish")
    states[id.index] = .finished
    runningCount -= 1
    finishedCount += 1
    for successor in graph.successors(of: id) {
      missing[successor.index] -= 1
      if missing[successor.index] == 0 { makeReady(successor) }
    }
  }

  private mutating func makeReady(_ id: NodeID) {
    states[id.index] = .ready
    ready.push(id, at: graph.position(of: id))
  }
}

extension Schedule: Sendable where Node: Sendable {}

// MARK: Nodes that come during the walk

extension Schedule {
  /// Inserts nodes between a running node and what comes after it: what an include brings in.
  ///
  /// `edges` are pairs of indices into `nodes`, the first coming first. Nodes that nothing of
  /// these comes before follow `id`; those that nothing of these comes after precede `then`,
  /// which is all that comes after `id`, but what was inserted behind it before, where it isn't
  /// given. In the graph's order they stand behind `place`, or behind `id`.
  @discardableResult
  package mutating func insert(
    _ nodes: [Node], edges: [(first: Int, then: Int)], after id: NodeID,
    before then: [NodeID]? = nil, behind place: NodeID? = nil
  ) -> [NodeID] {
    precondition(states[id.index] == .running, "only what runs can bring in more")
    let own = graph.position(of: id)
    let followers =
      then ?? graph.successors(of: id).filter { !graph.position(of: $0).isBehind(own) }
    let new = nodes.map { node in
      missing.append(0)
      states.append(.waiting)
      return graph.insert(node, behind: place ?? id)
    }
    var hasFirst = [Bool](repeating: false, count: new.count)
    var hasThen = hasFirst
    for edge in edges {
      require(new[edge.then], after: new[edge.first])
      hasFirst[edge.then] = true
      hasThen[edge.first] = true
    }
    for (number, node) in new.enumerated() {
      if !hasFirst[number] { require(node, after: id) }
      if !hasThen[number] { for follower in followers { require(follower, after: node) } }
    }
    return new
  }

  /// Inserts nodes one after the other between a running node and what comes after it.
  @discardableResult
  package mutating func insert(
    chain nodes: [Node], after id: NodeID, before then: [NodeID]? = nil,
    behind place: NodeID? = nil
  ) -> [NodeID] {
    let edges = nodes.indices.dropFirst().map { (first: $0 - 1, then: $0) }
    return insert(nodes, edges: edges, after: id, before: then, behind: place)
  }

  /// Says during the walk that a node comes after another; it must not have begun.
  package mutating func require(_ id: NodeID, after first: NodeID) {
    precondition(states[id.index] == .waiting, "what has begun can't be made to wait")
    guard graph.require(id, after: first), states[first.index] != .finished else { return }
    missing[id.index] += 1
  }

  /// Replaces what a node holds.
  package mutating func update(_ id: NodeID, to node: Node) { graph[id] = node }
}
