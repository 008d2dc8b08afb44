import Graphs
import Testing

@Suite struct ScheduleTests {
  /// Takes a node and compares it.
  private func expectNext(
    _ id: NodeID?, in schedule: inout Schedule<String>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let taken = schedule.next()
    #expect(taken == id, sourceLocation: sourceLocation)
  }

  /// Takes and finishes one node after the other, and compares their names.
  private func expectWalk(
    _ expected: [String], in schedule: inout Schedule<String>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var names: [String] = []
    while let id = schedule.next() {
      names.append(schedule.graph[id])
      schedule.finish(id)
    }
    #expect(names == expected, sourceLocation: sourceLocation)
  }

  @Test func nodesComeInTheOrderOfWriting() {
    var graph = Graph<String>()
    let c = graph.add("c")
    let a = graph.add("a")
    graph.add("b")
    graph.require(c, after: a)
    var schedule = Schedule(graph)
    expectWalk(["a", "c", "b"], in: &schedule)
    #expect(schedule.isDone)
  }

  @Test func aNodeWaitsForAllThatItRequires() {
    var graph = Graph<String>()
    let (a, b, c) = (graph.add("a"), graph.add("b"), graph.add("c"))
    graph.require(c, after: a)
    graph.require(c, after: b)
    graph.require(c, after: b)
    var schedule = Schedule(graph)
    expectNext(a, in: &schedule)
    expectNext(b, in: &schedule)
    expectNext(nil, in: &schedule)
    #expect(!schedule.isStuck)
    schedule.finish(b)
    expectNext(nil, in: &schedule)
    #expect(schedule.pending == [a, c])
    schedule.finish(a)
    expectNext(c, in: &schedule)
    #expect(schedule.state(of: c) == .running)
    schedule.finish(c)
    #expect(schedule.isDone && schedule.pending.isEmpty)
  }

  @Test func insertedNodesStandBetweenTheirIncludeAndWhatFollows() {
    var graph = Graph<String>()
    let include = graph.add("include")
    let other = graph.add("other")
    let last = graph.add("last")
    graph.require(last, after: include)
    var schedule = Schedule(graph)
    expectNext(include, in: &schedule)
    let new = schedule.insert(
      ["one", "two", "three"], edges: [(first: 0, then: 1), (first: 0, then: 2)], after: include)
    schedule.finish(include)
    #expect(
      schedule.graph.description == """
        include
        one ← include
        two ← one
        three ← one
        other
        last ← include, two, three

        """)
    expectNext(new[0], in: &schedule)
    expectNext(other, in: &schedule)
    expectNext(nil, in: &schedule)
    schedule.finish(new[0])
    schedule.finish(other)
    expectWalk(["two", "three", "last"], in: &schedule)
    #expect(schedule.isDone)
    #expect(schedule.state(of: last) == .finished)
  }

  @Test func includesMayNest() {
    var graph = Graph<String>()
    let first = graph.add("first")
    let last = graph.add("last")
    graph.require(last, after: first)
    var schedule = Schedule(graph)
    _ = schedule.next()
    let inner = schedule.insert(chain: ["a", "b"], after: first)
    schedule.finish(first)
    expectNext(inner[0], in: &schedule)
    schedule.insert(chain: ["a1", "a2"], after: inner[0])
    schedule.insert(chain: ["a3"], after: inner[0])
    schedule.finish(inner[0])
    #expect(
      schedule.graph.written.map { schedule.graph[$0] }
        == ["first", "a", "a1", "a2", "a3", "b", "last"])
    expectWalk(["a1", "a2", "a3", "b", "last"], in: &schedule)
  }

  @Test func anEmptyIncludeChangesNothing() {
    var graph = Graph<String>()
    let first = graph.add("first")
    graph.require(graph.add("last"), after: first)
    var schedule = Schedule(graph)
    _ = schedule.next()
    let none = schedule.insert(chain: [], after: first)
    #expect(none.isEmpty)
    schedule.finish(first)
    expectWalk(["last"], in: &schedule)
  }

  @Test func aCycleIsStuckAndNamed() {
    var graph = Graph<String>()
    let (a, b, c, d) = (graph.add("a"), graph.add("b"), graph.add("c"), graph.add("d"))
    graph.require(c, after: b)
    graph.require(d, after: c)
    graph.require(b, after: d)
    graph.require(b, after: a)
    let cycle = graph.firstCycle()
    #expect(cycle?.description { graph[$0] } == "b → c → d → b")
    #expect(graph.ordered() == nil)
    #expect(graph.criticalPath { _ in .seconds(1) } == nil)
    var schedule = Schedule(graph)
    expectWalk(["a"], in: &schedule)
    #expect(schedule.isStuck)
  }
}
