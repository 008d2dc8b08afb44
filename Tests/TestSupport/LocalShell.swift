internal import Foundation
internal import Glibc
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

  /// Runs a script to its end, a minute at the most.
  ///
  /// By `posix_spawn`, since Foundation's `Process` can wait for ever where several threads use it.
  package func run(_ script: String, input: [UInt8] = []) throws -> CommandOutput {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func file(_ name: String) -> URL { URL(filePath: "\(folder)/\(name)") }
    try Data(script.utf8).write(to: file("script"))
    try Data(input).write(to: file("in"))
    let status = try spawn(folder)
    return CommandOutput(
      status: status, standardOutput: Array(try Data(contentsOf: file("out"))),
      standardError: Array(try Data(contentsOf: file("err"))))
  }

  /// Runs `FOLDER/script`, its input and outputs being files beside it.
  private func spawn(_ folder: String) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "\(folder)/in", O_RDONLY, 0)
    for (number, name) in [(Int32(1), "out"), (2, "err")] {
      posix_spawn_file_actions_addopen(
        &actions, number, "\(folder)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    let environment = [
      "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/root",
    ]
    let arguments = ["timeout", "60"] + words + ["\(folder)/script"]
    var argv = arguments.map { strdup($0) } + [nil]
    var envp = environment.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, "/usr/bin/timeout", &actions, nil, &argv, &envp)
    guard error == 0 else {
      throw BrokenCase(path: words[0], message: String(cString: strerror(error)))
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
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
