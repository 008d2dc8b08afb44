internal import Foundation
package import Hosts

/// This machine, by one of its shells: for tests that run what modules write.
package struct LocalShell: Sendable, CustomStringConvertible {
  /// The program and its first arguments: `["busybox", "sh"]`.
  package let words: [String]

  package var description: String { words.joined(separator: " ") }

  package init(_ words: [String]) { self.words = words }

  /// The POSIX shells that are here.
  package static let all: [LocalShell] = [["dash"], ["bash"], ["busybox", "sh"]]
    .map(LocalShell.init).filter { shell in
      ["/bin/", "/usr/bin/"].contains {
        FileManager.default.isExecutableFile(atPath: $0 + shell.words[0])
      }
    }

  /// Runs a script to its end.
  package func run(_ script: String, input: [UInt8] = []) throws -> CommandOutput {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ bytes: [UInt8] = []) throws -> FileHandle {
      let url = folder.appending(path: name)
      try Data(bytes).write(to: url)
      return try FileHandle(forUpdating: url)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words + ["-c", script]
    process.environment = [
      "PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/root",
    ]
    process.standardInput = try file("in", input)
    process.standardOutput = try file("out")
    process.standardError = try file("err")
    try process.run()
    process.waitUntilExit()
    return CommandOutput(
      status: process.terminationStatus,
      standardOutput: Array(try Data(contentsOf: folder.appending(path: "out"))),
      standardError: Array(try Data(contentsOf: folder.appending(path: "err"))))
  }

  /// What a probe's questions lead to.
  package func look<State>(_ probe: Probe<State>) throws -> State {
    var probe = probe
    while true {
      let batch = QuestionBatch(probe.questions)
      let outputs = probe.questions.isEmpty ? [] : try batch.answers(in: run(batch.script))
      switch try probe.resolve(outputs) {
      case .state(let state): return state
      case .ask(let next): probe = next
      }
    }
  }
}
