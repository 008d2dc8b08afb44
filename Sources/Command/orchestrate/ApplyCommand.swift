import ArgumentParser
import Execution

/// `orchestrate apply`: makes hosts what the playbook says.
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Make the hosts what the playbook says.",
    discussion: "Exit status: 0 done, 1 an error or a failed step, 4 a host out of reach.",
    aliases: ["run"])

  @OptionGroup var run: RunArguments

  func run() async throws {
    throw await RunSession.execute(run, mode: .apply).exitCode
  }
}
