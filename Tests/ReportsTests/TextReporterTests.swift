import Execution
import ModuleKit
import Reports
import Testing
import Values

/// What people read: order, headings, and what is left out.
struct TextReporterTests {
  private func started(_ plays: [PlaySummary], _ mode: RunMode = .apply) -> RunEvent {
    .started(mode: mode, plays: plays, steps: 0)
  }

  @Test func hostsOfATaskComeTogetherInTheInventorysOrder() async {
    let text = await Written.text([
      started([PlaySummary(name: "site", hosts: ["a", "b", "c"])]),
      .stepEnded(step("one", on: "c", at: [0, 1])),
      .stepEnded(step("one", on: "a", at: [0, 1])),
      .stepEnded(
        step(
          "one", on: "b", .failed(message: "no", isIgnored: false, isRescued: false), at: [0, 1])
      ),
      .stepEnded(step("two", on: "a", at: [0, 2])),
      .playEnded(0),
    ])
    #expect(
      text == """

        site  3 hosts
          ! one  site.yml:1:3
              a, c: changed
              b: failed: no
          ~ two  site.yml:2:3
              a: changed

        """)
  }

  @Test func playsThatRunTogetherRepeatTheirHeadings() async {
    let text = await Written.text([
      started([PlaySummary(name: "x", hosts: ["a"]), PlaySummary(name: "y", hosts: ["b"])]),
      .stepEnded(step("one", on: "a", at: [0, 1])),
      .stepEnded(step("uno", on: "b", play: 1, at: [1, 1])),
      .stepEnded(step("two", on: "a", at: [0, 2])),
      .stepEnded(step("dos", on: "b", play: 1, at: [1, 2])),
      .playEnded(0), .playEnded(1),
    ])
    let headings = text.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(headings == ["x  1 host", "y  1 host", "x  1 host", "y  1 host"])
    let tasks = text.split(separator: "\n").filter { $0.hasPrefix("  ~") }.map {
      $0.split(separator: " ")[1]
    }
    #expect(tasks == ["one", "uno", "two", "dos"])
  }

  @Test func aFreePlaysTaskWaitsForAllItsHosts() async {
    let play = PlaySummary(name: "x", hosts: ["a", "b"], isInStep: false)
    let first: [RunEvent] = [
      started([play]), .stepEnded(step("one", on: "b", at: [0, 1])),
      .stepEnded(step("two", on: "b", at: [0, 2])),
      .stepEnded(step("three", on: "b", at: [0, 3])),
    ]
    #expect(await Written.text(first) == "")
    let more = await Written.text(first + [.stepEnded(step("two", on: "a", at: [0, 2]))])
    #expect(more.contains("two") && !more.contains("one"))
    let all = await Written.text(
      first + [.stepEnded(step("one", on: "a", at: [0, 1])), .playEnded(0)])
    let tasks = all.split(separator: "\n").filter { $0.hasPrefix("  ~") }
    #expect(tasks.map { $0.split(separator: " ")[1] } == ["one", "two", "three"])
  }

  @Test func secondBatchesDoNotWaitForTheEnd() async {
    let play = PlaySummary(name: "x", hosts: ["a", "b"])
    let text = await Written.text([
      started([play]), .stepEnded(step("one", on: "a", at: [0, 1])),
      .stepEnded(step("two", on: "a", at: [0, 2])), .stepEnded(step("one", on: "b", at: [0, 1])),
      .stepEnded(step("two", on: "b", at: [0, 2])),
    ])
    #expect(text.contains("two") && text.contains("b: changed"))
  }

  @Test func hostsThatCameInAreInTheHeading() async {
    let text = await Written.text([
      started([PlaySummary(name: "x", hosts: [])]),
      .playStarted(0, PlaySummary(name: "x", hosts: ["new", "newer"])),
      .stepEnded(step("one", on: "new", at: [0, 1])), .playEnded(0),
    ])
    #expect(text.contains("x  2 hosts"))
  }

  @Test func aPlanShowsWhatWouldChangeAndNotWhatIsRight() async {
    let events: [RunEvent] = [
      started([PlaySummary(name: "x", hosts: ["a"])], .plan),
      .stepEnded(step("right", on: "a", .satisfied, at: [0, 1])),
      .stepEnded(step("off", on: "a", .skipped(reason: "`x` is false"), at: [0, 2])),
      .stepEnded(
        step("file", on: "a", at: [0, 3]) {
          $0.reason = "content differs"
          $0.differences = [
            Difference("/etc/x", .text(before: "a\nb\n", after: "a\nc\n")),
            Difference("mode", .attribute(before: "0644", after: "0600")),
            Difference("key", .text(before: "s", after: "t"), isSecret: true),
          ]
        }),
      .stepEnded(step("later", on: "a", .deferred(origin: "file"), at: [0, 4])),
      .playEnded(0),
    ]
    #expect(
      await Written.text(events, mode: .plan) == """

        x  1 host
          ~ file  site.yml:3:3
              a: would change, content differs
                --- /etc/x
                +++ /etc/x
                @@ -1,2 +1,2 @@
                 a
                -b
                +c
                mode: 0644 -> 0600
                key: (secret)
          ? later  site.yml:4:3
              a: (known after apply), decided after "file"

        """)
    let verbose = await Written.text(events, mode: .plan, verbosity: 1)
    #expect(verbose.contains("= right") && verbose.contains("- off"))
  }

  @Test func nothingAHostSaysReachesTheTerminal() async {
    let text = await Written.text(
      [
        started([PlaySummary(name: "x", hosts: ["a"])]),
        .stepEnded(
          step(
            "one", on: "a",
            .failed(message: "\u{1B}[2Jgone", isIgnored: false, isRescued: false), at: [0, 1]
          ) { $0.messages = ["bell\u{07}"] }), .playEnded(0),
      ], verbosity: 2)
    #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(text.contains("\\x1b[2Jgone") && text.contains("bell\\x7"))
  }

  @Test func colourIsOnlyWhereItIsWanted() async {
    let events: [RunEvent] = [
      started([PlaySummary(name: "x", hosts: ["a"])]),
      .stepEnded(step("one", on: "a", at: [0, 1])),
      .playEnded(0),
    ]
    #expect(!(await Written.text(events)).contains("\u{1B}"))
    #expect(await Written.text(events, colour: true).contains("\u{1B}[33m"))
  }

  @Test func theRecapHasALineForEachHost() async {
    var good = HostRecap()
    (good.ok, good.changed) = (3, 1)
    var bad = HostRecap()
    (bad.failed, bad.rescued, bad.ignored) = (1, 2, 1)
    let text = await Written.text([started([]), ending([("a", good), ("longer", bad)])])
    #expect(
      text == """

        host    ok  changed  skipped  failed  unreachable  ignored  rescued
        a        3        1        0       0            0        0        0
        longer   0        0        0       1            0        1        2

        Applied: 1 changed, 2 satisfied (1.5 s).

        """)
  }

  @Test func everyLineOfJSONIsAnObject() async throws {
    let text = await Written.json([
      started([PlaySummary(name: "x \"y\"\n", hosts: ["a"])]),
      .playStarted(0, PlaySummary(name: "x", hosts: ["a"])),
      .stepStarted(play: 0, order: [0, 1], task: "t\u{2028}\\", host: "a"),
      .waiting(task: "t", host: "a", reason: "\u{0}\u{1F}"),
      .stepEnded(
        step(
          "t", on: "a", .failed(message: "\u{1B}é", isIgnored: true, isRescued: false), at: [0, 1]
        ) {
          $0.result = ["x": .float(.infinity), "y": .unknown(Unknown(origin: "t"))]
        }), .stepsAdded(3), .playEnded(0), ending([("a", HostRecap())], .plan),
    ])
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    #expect(lines.count == 8)
    for line in lines {
      let value = try Value(json: String(line))
      #expect(value["event"] != nil, "\(line)")
    }
    #expect(try Value(json: String(lines[4]))["outcome"] == "ignored")
  }
}
