package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Installs, upgrades and removes Debian packages.
package struct AptModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "apt", summary: "Installs, upgrades and removes Debian packages.",
    notes: [
      "A package that apt doesn't know yet is planned as an install, for its repository may be "
        + "part of the plan; apply fails where it doesn't exist.",
      "`state: fixed` and `state: build-dep` aren't supported.",
    ], arguments: ownArguments + AptOptions.arguments,
    results: [
      ("cache_updated", "Whether the lists were brought."),
      ("cache_update_time", "When they were, in seconds since 1970."),
      ("stdout", "What apt-get said."), ("stderr", "What it complained of."),
    ],
    example: """
      - name: Install the load balancer
        ansible.builtin.apt:
          name: [haproxy, keepalived]
          update_cache: true
          cache_valid_time: 3600
      """)

  private static let ownArguments: [ArgumentSpecification] = [
    ArgumentSpecification(
      "name", .list, "Packages, as `NAME` or `NAME=VERSION`; a version may be a pattern.",
      aliases: ["package", "pkg"]),
    ArgumentSpecification(
      "state", .string, "What shall be.", default: "present",
      choices: ["present", "latest", "absent", "build-dep", "fixed", "installed", "removed"]),
    ArgumentSpecification(
      "update_cache", .boolean, "Bring the lists of packages first.",
      aliases: ["update-cache"]),
    ArgumentSpecification(
      "cache_valid_time", .integer, "Seconds for which the lists needn't be brought again.",
      default: 0),
    ArgumentSpecification(
      "update_cache_retries", .integer, "How often to try to bring them.", default: 5),
    ArgumentSpecification(
      "update_cache_retry_max_delay", .integer, "Seconds between tries at the most.", default: 12),
    ArgumentSpecification(
      "upgrade", .string, "Upgrade all packages.", default: "no",
      choices: ["no", "yes", "safe", "full", "dist"]),
    ArgumentSpecification("deb", .path, "A package file on the host."),
    ArgumentSpecification("clean", .boolean, "Remove fetched package files.", default: false),
    ArgumentSpecification(
      "autoclean", .boolean, "Remove fetched package files that are out of date.", default: false),
    ArgumentSpecification(
      "force_apt_get", .boolean, "Use apt-get for upgrades; it always is.", default: false),
    ArgumentSpecification(
      "policy_rc_d", .integer, "Exit status of policy-rc.d during installs: 101 starts nothing."),
    ArgumentSpecification(
      "auto_install_module_deps", .boolean, "Without meaning; nothing is needed.", default: true),
  ]

  package let task: AptTask

  package init(_ arguments: Arguments) throws(ArgumentError) { task = try AptTask(arguments) }

  package var probe: Probe<AptTask.State> { task.probe }

  package func diff(from current: AptTask.State) -> Change { task.change(from: current) }
}
