package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Installs and removes packages by the host's package manager: apt or dnf.
package struct PackageModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "package", summary: "Installs and removes packages by the host's package manager.",
    notes: [
      "Serves hosts with apt or dnf, and takes what `apt` or `dnf` takes, whichever it is.",
      "The fact `ansible_pkg_mgr` says which; a host without facts is asked for the programs.",
    ],
    arguments: shared + [
      ArgumentSpecification(
        "use", .string, "The package manager.", default: "auto",
        choices: ["auto", "apt", "dnf", "dnf5", "yum"])
    ] + further,
    results: DnfModule.documentation.results + [
      ("cache_updated", "With apt: whether the lists were brought.")
    ],
    example: """
      - name: Install curl
        ansible.builtin.package:
          name: curl
      """)

  /// What both managers' modules are asked for.
  private static let shared = [
    ArgumentSpecification(
      "name", .list, "Packages, in the manager's own words.", isRequired: false,
      aliases: ["pkg"]),
    ArgumentSpecification("state", .string, "What shall be: present, latest or absent."),
  ]

  /// What only one of them takes, or each in its own way.
  private static var further: [ArgumentSpecification] {
    var known: Set<String> = ["name", "state"]
    let all =
      AptModule.documentation.arguments.map { ("apt", $0) }
      + DnfModule.documentation.arguments.map { ("dnf", $0) }
    return all.compactMap { manager, argument in
      guard known.insert(argument.name).inserted else { return nil }
      var argument = argument
      argument.summary = "As `\(manager)` takes it: \(argument.summary)"
      argument.defaultValue = nil
      argument.choices = []
      return argument
    }
  }

  private enum Manager: String, Sendable { case apt, dnf }

  /// A task for each manager that the host may have, or why it can't be one.
  private let apt: Result<AptTask, ArgumentError>
  private let dnf: Result<DnfTask, ArgumentError>
  /// Nil where nobody has said.
  private let manager: Manager?

  package init(_ arguments: Arguments) throws(ArgumentError) {
    manager = try Self.manager(arguments)
    apt = Self.task(arguments, AptModule.documentation, AptTask.init)
    dnf = Self.task(arguments, DnfModule.documentation, DnfTask.init)
    switch (manager, apt, dnf) {
    case (.apt?, .failure(let error), _), (.dnf?, _, .failure(let error)): throw error
    case (nil, .failure(let error), .failure): throw error
    default: break
    }
  }

  /// By `use`, the variable `ansible_package_use`, and the fact, in this order.
  private static func manager(_ arguments: Arguments) throws(ArgumentError) -> Manager? {
    var name = try arguments.string("use")
    for variable in ["ansible_package_use", "ansible_pkg_mgr"] where name == "auto" || name == nil {
      if case .string(let text)? = arguments.context.variable(variable)?.unmarked() { name = text }
    }
    switch name {
    case "auto", nil: return nil
    case "apt": return .apt
    case "dnf", "dnf5", "yum": return .dnf
    case let other?:
      throw ArgumentError(
        "the package manager `\(other)` isn't supported", help: "only apt and dnf are")
    }
  }

  private static func task<Task>(
    _ arguments: Arguments, _ documentation: ModuleDocumentation,
    _ make: (Arguments) throws(ArgumentError) -> Task
  ) -> Result<Task, ArgumentError> {
    do throws(ArgumentError) {
      return .success(try make(try arguments.passed(to: documentation, without: ["use"])))
    } catch {
      return .failure(error)
    }
  }

  package enum State: Sendable {
    case apt(AptTask, AptTask.State)
    case dnf(DnfTask, DnfTask.State)
    case refused(ArgumentError)
  }

  package var probe: Probe<State> {
    if let manager { return probe(by: manager) }
    let script = """
      for p in apt-get dnf; do if command -v $p >/dev/null; then echo $p; exit 0; fi; done; exit 1
      """
    // No package that a run installs makes a host another system.
    let query = Query<Manager>(script, about: []) { (output) throws(HostError) in
      if output.status != 0 {
        throw HostError(
          .probeFailed, "the host has no package manager that is supported",
          help: "only apt and dnf are")
      }
      return output.text.contains("apt") ? .apt : .dnf
    }
    return Probe<Manager>(query).then { (manager) throws(HostError) in probe(by: manager) }
  }

  private func probe(by manager: Manager) -> Probe<State> {
    switch (manager, apt, dnf) {
    case (.apt, .success(let task), _):
      return task.probe.map { (state) throws(HostError) in .apt(task, state) }
    case (.dnf, _, .success(let task)):
      return task.probe.map { (state) throws(HostError) in .dnf(task, state) }
    case (.apt, .failure(let error), _), (.dnf, _, .failure(let error)):
      return Probe(.refused(error))
    }
  }

  package func diff(from current: State) -> Change {
    switch current {
    case .apt(let task, let state): task.change(from: state)
    case .dnf(let task, let state): task.change(from: state)
    case .refused(let error): .failed(error.message)
    }
  }
}
