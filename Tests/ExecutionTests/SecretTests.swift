import Execution
import Reports
import Synchronization
import Testing

/// Secrets appear in nothing that is shown, whatever way they come.
@Suite(.timeLimit(.minutes(1)))
struct SecretTests {
  private static let canary = "c4nary-s3cret"

  /// All that people could see: events, text and JSON, as verbose as can be.
  private func shown(_ tasks: String, _ mode: RunMode) async throws -> String {
    let text = Shown()
    var trial = Trial(
      "- hosts: a\n  gather_facts: false\n  tasks:\n" + tasks, on: "a,", SimulatedHosts())
    trial.mode = mode
    trial.reporters = [
      JSONReporter { text.add($0) },
      TextReporter(
        mode: mode, style: Style(hasColour: false), verbosity: 3, showsDifferences: true,
        isTerminal: false
      ) { text.add($0) },
    ]
    let record = try await trial.run()
    return text.all + record.events.map { "\($0)" }.joined(separator: "\n")
  }

  @Test(arguments: [RunMode.plan, .apply])
  func aSecretArgumentIsNowhere(_ mode: RunMode) async throws {
    let all = try await shown(
      "    - {name: t, thing: {name: x, value: v, secret: \(Self.canary)}}\n", mode)
    #expect(all.contains("set x with (secret)"))
    #expect(!all.contains(Self.canary))
  }

  @Test func whatAHostEchoesOfASecretIsNowhere() async throws {
    let all = try await shown(
      """
          - {name: t, thing: {name: x, value: v, secret: \(Self.canary)}}
          - {name: said, act: "say {{ 'c4nary' }}-s3cret", register: r}
          - {name: told, debug: {msg: "{{ r.stdout }}"}}
          - {name: fails, act: "fail {{ 'c4nary' }}-s3cret", ignore_errors: true}
      """, .apply)
    #expect(all.contains("it said (secret)"))
    #expect(!all.contains(Self.canary))
  }

  @Test func noLogShowsTheOutcomeAlone() async throws {
    let all = try await shown(
      "    - {name: t, act: say \(Self.canary), no_log: true}\n"
        + "    - {name: f, act: fail \(Self.canary), no_log: true, ignore_errors: true}\n", .apply)
    #expect(all.contains("hidden by `no_log`"))
    let shown = all.split(separator: "\n").filter { !$0.hasPrefix("stepEnded") }
    #expect(!shown.contains { $0.contains(Self.canary) })
  }
}

/// Text that reporters have written.
private final class Shown: Sendable {
  private let text = Mutex("")

  var all: String { text.withLock { $0 } }

  func add(_ more: String) { text.withLock { $0 += more } }
}
