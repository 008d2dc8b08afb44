package import Hosts
package import ModuleKit
internal import Values

/// Installs and removes packages by the host's package manager: apt.
package struct PackageModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "package", summary: "Installs and removes packages by the host's package manager.",
    notes: ["Serves hosts with apt; takes what `apt` takes."],
    arguments: AptModule.documentation.arguments + [
      ArgumentSpecification(
        "use", .string, "The package manager.", default: "auto", choices: ["auto", "apt"])
    ], results: AptModule.documentation.results,
    example: """
      - name: Install curl
        ansible.builtin.package:
          name: curl
      """)

  private let task: AptTask

  package init(_ arguments: Arguments) throws(ArgumentError) {
    if case .string(let manager)? = arguments.context.variable("ansible_pkg_mgr")?.unmarked(),
      manager != "apt"
    {
      throw ArgumentError("the package manager `\(manager)` isn't supported", help: "only apt is")
    }
    task = try AptTask(arguments)
  }

  package var probe: Probe<AptTask.State> { task.probe }

  package func diff(from current: AptTask.State) -> Change { task.change(from: current) }
}
