import ArgumentParser

/// The program: brings machines to the state that playbooks describe, over SSH.
@main
struct Orchestrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orchestrate",
    abstract: "Bring machines to the state that playbooks describe, over SSH.",
    discussion: """
      Reads Ansible's inventories, variables, roles, templates and vault files; shows a plan that \
      can be trusted, and applies it. Needs nothing on the hosts but a POSIX shell.
      """,
    version: "0.1.0",
    subcommands: [
      VerifyCommand.self, DrillCommand.self,
      PlanCommand.self, ApplyCommand.self, GraphCommand.self, InventoryCommand.self,
      TemplateCommand.self, VaultCommand.self, LabCommand.self, ReportCommand.self, DocCommand.self,
    ])
}
