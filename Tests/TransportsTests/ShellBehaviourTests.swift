import Cryptography
import Foundation
import Hosts
import Testing

@testable import Transports

/// What must hold of a command's output, whatever the shell and the way to it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ShellBehaviourTests {
  /// One command and what must come of it, in both modes of framing.
  struct Case: Sendable, CustomStringConvertible {
    var name: String
    var command: Command
    var status: Int32 = 0
    var output: String = ""
    /// Nil where shells word it differently.
    var error: String? = ""

    var description: String { name }
  }

  static let cases: [Case] = [
    Case(name: "no final newline", command: Command("printf abc"), output: "abc"),
    Case(name: "final newlines", command: Command("printf 'a\\n\\n\\n'"), output: "a\n\n\n"),
    Case(name: "nothing", command: Command(":")),
    Case(
      name: "both streams", command: Command("echo out; echo err >&2"), output: "out\n",
      error: "err\n"),
    Case(name: "status", command: Command("exit 42"), status: 42),
    Case(name: "input is empty", command: Command("cat; read -r x; echo $?"), output: "1\n"),
    Case(name: "exec", command: Command("exec echo replaced"), output: "replaced\n"),
    Case(name: "syntax error", command: Command("if then"), status: -1, error: nil),
    Case(
      name: "set -eu", command: Command("set -eu; false; echo never"), status: 1),
    Case(
      name: "unset variable", command: Command("set -u; echo \"$nowhere\""), status: -1,
      error: nil),
    Case(
      name: "after an error of the shell", command: Command("echo alive"), output: "alive\n"),
    Case(
      name: "no arguments leak", command: Command("echo \"$#:$1\""), output: "0:\n"),
    Case(
      name: "PATH is its own", command: Command("PATH=/nowhere; cat() { :; }; printf() { :; }")),
    Case(name: "PATH is back", command: Command("cat /dev/null; printf ok"), output: "ok"),
    Case(
      name: "quotes", command: Command("echo \"it's\" 'say \"x\"' \\\\ '$HOME' `echo b`"),
      output: "it's say \"x\" \\ $HOME b\n"),
    Case(
      name: "UTF-8 and control characters", command: Command("printf %s 'äß☃\u{1}\t\u{1b}'"),
      output: "äß☃\u{1}\t\u{1b}"),
    Case(
      name: "here-document", command: Command("cat <<E\na'b\n$((1+1))\nE\n"), output: "a'b\n2\n"),
    Case(
      name: "its own trap", command: Command("trap 'echo bye' EXIT; echo hi"), output: "hi\nbye\n"),
    Case(name: "killed by itself", command: Command("sh -c 'kill -9 $$'"), status: 137, error: nil),
    Case(name: "closed streams", command: Command("exec >&- 2>&-; exit 7"), status: 7),
    Case(
      name: "environment",
      command: Command(
        "env | grep -c '^canary_.='; echo \"$canary_a|$canary_b\"",
        environment: ["canary_a": "it's", "canary_b": "a\nb $HOME"]),
      output: "2\nit's|a\nb $HOME\n"),
    Case(
      name: "environment is gone", command: Command("echo \"${canary_a-gone}\""), output: "gone\n"),
    Case(
      name: "working folder", command: Command("pwd", workingFolder: "/usr/bin"),
      output: "/usr/bin\n"),
    Case(
      name: "no working folder", command: Command("pwd", workingFolder: "/no such"), status: -1,
      error: nil),
    Case(
      name: "input", command: Command("cat", standardInput: Array("it's\n\\n %s".utf8)),
      output: "it's\n\\n %s"),
    Case(
      name: "input's status", command: Command("cat >/dev/null; exit 5", standardInput: [65]),
      status: 5),
    Case(
      name: "input that nobody reads",
      command: Command("exit 6", standardInput: [UInt8](repeating: 65, count: 200_000)), status: 6,
      error: nil),
    Case(
      name: "executable",
      command: Command("x=(a b); echo ${x[1]}; exit 9", executable: "/bin/bash"), status: 9,
      output: "b\n"),
    Case(
      name: "executable with input and environment",
      command: Command(
        "cat; echo $V", executable: "/bin/sh", standardInput: Array("in ".utf8),
        environment: ["V": "v"], workingFolder: "/"), output: "in v\n"),
    Case(
      name: "no executable", command: Command("true", executable: "/no/such"), status: -1,
      error: nil),
    Case(
      name: "background child", command: Command("sleep 30 & echo $! >/dev/null; echo on"),
      output: "on\n"),
  ]

  @Test(arguments: Transport.all)
  func outputIsExact(_ transport: Transport) async throws {
    let host = try await transport.connect()
    for isContained in [false, true] {
      for testCase in Self.cases {
        var command = testCase.command
        command.isContained = isContained
        let output = try await host.run(command, as: nil)
        let mode: Comment = "\(testCase.name), contained: \(isContained)"
        if testCase.status == -1 {
          #expect(output.status != 0, mode)
        } else {
          #expect(output.status == testCase.status, mode)
        }
        #expect(output.text == testCase.output, mode)
        if let error = testCase.error { #expect(output.errorText == error, mode) }
      }
    }
    await host.close()
  }

  @Test(arguments: Transport.all)
  func bytesAreExact(_ transport: Transport) async throws {
    let folder = try TemporaryFolder()
    let random = SecureRandom.bytes(1 << 20)
    let file = "\(folder.path)/random"
    try Data(random + random).write(to: URL(fileURLWithPath: file))
    let host = try await transport.connect()
    for isContained in [false, true] {
      let output = try await host.run(
        Command("cat \(file) & cat \(file) >&2; wait", isContained: isContained), as: nil)
      #expect(output.standardOutput == random + random)
      #expect(output.standardError == random + random)
    }
    let nulls = try await host.read("head -c 100000 /dev/zero", as: nil)
    #expect(nulls.standardOutput == [UInt8](repeating: 0, count: 100_000))
    let input = [0, 10, 0xff, 0xfe, 39, 13] + random.prefix(100_000)
    let echoed = try await host.run(Command("cat", standardInput: Array(input)), as: nil)
    #expect(echoed.standardOutput == Array(input))
    await host.close()
  }

  @Test(arguments: Transport.all)
  func longScriptsRun(_ transport: Transport) async throws {
    let host = try await transport.connect()
    let long = String(repeating: "# it's a comment\n", count: 1 << 16) + "echo end"
    #expect(try await host.read(long, as: nil).text == "end\n")
    let script = "cat <<'E'\n" + String(repeating: "x", count: 500_000) + "\nE"
    let output = try await host.run(Command(script, executable: "/bin/bash"), as: nil)
    #expect(output.standardOutput.count == 500_001)
    await host.close()
  }

  /// A child in the background that writes later must not write into the next command's output.
  @Test(arguments: Transport.kinds)
  func lateOutputGoesNowhere(_ transport: Transport) async throws {
    let folder = try TemporaryFolder()
    let pipe = "\(folder.path)/go"
    let host = try await transport.connect()
    let late =
      "mkfifo \(pipe); (read -r x <\(pipe); echo LATE; echo LATE >&2; echo >\(pipe).done) &"
    _ = try await host.run(Command(late), as: nil)
    let next = try await host.run(
      Command("echo go >\(pipe); while [ ! -e \(pipe).done ]; do :; done; echo mine"), as: nil)
    #expect(next == CommandOutput(status: 0, "mine\n"))
    await host.close()
  }

  @Test(arguments: Transport.kinds)
  func tooMuchOutputIsAnError(_ transport: Transport) async throws {
    let host = try await transport.connect(options: { $0.outputLimit = 1 << 20 })
    let error = await #expect(throws: HostError.self) {
      try await host.read("head -c 3000000 /dev/zero", as: nil)
    }
    #expect(error?.message == "the command said more than 1 MB")
    // The rest was read, so the shell is as new.
    #expect(try await host.read("echo next", as: nil).text == "next\n")
    let enough = try await host.read("head -c 1048576 /dev/zero", as: nil)
    #expect(enough.standardOutput.count == 1 << 20)
    await host.close()
  }

  @Test(arguments: Transport.kinds)
  func scriptsOverlapInShellsOfTheirOwn(_ transport: Transport) async throws {
    let host = try await transport.connect(options: { $0.shellsPerHost = 2 })
    let folder = try TemporaryFolder()
    try Program.run(["mkfifo", "\(folder.path)/pipe"])
    // The two need each other; the others wait for a shell.
    async let reading = host.read("cat \(folder.path)/pipe", as: nil)
    async let writing = host.read("echo hi >\(folder.path)/pipe", as: nil)
    async let others = withThrowingTaskGroup { group in
      for number in 0..<6 {
        group.addTask { try await host.read("echo \(number)", as: nil).text }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(try await reading.text == "hi\n")
    #expect(try await writing.status == 0)
    #expect(try await others == ["0\n", "1\n", "2\n", "3\n", "4\n", "5\n"])
    await host.close()
  }

  @Test(arguments: Transport.kinds)
  func aShellThatIsKilledIsReplaced(_ transport: Transport) async throws {
    let host = try await transport.connect()
    let error = await #expect(throws: HostError.self) {
      try await host.run(Command("kill -9 $$", isContained: true), as: nil)
    }
    #expect(error?.kind == .actionFailed)
    #expect(try await host.read("echo next", as: nil).text == "next\n")
    await host.close()
  }

  @Test func environmentNamesAreChecked() async throws {
    let host = try await Transport.kinds[0].connect()
    let error = await #expect(throws: HostError.self) {
      try await host.run(Command("true", environment: ["a b": ""]), as: nil)
    }
    #expect(error?.message.contains("'a b'") == true)
    await host.close()
  }
}
