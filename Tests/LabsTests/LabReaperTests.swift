import FoundationEssentials
import Glibc
import Testing

@testable import Labs

@Suite struct LabReaperTests {
  @Test func readsTheStartWhateverTheNameHolds() {
    let fields = (3...22).map { "\($0)" }.joined(separator: " ")
    #expect(LabReaper.start(inStatus: "7 (a) b) \(fields)") == "22")
    #expect(LabReaper.start(inStatus: "7 (zombie) Z" + fields.dropFirst()) == nil)
    #expect(LabReaper.start(inStatus: "") == nil)
    #expect(LabReaper.start(of: getpid()) != nil)
    #expect(LabReaper.start(of: Int32.max) == nil)
  }

  @Test func watchesUntilTheOwnerHasEnded() throws {
    let folder = try temporaryFolder()
    defer { try? LabFiles.remove(folder) }
    try LabFiles.write("echo undone > \(folder)/mark\n", to: "\(folder)/down.sh")

    let start = try #require(LabReaper.start(of: getpid()))
    try LabFiles.write("\(getpid()) \(start)\n", to: "\(folder)/owner")
    #expect(try watch(folder, seconds: 1).timedOut)
    #expect(!LabFiles.exists("\(folder)/mark"))

    // The same number, another process.
    try LabFiles.write("\(getpid()) 1\n", to: "\(folder)/owner")
    #expect(try watch(folder, seconds: 20).status == 0)
    #expect(LabFiles.exists("\(folder)/mark"))
  }

  @Test func leavesALabWithoutOwnerAlone() throws {
    let folder = try temporaryFolder()
    defer { try? LabFiles.remove(folder) }
    try LabFiles.write("echo undone > \(folder)/mark\n", to: "\(folder)/down.sh")
    let result = try watch(folder, seconds: 20)
    #expect(!result.timedOut)
    #expect(!LabFiles.exists("\(folder)/mark"))
  }

  @Test func undoingIsShell() throws {
    let state = LabState(name: "bay", cache: LabCache(folder: "/cache"))
    let script = LabReaper(state: state).script
    try LabCommand(["sh", "-n"], input: script).run()
    #expect(script.contains("disks='/cache/labs/bay'"))
    #expect(script.contains("label='orchestrate-lab-bay'"))
  }

  private func watch(_ folder: String, seconds: Int) throws -> LabCommand.Result {
    // The reaper shuts its own output: the shell around it is what is waited for.
    try LabCommand(["sh", "-c", "sh -c \"$1\" reaper \"$2\"", "watch", LabReaper.watch, folder])
      .attempt(timeout: seconds)
  }

  private func temporaryFolder() throws -> String {
    try LabCommand(["mktemp", "-d"]).run().filter { !$0.isNewline }
  }
}
