package import Hosts
package import ModuleKit
internal import Values

/// Starts, stops and enables services, by systemd.
package struct ServiceModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "service", summary: "Starts, stops and enables services.",
    notes: [
      "Serves hosts with systemd; `pattern`, `runlevel` and `arguments` have no meaning there."
    ],
    arguments: [
      ArgumentSpecification("name", .string, "The service.", isRequired: true),
      ArgumentSpecification(
        "state", .string, "What it shall do.",
        choices: ["reloaded", "restarted", "started", "stopped"]),
      ArgumentSpecification("enabled", .boolean, "Start it at boot."),
      ArgumentSpecification("pattern", .string, "Without meaning for systemd."),
      ArgumentSpecification("sleep", .integer, "Without meaning for systemd."),
      ArgumentSpecification(
        "runlevel", .string, "Without meaning for systemd.", default: "default"),
      ArgumentSpecification(
        "arguments", .string, "Without meaning for systemd.", default: "", aliases: ["args"]),
      ArgumentSpecification(
        "use", .string, "The manager of services.", default: "auto",
        choices: ["auto", "systemd", "systemd_service"]),
    ],
    results: [
      ("name", "The unit."), ("state", "What it shall do."), ("enabled", "Whether at boot."),
      ("status", "The properties that systemd tells, before any change."),
    ],
    example: """
      - name: Restart keepalived
        ansible.builtin.service:
          name: keepalived
          state: restarted
      """)

  private let demand: UnitDemand

  package init(_ arguments: Arguments) throws(ArgumentError) {
    if case .string(let manager)? = arguments.context.variable("ansible_service_mgr")?.unmarked(),
      manager != "systemd"
    {
      throw ArgumentError(
        "the service manager `\(manager)` isn't supported", help: "only systemd is")
    }
    var demand = UnitDemand(name: try arguments.requiredString("name"))
    demand.state = try arguments.string("state").flatMap(UnitDemand.State.init)
    demand.isEnabled = try arguments.boolean("enabled")
    if demand.state == nil, demand.isEnabled == nil {
      throw ArgumentError("`service` needs `state` or `enabled`")
    }
    self.demand = demand
    try demand.check(named: "service")
  }

  package var probe: Probe<UnitStatus?> { demand.probe }

  package func diff(from current: UnitStatus?) -> Change { demand.change(from: current) }
}
