import ArgumentParser
import Execution

/// `orchestrate plan`: what would change, with differences; changes nothing.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what an apply would change, and change nothing.",
    discussion: "Exit status: 0 nothing to change, 2 changes, 1 an error, 4 a host out of reach.")

  @OptionGroup var run: RunArguments

  func run() async throws {
    throw await RunSession.execute(run, mode: .plan).exitCode
  }
}
