import Execution
import Foundation
import Hosts
import TestSupport

extension LocalShell {
  /// Performs an action by the program's own script for it.
  func perform(_ action: Action) throws -> CommandOutput {
    let script = ActionScript(action)
    if let path = script.stagingPath {
      var bytes: [UInt8] = []
      switch script.upload {
      case .bytes(let content)?: bytes = content
      case .controllerFile(let source, _)?:
        bytes = Array(try Data(contentsOf: URL(filePath: source)))
      case nil: break
      }
      try Data(bytes).write(to: URL(filePath: path))
    }
    let command = script.command
    var text = command.script
    if let executable = command.executable {
      text = "exec \(Shell.words([executable, "-c", text]))"
    }
    if let folder = command.workingFolder { text = "cd -- \(Shell.quote(folder)) || exit\n" + text }
    for (name, value) in command.environment {
      text = "export \(name)=\(Shell.quote(value))\n" + text
    }
    return try run(text, input: command.standardInput ?? [])
  }
}
