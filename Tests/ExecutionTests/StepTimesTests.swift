import Execution
import Graphs
import Planning
import Reports
import Synchronization
import Testing

/// What an apply's time was made of.
@Suite(.timeLimit(.minutes(1)))
struct StepTimesTests {
  private static let playbook = """
    - hosts: a,b
      gather_facts: false
      strategy: free
      handlers:
        - {name: late, debug: {msg: late}}
      tasks:
        - {name: first, act: say x, notify: late}
        - {name: second, act: say y}
    """

  /// Events with the seconds that a closure gives to a task on a host.
  private func events(
    _ executor: Executor, _ seconds: (String, String) -> Double
  ) -> [String] {
    executor.graph.graph.nodes.compactMap { step in
      guard case .task(let task, let host) = step else { return nil }
      return #"{"event": "step", "play": 0, "order": \#(task.order), "host": "\#(host)","#
        + #" "seconds": \#(seconds(task.title, host))}"#
    }
  }

  @Test func thePathIsTheSlowestHostsWay() throws {
    let executor = try Trial(Self.playbook, on: "a,b,").executor(Silence())
    var lines = events(executor) { task, host in
      switch (task, host) {
      case ("first", "a"): 3
      case ("second", "a"): 1
      case ("first", "b"): 1
      default: 2.5
      }
    }
    lines.append(#"{"event": "ended", "seconds": 4.4}"#)
    let times = StepTimes(events: "noise\n" + lines.joined(separator: "\n"))
    let path = try #require(times.criticalPath(of: executor.graph.graph))
    #expect(path.steps.map { "\($0.0): \($0.1)" } == ["a: first: 3.0", "a: second: 1.0"])
    #expect(path.seconds == 4)
    #expect(times.wallTime == 4.4)
  }

  @Test func handlersCountWhereTheirPlaysRun() throws {
    let executor = try Trial(Self.playbook, on: "a,b,").executor(Silence())
    var lines = events(executor) { _, _ in 1 }
    lines.append(#"{"event": "step", "play": 0, "order": [0, 99], "host": "b", "seconds": 5}"#)
    let times = StepTimes(events: lines.joined(separator: "\n"))
    #expect(times.criticalPath(of: executor.graph.graph)?.seconds == 7)
    #expect(times.wallTime == nil)
  }

  @Test func aHostsOrderAmongPlaysSideBySideCounts() throws {
    let playbook = """
      - hosts: a
        gather_facts: false
        tasks: [{name: first, act: say x}]
      - hosts: a,b
        gather_facts: false
        strategy: free
        tasks: [{name: second, act: say y}]
      """
    let executor = try Trial(playbook, on: "a,b,").executor(Silence())
    // Without any order of the graph's own.
    var graph = Graph<Step>()
    for step in executor.graph.graph.nodes { graph.add(step) }
    func path(_ ends: [String: Double]) -> Double? {
      let lines = graph.nodes.compactMap { step -> String? in
        guard case .task(let task, let host) = step else { return nil }
        let end = ends["\(host) \(task.title)"] ?? 2
        return #"{"event": "step", "play": 0, "order": \#(task.order), "host": "\#(host)","#
          + #" "seconds": \#(host == "b" ? 2 : 1.5), "at": \#(end)}"#
      }
      return StepTimes(events: lines.joined(separator: "\n")).criticalPath(of: graph)?.seconds
    }
    // One after the other, whichever was the first; at the same time, neither waited for the other.
    #expect(path(["a first": 1.5, "a second": 3.1]) == 3)
    #expect(path(["a first": 3.1, "a second": 1.5]) == 3)
    #expect(path(["a first": 1.5, "a second": 1.6]) == 2)
  }

  @Test func anApplyLeavesItsTimesAndAPlanNone() async throws {
    let saved = Mutex<[String]>([])
    let recorder = StepTimeRecorder(Silence()) { text in saved.withLock { $0.append(text) } }
    let trial = Trial(Self.playbook, on: "a,b,")
    _ = try await trial.planned.executor(recorder).run()
    #expect(saved.withLock { $0 } == [])
    let executor = try trial.executor(recorder)
    _ = await executor.run()
    let text = try #require(saved.withLock { $0.first })
    let times = StepTimes(events: text)
    #expect(!times.isEmpty)
    #expect(times.wallTime != nil)
    #expect(times.criticalPath(of: executor.graph.graph) != nil)
    // Names and times alone: nothing that a step said.
    #expect(!text.contains("say x"))
  }
}

/// Hears, and says nothing.
private struct Silence: Reporter {
  func receive(_ event: RunEvent) async {}
}
