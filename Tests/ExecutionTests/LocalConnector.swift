import Hosts
import TestSupport

/// This machine under the names of several hosts; those that want SSH are out of reach.
struct LocalConnector: HostConnector {
  func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    guard target.connection == "local" else {
      throw HostError(.unreachable, "connection refused")
    }
    return ShellHost()
  }
}

/// A host that is this machine's `sh`.
private struct ShellHost: Host {
  private let shell = LocalShell(["sh"])

  func read(_ script: String, as become: Become?) async throws(HostError) -> CommandOutput {
    try output(of: script, [])
  }

  func run(_ command: Command, as become: Become?) async throws(HostError) -> CommandOutput {
    let variables = command.environment.sorted { $0.key < $1.key }
      .map { "export \($0.key)=\(Shell.quote($0.value))\n" }.joined()
    return try output(of: variables + command.script, command.standardInput ?? [])
  }

  private func output(of script: String, _ input: [UInt8]) throws(HostError) -> CommandOutput {
    do { return try shell.run(script, input: input) } catch {
      throw HostError(.actionFailed, "\(error)")
    }
  }

  func upload(
    _ content: FileContent, to path: String, as become: Become?
  ) async throws(HostError) {
    throw HostError(.actionFailed, "nothing is uploaded here")
  }

  func close() async {}
}
