/// A directed graph that knows nothing of its nodes: which come after which, and in what order
/// they were written.
///
/// An edge leads from what comes first to what comes after it. Edges are kept once.
package struct Graph<Node> {
  private struct Edge: Hashable {
    var first: Int
    var then: Int
  }

  /// All nodes, by index.
  package private(set) var nodes: [Node] = []
  private var next: [[NodeID]] = []
  private var previous: [[NodeID]] = []
  private var edges: Set<Edge> = []
  private var positions: [GraphPosition] = []
  private var lastMajor = -1
  /// How many nodes were inserted right behind a node so far.
  private var insertions: [NodeID: Int] = [:]

  package init() {}

  package var count: Int { nodes.count }

  package var edgeCount: Int { edges.count }

  /// All nodes' names, by index.
  package var ids: [NodeID] { nodes.indices.map { NodeID($0) } }

  package subscript(id: NodeID) -> Node {
    get { nodes[id.index] }
    set { nodes[id.index] = newValue }
  }

  /// What comes right after a node, in the order in which it was said.
  package func successors(of id: NodeID) -> [NodeID] { next[id.index] }

  /// What a node comes right after.
  package func predecessors(of id: NodeID) -> [NodeID] { previous[id.index] }

  /// Where a node stands in the order of writing.
  package func position(of id: NodeID) -> GraphPosition { positions[id.index] }

  /// Adds a node at the end of the order.
  @discardableResult
  package mutating func add(_ node: Node) -> NodeID {
    lastMajor += 1
    return append(node, at: GraphPosition(major: lastMajor))
  }

  /// Adds a node that stands right behind `place`, and behind what was inserted there before.
  @discardableResult
  package mutating func insert(_ node: Node, behind place: NodeID) -> NodeID {
    let number = insertions[place, default: 0]
    insertions[place] = number + 1
    var position = positions[place.index]
    position.minor.append(number)
    return append(node, at: position)
  }

  private mutating func append(_ node: Node, at position: GraphPosition) -> NodeID {
    nodes.append(node)
    next.append([])
    previous.append([])
    positions.append(position)
    return NodeID(nodes.count - 1)
  }

  /// Says that a node comes after another; false where that was said before.
  @discardableResult
  package mutating func require(_ id: NodeID, after first: NodeID) -> Bool {
    guard edges.insert(Edge(first: first.index, then: id.index)).inserted else { return false }
    next[first.index].append(id)
    previous[id.index].append(first)
    return true
  }

  /// Whether a node comes right after another.
  package func requires(_ id: NodeID, after first: NodeID) -> Bool {
    edges.contains(Edge(first: first.index, then: id.index))
  }

  /// Adds a node between two sets of them: n + m edges say what n × m would.
  @discardableResult
  package mutating func addBarrier(
    _ node: Node, after first: [NodeID], before then: [NodeID] = []
  ) -> NodeID {
    let barrier = add(node)
    for id in first { require(barrier, after: id) }
    for id in then { require(id, after: barrier) }
    return barrier
  }
}

extension Graph: Sendable where Node: Sendable {}
