import Execution
import Testing

/// When handlers run, how often, and what becomes of those that can't.
@Suite(.timeLimit(.minutes(1)))
struct HandlerTests {
  private static func play(_ tasks: String, strategy: String = "linear") -> String {
    """
    - hosts: a,b
      gather_facts: false
      strategy: \(strategy)
      handlers:
        - {name: first, debug: {msg: first}}
        - {name: second, debug: {msg: second}, listen: topic}
        - {name: third, debug: {msg: third}, listen: topic}
      tasks:
    \(tasks)
    """
  }

  @Test(arguments: ["linear", "free"])
  func handlersRunOnceInTheirOwnOrder(_ strategy: String) async throws {
    let record = try await Trial(
      Self.play(
        """
            - {name: one, act: say x, notify: [topic, first]}
            - {name: two, act: say x, notify: first}
            - {name: last, debug: {msg: last}}
        """, strategy: strategy), on: "a,b,"
    ).run()
    for host in ["a", "b"] {
      #expect(record.said(on: host) == ["last", "first", "second", "third"])
    }
    #expect(record.report("first")?.isHandler == true)
    #expect(record.summary.lostHandlers.isEmpty)
  }

  @Test func onlyHostsThatChangedNotify() async throws {
    let hosts = SimulatedHosts(["a": ["x": "v"]])
    let record = try await Trial(
      Self.play("    - {name: one, thing: {name: x, value: v}, notify: first}\n"), on: "a,b,",
      hosts
    ).run()
    #expect(record.said(on: "a") == [])
    #expect(record.said(on: "b") == ["first"])
  }

  @Test func flushingRunsThemThereAndLaterAgain() async throws {
    let record = try await Trial(
      Self.play(
        """
            - {name: one, act: say x, notify: first}
            - {meta: flush_handlers}
            - {name: middle, debug: {msg: middle}}
            - {name: two, act: say x, notify: first}
        """), on: "a,b,"
    ).run()
    #expect(record.said() == ["first", "middle", "first"])
  }

  @Test func handlersOfAFailedHostAreReported() async throws {
    let record = try await Trial(
      Self.play(
        """
            - {name: one, act: say x, notify: [first, topic]}
            - {name: fails, fail: {msg: no}, when: inventory_hostname == 'b'}
        """), on: "a,b,"
    ).run()
    #expect(record.said(on: "a") == ["first", "second", "third"])
    #expect(record.said(on: "b") == [])
    let lost = record.summary.lostHandlers.map { "\($0.host): \($0.handler)" }
    #expect(lost == ["b: first", "b: topic"])
  }

  @Test func aHandlerNotifiesALaterOne() async throws {
    let text = """
      - hosts: a
        gather_facts: false
        handlers:
          - {name: first, act: say x, notify: second}
          - {name: second, debug: {msg: second}}
        tasks:
          - {act: say x, notify: first}
      """
    let record = try await Trial(text, on: "a,").run()
    #expect(record.said() == ["second"])
  }

  @Test func aHandlerOfARoleAnswersToItsFullName() async throws {
    let record = try await Trial(
      """
      - hosts: a
        gather_facts: false
        roles: [r]
        tasks:
          - {act: say x, notify: "r : reload"}
      """,
      files: [
        "roles/r/handlers/main.yml": "- {name: reload, debug: {msg: reloaded}}\n",
        "roles/r/tasks/main.yml": "- {debug: {msg: task}}\n",
      ], on: "a,"
    ).run()
    #expect(record.said() == ["task", "reloaded"])
  }
}
