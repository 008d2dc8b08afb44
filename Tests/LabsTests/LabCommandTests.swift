import FoundationEssentials
import Testing

@testable import Labs

@Suite struct LabCommandTests {
  @Test func returnsTheOutputOfBothChannels() throws {
    #expect(try LabCommand(["sh", "-c", "echo out; echo err >&2"]).run() == "out\nerr\n")
  }

  @Test func feedsInputAndEnvironment() throws {
    let command = LabCommand(
      ["sh", "-c", "cat; echo \"$WORD\""], environment: ["WORD": "said"], input: "fed\n")
    #expect(try command.run() == "fed\nsaid\n")
  }

  @Test func failureShowsCommandStatusAndOutput() {
    let error = #expect(throws: LabError.self) {
      try LabCommand(["sh", "-c", "echo why; exit 3"]).run()
    }
    #expect(error?.description.contains("exit 3\nwhy") == true)
    #expect(throws: LabError.self) { try LabCommand(["no-such-program"]).run() }
  }

  @Test func endsWhatTakesTooLong() throws {
    let result = try LabCommand(["sleep", "60"]).attempt(timeout: 1)
    #expect(result.timedOut)
    #expect(result.status == 128 + 9)
  }

  @Test func endsWhatGoesOnWithoutOutput() throws {
    let result = try LabCommand(["sh", "-c", "exec >&- 2>&-; exec sleep 60"]).attempt(timeout: 1)
    #expect(result.timedOut)
  }

  @Test func showsEachLineAsItArrives() throws {
    var lines: [String] = []
    let result = try LabCommand(["printf", "one\\ntwo\\nrest"]).attempt { lines.append($0) }
    #expect(lines == ["one", "two"])
    #expect(result.output == "one\ntwo\nrest")
  }

  @Test func keepsThisProcesssOpenFilesToItself() throws {
    // The shell's own descriptors are 0 to 2, and the one with which ls reads the folder.
    let open = try LabCommand(["ls", "/proc/self/fd"]).run().split(separator: "\n")
    #expect(open.count == 4)
  }
}
