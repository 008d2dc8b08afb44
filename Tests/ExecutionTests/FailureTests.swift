import Execution
import Testing

/// What a failure, a lost host or a cancellation ends, and what it doesn't.
@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
  @Test func anUnreachableHostStopsNoOther() async throws {
    let hosts = SimulatedHosts(unreachable: ["b"])
    let text = """
      - hosts: a,b,c
        gather_facts: false
        tasks:
          - {name: one, act: say x}
          - {name: two, act: say x}
      - hosts: a,b,c
        gather_facts: false
        tasks:
          - {name: three, act: say x}
      """
    let record = try await Trial(text, hosts).run()
    #expect(record.steps(of: "a") == ["changed: one", "changed: two", "changed: three"])
    #expect(record.steps(of: "b") == ["unreachable: one"])
    #expect(record.steps(of: "c").count == 3)
    #expect(record.summary.hasUnreachable && !record.summary.hasFailures)
    #expect(hosts.now.closed == ["a", "c"])
  }

  @Test func aBusyHostsQueueDrainsAfterItsFailure() async throws {
    // Both plays want `a` at once; the steps of one wait behind the other's.
    let text = """
      - hosts: a
        id: one
        needs: []
        gather_facts: false
        strategy: free
        tasks:
          - {name: fails, act: fail now}
          - {name: never, act: say x}
      - hosts: a,b
        needs: []
        gather_facts: false
        strategy: free
        tasks:
          - {name: other, act: say x}
          - {name: more, act: say x}
      """
    let record = try await Trial(text, on: "a,b,").run()
    #expect(record.steps(of: "b") == ["changed: other", "changed: more"])
    #expect(record.outcome("never") == nil)
    #expect(record.recap(of: "a").failed == 1)
    #expect(!record.summary.isInterrupted)
  }

  @Test func cancellationEndsWhatRunsAndClosesAll() async throws {
    let hosts = SimulatedHosts()
    let text = """
      - hosts: a,b
        gather_facts: false
        strategy: free
        tasks:
          - {name: blocks, act: wait never, when: inventory_hostname == 'a'}
          - {name: tells, act: signal here}
      """
    let trial = Trial(text, on: "a,b,", hosts)
    let run = Task { try await trial.run() }
    _ = await hosts.wait(for: "here")
    while !hosts.now.log.contains("a: wait never") { await Task.yield() }
    run.cancel()
    let record = try await run.value
    #expect(record.summary.isInterrupted)
    #expect(record.steps(of: "a").count == 1)
    #expect(hosts.now.closed == ["a", "b"])
    #expect(hosts.now.running == 0)
  }

  @Test func errorsThatAreFatalEndThePlayForAll() async throws {
    let text = """
      - hosts: a,b,c
        gather_facts: false
        any_errors_fatal: true
        tasks:
          - {name: one, fail: {msg: no}, when: inventory_hostname == 'b'}
          - {name: two, debug: {msg: x}}
      """
    let record = try await Trial(text).run()
    #expect(record.outcome("two", on: "a") == nil)
    #expect(record.outcome("one", on: "c")?.name == "skipped")
    #expect(record.recap(of: "b").failed == 1)
  }

  @Test(arguments: [(34, true), (33, false), (0, false)])
  func aShareOfFailuresEndsThePlay(_ limit: Int, _ goesOn: Bool) async throws {
    let text = """
      - hosts: a,b,c
        gather_facts: false
        max_fail_percentage: \(limit)
        tasks:
          - {name: one, fail: {msg: no}, when: inventory_hostname == 'b'}
          - {name: two, debug: {msg: x}}
      """
    let record = try await Trial(text).run()
    #expect((record.outcome("two", on: "a") != nil) == goesOn)
  }

  @Test func everyRetryIsToldOfAndTheLastCounts() async throws {
    let text = """
      - hosts: a
        gather_facts: false
        tasks:
          - {name: tries, act: fail x, register: r, retries: 2, delay: 0, until: r.rc == 0, ignore_errors: true}
          - {name: said, debug: {msg: "{{ r.attempts }} {{ r.failed }}"}}
      """
    let hosts = SimulatedHosts()
    let record = try await Trial(text, on: "a,", hosts).run()
    #expect(hosts.commands(of: "a").filter { $0 == "fail x" }.count == 3)
    #expect(record.report("tries")?.attempts == 3)
    let waits = record.events.filter { if case .waiting = $0 { true } else { false } }
    #expect(waits.count == 2)
  }

  @Test func aFailedItemNamesItselfAmongTheOthers() async throws {
    let text = """
      - hosts: a
        gather_facts: false
        tasks:
          - {name: items, act: "{{ item }}", loop: [say x, fail one, say y], ignore_errors: true}
      """
    let record = try await Trial(text, on: "a,").run()
    let report = try #require(record.report("items"))
    #expect(report.items.map(\.outcome.name) == ["changed", "failed", "changed"])
    #expect(report.outcome == .failed(message: "it said one", isIgnored: true, isRescued: false))
  }

  @Test func aMissingIncludeFailsItsHostAlone() async throws {
    let text = """
      - hosts: a,b
        gather_facts: false
        tasks:
          - {include_tasks: "{{ inventory_hostname }}.yml"}
          - {name: end, debug: {msg: end}}
      """
    let record = try await Trial(
      text, files: ["b.yml": "- {name: in b, debug: {msg: b}}\n"], on: "a,b,"
    ).run()
    #expect(record.said(on: "a") == [])
    #expect(record.recap(of: "a").failed == 1)
    #expect(record.said(on: "b") == ["b", "end"])
  }

  @Test func includesThatNeverEndAreRefused() async throws {
    let text = """
      - hosts: a
        gather_facts: false
        tasks: [{include_tasks: again.yml}]
      """
    let record = try await Trial(
      text, files: ["again.yml": "- {include_tasks: again.yml}\n"], on: "a,"
    ).run()
    guard case .failed(let message, _, _)? = record.reports.last?.outcome else {
      Issue.record("it ended without a failure")
      return
    }
    #expect(message.contains("200") && message.contains("again.yml"))
  }
}
