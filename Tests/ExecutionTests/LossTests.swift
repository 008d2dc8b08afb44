import Execution
import Testing
import Values

/// Connections that are lost in the middle of a step: the host itself tells what is left to do.
@Suite(.timeLimit(.minutes(1)))
struct LossTests {
  private static let text = """
    - hosts: a
      gather_facts: false
      tasks:
        - {name: one, thing: {name: x, value: new}, register: r}
        - {name: two, act: "say {{ r.value }}"}
    """

  @Test func whatWasDoneIsNotDoneAgain() async throws {
    let hosts = SimulatedHosts(["a": ["x": "old"]])
    hosts.lose("a", with: "set x", isDone: true)
    let record = try await Trial(Self.text, on: "a,", hosts).run()
    #expect(record.steps(of: "a") == ["changed: one", "changed: two"])
    #expect(hosts.commands(of: "a").count { $0 == "set x new" } == 1)
    #expect(hosts.commands(of: "a").last == "say new")
  }

  @Test func whatIsMissingIsDone() async throws {
    let hosts = SimulatedHosts(["a": ["x": "old"]])
    hosts.lose("a", with: "set x", isDone: false)
    let record = try await Trial(Self.text, on: "a,", hosts).run()
    #expect(record.steps(of: "a") == ["changed: one", "changed: two"])
    #expect(hosts.commands(of: "a").count { $0 == "set x new" } == 2)
    #expect(hosts.now.things["a"]?["x"] == "new")
  }

  @Test func aStepIsGivenUpAfterSomeLosses() async throws {
    let hosts = SimulatedHosts(["a": ["x": "old"]])
    for _ in 0..<9 { hosts.lose("a", with: "set x", isDone: false) }
    let record = try await Trial(Self.text, on: "a,", hosts).run()
    #expect(record.steps(of: "a") == ["unreachable: one"])
    #expect(hosts.commands(of: "a").count { $0 == "set x new" } == 4)
  }

  /// Nobody can tell whether a command ran, so it isn't run twice.
  @Test(arguments: [true, false])
  func commandsAreNotRunTwice(_ isDone: Bool) async throws {
    let hosts = SimulatedHosts()
    hosts.lose("a", with: "say once", isDone: isDone)
    let text = """
      - hosts: a
        gather_facts: false
        tasks:
          - {name: one, act: say once}
          - {name: two, act: say x}
      """
    let record = try await Trial(text, on: "a,", hosts).run()
    #expect(record.steps(of: "a") == ["unreachable: one"])
    #expect(hosts.commands(of: "a").count { $0 == "say once" } == 1)
    let message = record.message("one") ?? ""
    #expect(message.contains("gone away; whether `say once` was done isn't known"))
  }

  // MARK: Hosts that come back

  @Test func hostsAreWaitedFor() async throws {
    let hosts = SimulatedHosts()
    hosts.refuse("a", times: 3)
    let text = """
      - hosts: a
        gather_facts: false
        tasks:
          - {name: one, wait_for_connection: {sleep: 0}}
          - {name: two, act: say x}
      """
    let record = try await Trial(text, on: "a,", hosts).run()
    #expect(record.steps(of: "a") == ["ok: one", "changed: two"])
  }

  @Test func waitingForAHostHasAnEnd() async throws {
    let hosts = SimulatedHosts(unreachable: ["a"])
    let text = """
      - hosts: a
        gather_facts: false
        tasks:
          - {name: one, wait_for_connection: {sleep: 0, timeout: 0}}
      """
    let record = try await Trial(text, on: "a,", hosts).run()
    #expect(record.steps(of: "a") == ["failed: one"])
    #expect(record.message("one")?.contains("timed out waiting for the connection") == true)
  }

  private static let reboot = """
    - hosts: a
      gather_facts: false
      tasks:
        - name: one
          reboot: {reboot_command: restart-it, boot_time_command: get boot, test_command: say up}
          register: r
        - {name: two, act: "say {{ r.rebooted }}"}
    """

  @Test func hostsRestart() async throws {
    let hosts = SimulatedHosts(["a": ["boot": "1"]])
    let record = try await Trial(Self.reboot, on: "a,", hosts).run()
    #expect(record.steps(of: "a") == ["changed: one", "changed: two"])
    #expect(hosts.now.things["a"]?["boot"] == "11")
    #expect(hosts.commands(of: "a").contains("say up"))
    #expect(hosts.commands(of: "a").last == "say True")
    let plan = try await Trial(
      Self.reboot, on: "a,", SimulatedHosts(["a": ["boot": "1"]])
    ).planned.run()
    #expect(plan.steps(of: "a").first == "changed: one")
  }

  @Test func thisMachineIsNotRestarted() async throws {
    let hosts = SimulatedHosts(["a": ["boot": "1"]])
    var trial = Trial(Self.reboot, on: "a,", hosts)
    trial.connection = "local"
    let record = try await trial.run()
    #expect(record.steps(of: "a") == ["failed: one"])
    #expect(hosts.now.things["a"]?["boot"] == "1")
  }
}

extension TrialRecord {
  /// Why a task failed, or its host couldn't be reached.
  fileprivate func message(_ task: String) -> String? {
    switch outcome(task) {
    case .failed(let message, _, _)?, .unreachable(let message)?: message
    default: nil
    }
  }
}
