import Execution
import Testing
import Values

/// What is asked ahead of its turn, and when it is asked again.
@Suite(.timeLimit(.minutes(1)))
struct ProbeAheadTests {
  /// A play of things, with other lines between.
  private static func play(_ tasks: String) -> String {
    "- hosts: a\n  gather_facts: false\n  tasks:\n" + tasks
  }

  private static func thing(_ name: String, _ more: String = "") -> String {
    "    - {name: \(name), thing: {name: \(name), value: v}\(more)}\n"
  }

  private static func have(_ count: Int) -> [String: [String: String]] {
    ["a": Dictionary(uniqueKeysWithValues: (1...count).map { ("t\($0)", "v") })]
  }

  @Test(arguments: [RunMode.plan, .apply])
  func aConvergedPlaybookIsOneRoundTrip(_ mode: RunMode) async throws {
    let hosts = SimulatedHosts(Self.have(40))
    var trial = Trial(Self.play((1...40).map { Self.thing("t\($0)") }.joined()), on: "a,", hosts)
    trial.mode = mode
    let record = try await trial.run()
    #expect(record.recap(of: "a").ok == 40)
    #expect(hosts.now.roundTrips["a"] == 1)
    #expect(record.recap(of: "a").roundTrips == 1)
  }

  @Test func aDataDependencyIsOneMore() async throws {
    let hosts = SimulatedHosts(Self.have(40))
    let first = (1...20).map { Self.thing("t\($0)") }.joined()
    let look = "    - {thing: {name: t1}, register: seen}\n"
    let rest = (21...40).map { Self.thing("t\($0)", ", when: seen.value == 'v'") }.joined()
    let record = try await Trial(Self.play(first + look + rest), on: "a,", hosts).run()
    #expect(record.recap(of: "a").ok == 41)
    #expect(hosts.now.roundTrips["a"] == 2)
  }

  @Test func factsThatAreSetAreADependency() async throws {
    let hosts = SimulatedHosts(Self.have(3))
    let text = Self.play(
      Self.thing("t1") + "    - set_fact: {which: t2}\n"
        + "    - {name: dependent, thing: {name: \"{{ which }}\", value: v}}\n")
    let record = try await Trial(text, on: "a,", hosts).run()
    #expect(record.outcome("dependent") == .satisfied)
    #expect(hosts.now.roundTrips["a"] == 2)
  }

  @Test func loopsAndConditionsTravelAhead() async throws {
    let hosts = SimulatedHosts(Self.have(5))
    let text = Self.play(
      Self.thing("t1")
        + "    - {thing: {name: \"t{{ item }}\", value: v}, loop: [2, 3, 4], when: item != 3}\n"
        + "    - {thing: {name: never, value: v}, when: false}\n")
    _ = try await Trial(text, on: "a,", hosts).run()
    #expect(hosts.now.roundTrips["a"] == 1)
    #expect(hosts.commands(of: "a") == ["get t1", "get t2", "get t4"])
  }

  @Test func anAnswerIsAskedForAgainOnlyWhereItsSubjectWasTouched() async throws {
    let hosts = SimulatedHosts(["a": ["x": "old", "y": "v", "z": "v"]])
    let text = Self.play(
      "    - {name: x, thing: {name: x, value: new}}\n" + Self.thing("y")
        + "    - {name: again, thing: {name: x, value: new}}\n" + Self.thing("z"))
    let record = try await Trial(text, on: "a,", hosts).run()
    #expect(record.outcome("x") == .changed)
    #expect(record.outcome("again") == .satisfied)
    #expect(
      hosts.commands(of: "a") == ["get x", "get y", "get z", "set x new", "get x"])
  }

  @Test func whatTouchesEverythingForgetsEverything() async throws {
    let hosts = SimulatedHosts(Self.have(2))
    let text = Self.play(Self.thing("t1") + "    - act: say hello\n" + Self.thing("t2"))
    _ = try await Trial(text, on: "a,", hosts).run()
    #expect(hosts.commands(of: "a") == ["get t1", "get t2", "say hello", "get t2"])
  }

  @Test func anotherHostsActionIsKnownHere() async throws {
    let hosts = SimulatedHosts(["b": ["x": "old"]])
    let text = """
      - hosts: a,b
        gather_facts: false
        tasks:
          - {name: look, thing: {name: x}}
          - {name: change, thing: {name: x, value: new}, delegate_to: b, run_once: true}
          - {name: see, thing: {name: x, value: new}, when: inventory_hostname == 'b'}
      """
    let record = try await Trial(text, on: "a,b,", hosts).run()
    #expect(record.outcome("see", on: "b") == .satisfied)
    #expect(record.report("change")?.delegatedTo == "b")
    #expect(hosts.commands(of: "b").filter { $0 == "get x" }.count >= 2)
  }

  @Test func whatOthersCanChangeIsNeverAskedAhead() async throws {
    let hosts = SimulatedHosts(Self.have(2))
    let text = Self.play(
      Self.thing("t1") + "    - {thing: {name: t2, about: url}}\n"
        + "    - {thing: {name: t2, about: url}}\n")
    _ = try await Trial(text, on: "a,", hosts).run()
    #expect(hosts.commands(of: "a") == ["get t1", "get t2", "get t2"])
  }
}
