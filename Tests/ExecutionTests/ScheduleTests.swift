import Execution
import Testing

/// Who runs when: strategies, batches, forks, `throttle`, `needs`.
@Suite(.timeLimit(.minutes(1)))
struct ScheduleTests {
  private static func play(_ tasks: String, _ keywords: String = "") -> String {
    "- hosts: all\n  gather_facts: false\n\(keywords)  tasks:\n\(tasks)"
  }

  @Test func hostsKeepInStep() async throws {
    let text = Self.play(
      "    - {name: one, act: yield}\n    - {name: two, act: say x}\n")
    let record = try await Trial(text).run()
    #expect(record.reports.map(\.task) == ["one", "one", "one", "two", "two", "two"])
  }

  @Test func freeHostsDoNot() async throws {
    let hosts = SimulatedHosts()
    let text = Self.play(
      """
          - {name: one, act: wait b is through, when: inventory_hostname == 'a'}
          - {name: two, act: signal b is through, when: inventory_hostname == 'b'}
      """, "  strategy: free\n")
    let record = try await Trial(text, on: "a,b,", hosts).run()
    #expect(record.order.firstIndex(of: "b: two")! < record.order.firstIndex(of: "a: one")!)
  }

  @Test func playsWithoutNeedsRunAtTheSameTime() async throws {
    // Each waits for the other: they end only if they run together.
    let text = """
      - {hosts: a, id: one, needs: [], gather_facts: false, tasks: [{act: signal x}, {act: wait y}]}
      - {hosts: b, id: two, needs: [], gather_facts: false, tasks: [{act: wait x}, {act: signal y}]}
      - {hosts: c, needs: [one, two], gather_facts: false, tasks: [{name: last, act: say x}]}
      """
    let record = try await Trial(text).run()
    #expect(record.order.last == "c: last")
    #expect(record.summary.changed == 5)
  }

  @Test func playsFollowOneAnotherOtherwise() async throws {
    let text = """
      - {hosts: a, gather_facts: false, tasks: [{name: one, act: yield}]}
      - {hosts: b, gather_facts: false, tasks: [{name: two, act: say x}]}
      """
    let record = try await Trial(text).run()
    #expect(record.order == ["a: one", "b: two"])
  }

  @Test(arguments: [(50, 0, 8), (3, 0, 3), (50, 2, 2), (1, 0, 1)])
  func atMostSoManyRunAtOnce(_ forks: Int, _ throttle: Int, _ most: Int) async throws {
    let hosts = SimulatedHosts()
    let keyword = throttle > 0 ? ", throttle: \(throttle)" : ""
    var trial = Trial(
      Self.play("    - {name: one, act: yield\(keyword)}\n"), on: "a,b,c,d,e,f,g,h,", hosts)
    trial.forks = forks
    let record = try await trial.run()
    #expect(record.reports.count == 8)
    #expect(hosts.now.mostRunning <= most)
  }

  @Test(arguments: [
    ("2", [["a", "b"], ["c", "d"], ["e"]]), ("[1, 3]", [["a"], ["b", "c", "d"], ["e"]]),
    ("40%", [["a", "b"], ["c", "d"], ["e"]]), ("[1, '100%']", [["a"], ["b", "c", "d", "e"]]),
  ])
  func batchesFollowOneAnother(_ serial: String, _ batches: [[String]]) async throws {
    let text = Self.play(
      "    - {name: one, act: yield}\n    - {name: two, debug: {msg: '{{ ansible_play_batch | join(\" \") }}'}}\n",
      "  serial: \(serial)\n")
    let record = try await Trial(text, on: "a,b,c,d,e,").run()
    let seen = record.reports.filter { $0.task == "one" }.map(\.host)
    var place = 0
    for batch in batches {
      #expect(Set(seen[place..<(place + batch.count)]) == Set(batch))
      place += batch.count
      for host in batch {
        #expect(record.said(on: host) == [batch.joined(separator: " ")])
      }
    }
  }

  @Test func aGraphPlayFollowsItsNeeds() async throws {
    let text = """
      - hosts: a,b
        gather_facts: false
        strategy: graph
        tasks:
          - {name: all, id: all, act: yield}
          - {name: joined, needs: [all], act: say x}
      """
    let record = try await Trial(text, on: "a,b,").run()
    #expect(record.reports.prefix(2).allSatisfy { $0.task == "all" })
  }

  @Test func hostsThatComeInTakePartInLaterPlays() async throws {
    let text = """
      - hosts: a
        gather_facts: false
        tasks:
          - {add_host: {name: new, groups: fresh}}
          - {group_by: {key: "is_{{ inventory_hostname }}"}}
      - {hosts: fresh, gather_facts: false, tasks: [{name: two, act: say x}]}
      - {hosts: is_a, gather_facts: false, tasks: [{name: three, act: say x}]}
      """
    let record = try await Trial(text, on: "a,").run()
    #expect(record.steps(of: "new") == ["changed: two"])
    #expect(record.steps(of: "a").last == "changed: three")
  }

  @Test func theLimitHoldsForEveryPlay() async throws {
    var trial = Trial(Self.play("    - {name: one, act: say x}\n"))
    trial.limit = "a:b:!b"
    #expect(try await trial.run().order == ["a: one"])
  }
}
