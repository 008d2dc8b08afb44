package import Hosts
package import ModuleKit
internal import Values

/// Starts, stops, enables and masks systemd units.
package struct SystemdModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "systemd", aliases: ["systemd_service"],
    summary: "Starts, stops, enables and masks systemd units.",
    notes: [
      "`daemon_reload` with a unit reads the unit files again only where the unit's have changed "
        + "or something is done to it; without a unit, always. It doesn't count as a change.",
      "`enabled` has no effect on units that can't be enabled (`static`, `generated`).",
    ],
    arguments: [
      ArgumentSpecification(
        "name", .string, "The unit; without suffix it is a service.", aliases: ["service", "unit"]),
      ArgumentSpecification(
        "state", .string, "What it shall do.",
        choices: ["reloaded", "restarted", "started", "stopped"]),
      ArgumentSpecification("enabled", .boolean, "Start it at boot."),
      ArgumentSpecification("masked", .boolean, "Make it impossible to start."),
      ArgumentSpecification(
        "daemon_reload", .boolean, "Read unit files again first.", default: false,
        aliases: ["daemon-reload"]),
      ArgumentSpecification(
        "daemon_reexec", .boolean, "Execute systemd again first.", default: false,
        aliases: ["daemon-reexec"]),
      ArgumentSpecification(
        "no_block", .boolean, "Don't wait for the job to end.", default: false),
      ArgumentSpecification("force", .boolean, "Replace links that are in the way."),
      ArgumentSpecification(
        "scope", .string, "Whose manager.", default: "system",
        choices: ["system", "user", "global"]),
    ],
    results: [
      ("name", "The unit."), ("state", "What it shall do."), ("enabled", "Whether at boot."),
      ("status", "The properties that systemd tells, before any change."),
    ],
    example: """
      - name: Run the load balancer
        ansible.builtin.systemd_service:
          name: haproxy
          state: started
          enabled: true
      """)

  private let demand: UnitDemand

  package init(_ arguments: Arguments) throws(ArgumentError) {
    var demand = UnitDemand(name: try arguments.string("name"))
    demand.state = try arguments.string("state").flatMap(UnitDemand.State.init)
    demand.isEnabled = try arguments.boolean("enabled")
    demand.isMasked = try arguments.boolean("masked")
    demand.reloadsManager = try arguments.boolean("daemon_reload") ?? false
    demand.reexecutesManager = try arguments.boolean("daemon_reexec") ?? false
    demand.doesNotBlock = try arguments.boolean("no_block") ?? false
    demand.isForced = try arguments.boolean("force") ?? false
    demand.scope = try arguments.string("scope").flatMap(SystemdScope.init) ?? .system
    self.demand = demand
    try demand.check(named: "systemd")
  }

  package var probe: Probe<UnitStatus?> { demand.probe }

  package func diff(from current: UnitStatus?) -> Change { demand.change(from: current) }
}

extension UnitDemand {
  /// Refuses what makes no sense.
  package func check(named module: String) throws(ArgumentError) {
    if name == nil, state != nil || isEnabled != nil || isMasked != nil {
      throw ArgumentError(
        argument: "name", "`\(module)` needs a `name` for `state`, `enabled` and `masked`")
    }
    if name == nil, !reloadsManager, !reexecutesManager {
      throw ArgumentError(
        "nothing to do", help: "give `name` with `state` or `enabled`, or `daemon_reload: true`")
    }
    if let name, name.contains(where: { "*?[".contains($0) }) || name.isEmpty {
      throw ArgumentError(
        argument: "name", "`\(name)` is no unit's name; patterns aren't supported",
        help: "name each unit, for example by `loop`")
    }
  }
}
