import Diagnostics
import Documents
import Graphs
import Playbooks
import Templates
import Testing

@testable import Planning

/// What a playbook becomes before the run.
struct GraphBuilderTests {
  /// The one file of a playbook.
  private struct OneFile: PlaybookSources {
    let text: String

    func isFile(_ path: String) -> Bool { path == "site.yml" }
    func isFolder(_ path: String) -> Bool { false }
    func names(in folder: String) -> [String] { [] }
    func readYAML(_ path: String) throws(Diagnostics) -> Templates.Expression {
      try YAMLReader().read(path: path, text: text)
    }
  }

  private func graph(
    _ text: String, hosts: [String] = ["a", "b", "c"], sizes: [Int] = []
  ) throws -> TaskGraph {
    let names = ["add_host", "debug", "command"]
    let catalog = ModuleCatalog(
      names: names, isModule: names.contains, takesFreeForm: { $0 == "command" })
    let builder = GraphBuilder(
      hosts: { (play) throws(Diagnostics) in
        if play.name == "unknown" { throw Diagnostics(Diagnostic(.error, "no such host")) }
        return hosts
      }, batchSizes: { (_, _) in sizes })
    let reader = PlaybookReader(files: OneFile(text: text), modules: catalog)
    return try builder.build(reader.read("site.yml"))
  }

  private static let two = """
    - hosts: all
      gather_facts: false
      tasks:
        - debug: {msg: one}
        - debug: {msg: two}
    """

  @Test func aBarrierTakesAnEdgeAHostAndNotOneAPair() throws {
    let hosts = (0..<100).map { "h\($0)" }
    let graph = try graph(Self.two, hosts: hosts)
    #expect(graph.taskCount == 200)
    #expect(graph.graph.edgeCount < 500)
  }

  @Test func everyStepComesAfterItsPlaysStart() throws {
    let graph = try graph(Self.two, sizes: [1])
    var schedule = Schedule(graph.graph)
    var order: [String] = []
    while let node = schedule.next() {
      if case .task(let instance, let host) = schedule.graph[node] {
        order.append("\(host)\(instance.order)")
      }
      schedule.finish(node)
    }
    #expect(schedule.isDone)
    #expect(order == ["a[0, 1]", "a[0, 2]", "b[0, 1]", "b[0, 2]", "c[0, 1]", "c[0, 2]"])
  }

  @Test(
    arguments: [
      ([], [["a", "b", "c", "d", "e"]]), ([2], [["a", "b"], ["c", "d"], ["e"]]),
      ([1, 3], [["a"], ["b", "c", "d"], ["e"]]), ([9], [["a", "b", "c", "d", "e"]]),
    ] as [([Int], [[String]])])
  func theLastSizeGoesOn(_ sizes: [Int], _ batches: [[String]]) {
    #expect(GraphBuilder.split(["a", "b", "c", "d", "e"], by: sizes) == batches)
  }

  @Test func noHostsAreNoBatches() { #expect(GraphBuilder.split([], by: [2]).isEmpty) }

  @Test(arguments: ["run_once", "throttle"])
  func whatShapesTheGraphCannotBeATemplate(_ keyword: String) throws {
    let text = "- hosts: all\n  tasks:\n    - debug: {msg: x}\n      \(keyword): \"{{ x }}\"\n"
    let error = #expect(throws: Diagnostics.self) { try graph(text) }
    #expect(error?.all.first?.range?.start.line == 4)
  }

  @Test func hostsThatMayComeInAreNoMistake() throws {
    let adding = """
      - {hosts: all, tasks: [{add_host: {name: x}}]}
      - {hosts: new, name: unknown, tasks: [{debug: {msg: x}}]}
      """
    #expect(try graph(adding).plays[1].isUnresolved)
    #expect(throws: Diagnostics.self) {
      try graph("- {hosts: new, name: unknown, tasks: [{debug: {msg: x}}]}")
    }
  }

  @Test func factsAreGatheredUnlessThePlaySaysNo() throws {
    let graph = try graph(
      "- {hosts: all, tasks: []}\n- {hosts: all, gather_facts: no, tasks: []}\n")
    let kinds = graph.plays.map { play in
      play.items.contains {
        if case .task(let instance) = $0 { instance.kind == .gatherFacts } else { false }
      }
    }
    #expect(kinds == [true, false])
  }
}
