import Execution
import Testing
import Values

/// A plan is the same walk without the actions, with what it would do laid over the hosts.
@Suite(.timeLimit(.minutes(1)))
struct PlanTests {
  private static func play(_ tasks: String) -> String {
    "- hosts: a\n  gather_facts: false\n  handlers:\n    - {name: h, thing: {name: h, value: v}}\n"
      + "  tasks:\n" + tasks
  }

  private func plan(
    _ tasks: String, _ hosts: SimulatedHosts = SimulatedHosts()
  ) async throws -> TrialRecord {
    let record = try await Trial(Self.play(tasks), on: "a,", hosts).planned.run()
    #expect(!hosts.now.log.contains { $0.contains("set ") || $0.contains("say ") })
    return record
  }

  @Test func planAndApplyAreTheSameWalk() async throws {
    let tasks = """
          - {name: one, thing: {name: x, value: new}, notify: h}
          - {name: two, thing: {name: y, value: new}, when: inventory_hostname == 'a'}
          - {name: three, debug: {msg: hello}, when: false}
          - block:
              - {name: four, fail: {msg: no}}
            rescue:
              - {name: five, debug: {msg: rescued}}
      """
    let text = Self.play(tasks)
    let planned = try await Trial(text, on: "a,").planned.run()
    let hosts = SimulatedHosts()
    let applied = try await Trial(text, on: "a,", hosts).run()
    let after = try await Trial(text, on: "a,", hosts).planned.run()
    #expect(applied.steps(of: "a") == planned.steps(of: "a"))
    #expect(applied.steps(of: "a").prefix(2) == ["changed: one", "changed: two"])
    #expect(after.summary.changed == 0)
    #expect(!after.summary.hasChangesPending)
  }

  @Test func aPlannedWriteAnswersALaterQuestion() async throws {
    let record = try await plan(
      """
            - {name: write, copy: {content: "a\\n", dest: /etc/x, mode: '0600'}}
            - {name: same, copy: {content: "a\\n", dest: /etc/x, mode: '0600'}}
            - {name: other, copy: {content: "b\\n", dest: /etc/x}}
            - {name: line, lineinfile: {path: /etc/x, line: b}}
      """)
    #expect(record.outcome("write") == .changed)
    #expect(record.outcome("same") == .satisfied)
    #expect(record.outcome("other") == .changed)
    #expect(record.outcome("line") == .satisfied)
  }

  @Test func whatIsOnlyLookedAtIsDeferredOnceItIsTouched() async throws {
    let record = try await plan(
      """
            - {name: before, thing: {name: x}}
            - {name: touch, thing: {name: x, value: new}}
            - {name: after, thing: {name: x}, register: seen}
            - {name: other, thing: {name: y}}
            - {name: depends, thing: {name: z, value: "{{ seen.value }}"}}
            - {name: condition, thing: {name: z, value: v}, when: seen.value == 'new'}
            - {name: loop, thing: {name: "{{ item }}", value: v}, loop: "{{ seen.list }}"}
            - {name: known anyhow, thing: {name: z, value: v}, when: false and seen.value == 'x'}
      """)
    #expect(record.outcome("before") == .satisfied)
    #expect(record.outcome("touch") == .changed)
    #expect(record.outcome("after") == .deferred(origin: "touch"))
    #expect(record.outcome("other") == .satisfied)
    for task in ["depends", "condition", "loop"] {
      guard case .deferred = record.outcome(task) else {
        Issue.record("\(task): \(String(describing: record.outcome(task)))")
        continue
      }
    }
    #expect(record.outcome("known anyhow")?.name == "skipped")
    #expect(record.recap(of: "a").deferred == 4)
  }

  @Test func whatAPackageWouldBringIsDeferredAndOtherFailuresAreNot() async throws {
    let record = try await plan(
      """
            - {name: absent, thing: {name: u, about: unit, needs: true}, ignore_errors: true}
            - {name: install, thing: {name: p, value: v, about: package}}
            - {name: unit, thing: {name: u, about: unit, needs: true, value: on}}
            - {name: argument, thing: {nam: u}, ignore_errors: true}
            - {name: own failure, fail: {msg: no}}
            - {name: not reached, debug: {msg: x}}
      """)
    #expect(record.outcome("absent")?.name == "ignored")
    #expect(record.outcome("unit") == .deferred(origin: "install"))
    #expect(record.outcome("argument")?.name == "ignored")
    #expect(record.outcome("own failure")?.name == "failed")
    #expect(record.outcome("not reached") == nil)
    #expect(record.summary.hasFailures)
  }

  @Test func aCommandsResultIsKnownAfterApply() async throws {
    let record = try await plan(
      """
            - {name: run, act: say x, register: r}
            - {name: uses, debug: {msg: "{{ r.stdout }}"}}
            - {name: status, debug: {msg: x}, when: r.rc == 0}
            - {name: promised, act: say x, changed_when: false, register: p}
      """)
    #expect(record.outcome("run") == .changed)
    #expect(record.outcome("status")?.name == "deferred")
    #expect(record.outcome("promised") == .satisfied)
    #expect(record.summary.hasChangesPending)
  }

  @Test func aHandlerOfADeferredTaskIsDeferred() async throws {
    let record = try await plan(
      """
            - {name: touch, thing: {name: x, value: new}}
            - {name: look, thing: {name: x}, register: seen}
            - {name: maybe, thing: {name: y, value: v}, when: seen.value == 'z', notify: h}
      """)
    #expect(record.outcome("h")?.name == "deferred")
  }

  @Test func aHandlerOfAPlannedChangeIsPlanned() async throws {
    let record = try await plan("      - {name: t, thing: {name: x, value: v}, notify: h}\n")
    #expect(record.outcome("h") == .changed)
  }

  @Test func checkModeOfATaskIsItsOwn() async throws {
    let hosts = SimulatedHosts()
    let tasks = """
          - {name: only looks, thing: {name: x, value: new}, check_mode: true, register: r}
          - {name: tells, debug: {msg: "{{ r.changed }}"}}
      """
    let record = try await Trial(Self.play(tasks), on: "a,", hosts).run()
    #expect(record.outcome("only looks") == .changed)
    #expect(record.said() == ["True"] || record.said() == ["true"])
    #expect(hosts.now.things["a"]?["x"] == nil)
  }
}
