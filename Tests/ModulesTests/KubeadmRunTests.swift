import Foundation
import Glibc
import Hosts
import Modules
import Testing

/// A join goes on where everything around it dies; the fake kubeadm here tells what it sees.
@Suite struct KubeadmRunTests {
  @Test func givesTheConfigurationOnStandardInputAlone() throws {
    let place = try FakeKubeadm(
      "cat > \"$D/got\"; ps -o args= -p $$ > \"$D/args\"; echo out; echo err >&2")
    defer { place.remove() }
    let process = try place.start(configuration: "canary: secret\n")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(place.read("got") == "canary: secret\n")
    #expect(place.read("stdout") == "out\n")
    #expect(place.read("stderr") == "err\n")
    #expect(place.read("args")?.contains("canary") == false)
    #expect(place.read("etc/.orchestrate-unfinished") == nil)
    #expect(place.temporaryFiles.isEmpty)
  }

  @Test func leavesAMarkWhereKubeadmFails() throws {
    let place = try FakeKubeadm("echo '[ERROR Port-6443]: Port 6443 is in use' >&2; exit 3")
    defer { place.remove() }
    let process = try place.start(configuration: "")
    process.waitUntilExit()
    #expect(process.terminationStatus == 3)
    #expect(place.read("etc/.orchestrate-unfinished") == "join\n")
    let output = CommandOutput(status: 3, "", standardError: place.read("stderr") ?? "")
    #expect(
      KubeadmRun.failure(of: output, verb: "join")
        == "kubeadm join refuses: Port-6443: Port 6443 is in use")
  }

  @Test(.timeLimit(.minutes(1))) func goesOnWhereTheShellIsKilled() throws {
    let place = try FakeKubeadm(
      "cat >/dev/null; echo begun > \"$D/begun\"; read x < \"$D/go\"; echo more; echo end > \"$D/end\""
    )
    defer { place.remove() }
    let begun = try place.pipe("begun", O_RDWR)
    let go = try place.pipe("go", O_RDWR)
    let alive = try place.pipe("alive", O_RDONLY)
    let process = try place.start(configuration: "", before: "exec 4>\"$D/alive\"")
    try #require(FakeKubeadm.wait(for: POLLIN, on: begun))
    #expect(place.read("etc/.orchestrate-unfinished") == "join\n")
    // The whole group, as the end of a connection takes it.
    try #require(getpgid(process.processIdentifier) == process.processIdentifier)
    #expect(kill(-process.processIdentifier, SIGKILL) == 0)
    #expect(place.read("end") == nil)
    #expect(write(go, "go\n", 3) == 3)
    // Nobody is left who has it open: kubeadm, and the shell that removes the mark, have ended.
    #expect(FakeKubeadm.wait(for: POLLHUP, on: alive))
    // Foundation takes a process for ended when its children have, too.
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    for descriptor in [begun, go, alive] { close(descriptor) }
    #expect(place.read("end") == "end\n")
    #expect(place.read("etc/.orchestrate-unfinished") == nil)
    #expect(place.temporaryFiles.isEmpty)
  }
}

/// A folder that stands for the host's, with a kubeadm of the test's own.
private struct FakeKubeadm {
  let folder: String

  init(_ script: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "k-\(UUID().uuidString)").path
    for name in ["bin", "etc", "tmp"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: "\(folder)/bin/kubeadm"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: "\(folder)/bin/kubeadm")
  }

  func start(configuration: String, before: String = ":") throws -> Process {
    let run = KubeadmRun("join", options: ["--v=0"], configuration: configuration)
    let script = run.command.script.replacing("/etc/kubernetes", with: "\(folder)/etc")
    try Data(run.command.standardInput ?? []).write(to: URL(filePath: "\(folder)/stdin"))
    for name in ["stdout", "stderr"] {
      try Data().write(to: URL(filePath: "\(folder)/\(name)"))
    }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "\(before)\n\(script)"]
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    process.environment = ["PATH": "\(folder)/bin:\(path)", "D": folder, "TMPDIR": "\(folder)/tmp"]
    process.standardInput = FileHandle(forReadingAtPath: "\(folder)/stdin")
    process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/stdout")
    process.standardError = FileHandle(forWritingAtPath: "\(folder)/stderr")
    try process.run()
    return process
  }

  /// Makes a named pipe and opens it without waiting for the other side.
  func pipe(_ name: String, _ flags: Int32) throws -> Int32 {
    mkfifo("\(folder)/\(name)", 0o600)
    let descriptor = open("\(folder)/\(name)", flags | O_NONBLOCK)
    try #require(descriptor >= 0)
    return descriptor
  }

  /// Whether an event comes within half a minute.
  static func wait(for event: Int32, on descriptor: Int32) -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    return Glibc.poll(&poll, 1, 30_000) == 1 && poll.revents & Int16(event) != 0
  }

  func read(_ name: String) -> String? {
    FileManager.default.contents(atPath: "\(folder)/\(name)").map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  var temporaryFiles: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/tmp")) ?? []
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
