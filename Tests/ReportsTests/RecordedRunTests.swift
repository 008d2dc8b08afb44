import Execution
import Reports
import Synchronization
import Testing
import Values

/// What `--json` printed, read again and joined.
struct RecordedRunTests {
  /// The output of a run that ends so.
  private func output(
    _ hosts: [(String, HostRecap)], _ mode: RunMode = .apply, seconds: Int = 1,
    interrupted: Bool = false, steps: [RunEvent] = []
  ) async -> String {
    let text = Mutex("")
    let reporter = JSONReporter { line in text.withLock { $0 += line } }
    await reporter.receive(.started(mode: mode, plays: [], steps: 0))
    for step in steps { await reporter.receive(step) }
    await reporter.receive(
      .ended(
        RunSummary(
          mode: mode, hosts: hosts.map { (name: $0.0, recap: $0.1) }, duration: .seconds(seconds),
          isInterrupted: interrupted, lostHandlers: [(host: hosts[0].0, handler: "h")])))
    return text.withLock { $0 }
  }

  private func recap(ok: Int = 0, changed: Int = 0, hasFailed: Bool = false) -> HostRecap {
    var recap = HostRecap()
    (recap.ok, recap.changed, recap.hasFailed) = (ok, changed, hasFailed)
    recap.failed = hasFailed ? 1 : 0
    recap.roundTrips = 3
    recap.mayChange = 2
    return recap
  }

  @Test func aRunComesBackAsItWas() async throws {
    let failed = step(
      "one", on: "b", .failed(message: "no", isIgnored: false, isRescued: false), at: [0, 1])
    let text = await output(
      [("a", recap(ok: 2, changed: 1)), ("b", recap(hasFailed: true))], seconds: 7,
      steps: [.stepEnded(step("one", on: "a", at: [0, 1])), .stepEnded(failed)])
    let run = try RecordedRun("noise before it\n" + text)
    #expect(run.summary.mode == .apply)
    #expect(run.summary.duration == .seconds(7))
    #expect(run.summary.hosts.map(\.name) == ["a", "b"])
    #expect(run.summary.hosts.map(\.recap) == [recap(ok: 2, changed: 1), recap(hasFailed: true)])
    #expect(run.summary.lostHandlers.map(\.handler) == ["h"])
    #expect(run.troubles.map(\.host) == ["b"])
    #expect(run.troubles.map(\.message) == ["no"])
    #expect(run.events.count == 2)
  }

  @Test func partsBecomeOneRun() async throws {
    let first = try RecordedRun(
      await output([("a", recap(ok: 1)), ("localhost", recap(ok: 1, changed: 1))], seconds: 2))
    let second = try RecordedRun(
      await output(
        [("b", recap(hasFailed: true)), ("localhost", recap(ok: 2))], seconds: 5,
        interrupted: true, steps: [.stepEnded(step("one", on: "b", at: [0, 1]))]))
    let report = try #require(JoinedReport([first, second]))
    #expect(report.summary.hosts.map(\.name) == ["a", "localhost", "b"])
    #expect(report.summary.hosts[1].recap.ok == 3)
    #expect(report.summary.hosts[1].recap.roundTrips == 6)
    #expect(report.summary.duration == .seconds(5))
    #expect(report.summary.hasFailures)
    #expect(report.summary.isInterrupted)
    let joined = try RecordedRun(report.json())
    #expect(joined.summary.hosts.map(\.name) == ["a", "localhost", "b"])
    #expect(report.text(Style(hasColour: false), verbosity: 0).contains("localhost"))
  }

  @Test func aPlanAndAnApplyAreNoRun() async throws {
    let plan = try RecordedRun(await output([("a", recap())], .plan))
    let apply = try RecordedRun(await output([("a", recap())], .apply))
    #expect(JoinedReport([plan, apply]) == nil)
    #expect(JoinedReport([]) == nil)
  }

  @Test func whatBrokeOffIsSaid() async throws {
    let text = await output([("a", recap())])
    let lines = text.split(separator: "\n")
    #expect(throws: RecordedRun.Defect.self) { try RecordedRun(String(lines[0])) }
    let cut = lines[0] + "\n" + lines[1].dropLast(9)
    let defect = #expect(throws: RecordedRun.Defect.self) { try RecordedRun(String(cut)) }
    #expect(defect?.line == 2)
  }
}
