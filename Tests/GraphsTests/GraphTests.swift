import Graphs
import Testing

@Suite struct GraphTests {
  /// install → configure → start, and fetch → start.
  private var sample: Graph<String> {
    var graph = Graph<String>()
    let install = graph.add("install")
    let configure = graph.add("configure \"x\"")
    let fetch = graph.add("fetch <y>")
    let start = graph.add("start")
    graph.require(configure, after: install)
    graph.require(start, after: fetch)
    graph.require(start, after: configure)
    return graph
  }

  @Test func printsWhatComesAfterWhat() {
    #expect(
      sample.description == """
        install
        configure "x" ← install
        fetch <y>
        start ← configure "x", fetch <y>

        """)
  }

  @Test func drawsForGraphviz() {
    #expect(
      sample.dot(name: "site.yml") { $0 } == #"""
        digraph "site.yml" {
          rankdir=LR
          node [shape=box]
          n0 [label="install"]
          n1 [label="configure \"x\""]
          n2 [label="fetch <y>"]
          n3 [label="start"]
          n0 -> n1
          n1 -> n3
          n2 -> n3
        }

        """#)
  }

  @Test func drawsForMermaid() {
    #expect(
      sample.mermaid { $0 } == """
        flowchart LR
          n0["install"]
          n1["configure &quot;x&quot;"]
          n2["fetch &lt;y&gt;"]
          n3["start"]
          n0 --> n1
          n1 --> n3
          n2 --> n3

        """)
  }

  @Test func theOrderIsStable() {
    var graph = Graph<Int>()
    let ids = (0..<6).map { graph.add($0) }
    graph.require(ids[0], after: ids[5])
    graph.require(ids[1], after: ids[4])
    #expect(graph.ordered()?.map { graph[$0] } == [2, 3, 4, 1, 5, 0])
  }

  @Test func theCriticalPathIsTheLongestChain() {
    let graph = sample
    let seconds = [2.0, 3, 4, 1]
    let path = graph.criticalPath { .seconds(seconds[$0.index]) }
    #expect(path?.nodes.map { graph[$0] } == ["install", "configure \"x\"", "start"])
    #expect(path?.duration == .seconds(6))
    let other = graph.criticalPath { .seconds($0.index == 2 ? 9 : 1) }
    #expect(other?.nodes.map { graph[$0] } == ["fetch <y>", "start"])
    #expect(Graph<String>().criticalPath { _ in .zero }?.nodes == [])
  }

  @Test func anEdgeCountsOnce() {
    var graph = Graph<String>()
    let (a, b) = (graph.add("a"), graph.add("b"))
    let isNew = graph.require(b, after: a)
    let isNewAgain = graph.require(b, after: a)
    #expect(isNew && !isNewAgain)
    #expect(graph.edgeCount == 1 && graph.requires(b, after: a) && !graph.requires(a, after: b))
  }

  /// A step of `hosts` nodes in front of each barrier: edges grow with the nodes, not their square.
  private func steps(_ count: Int, hosts: Int) -> Graph<Int> {
    var graph = Graph<Int>()
    var barrier: NodeID?
    for step in 0..<count {
      let ids = (0..<hosts).map { _ in graph.add(step) }
      if let barrier { for id in ids { graph.require(id, after: barrier) } }
      barrier = graph.addBarrier(-1, after: ids)
    }
    return graph
  }

  @Test func barriersKeepEdgesFew() {
    let graph = steps(10, hosts: 100)
    #expect(graph.count == 1_010)
    #expect(graph.edgeCount == 10 * 100 + 9 * 100)
  }

  /// The work, counted, not timed: each node comes once, each edge is followed once.
  @Test(.timeLimit(.minutes(1))) func hundredThousandNodesAreWalked() {
    let graph = steps(100, hosts: 1_000)
    var schedule = Schedule(graph)
    var order: [Int] = []
    while let id = schedule.next() {
      order.append(graph[id])
      schedule.finish(id)
    }
    #expect(order.count == 100_100 && schedule.isDone)
    let steps = order.filter { $0 >= 0 }
    #expect(steps == steps.sorted())
    #expect(graph.firstCycle() == nil)
    #expect(graph.ordered()?.count == graph.count)
  }

  @Test(.timeLimit(.minutes(1))) func aLongChainNeedsNoDeepStack() {
    var graph = Graph<Int>()
    var last = graph.add(0)
    for number in 1..<100_000 {
      let id = graph.add(number)
      graph.require(id, after: last)
      last = id
    }
    #expect(graph.firstCycle() == nil)
    graph.require(NodeID(0), after: last)
    #expect(graph.firstCycle()?.nodes.count == 100_000)
  }
}
