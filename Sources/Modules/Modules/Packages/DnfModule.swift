package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Installs, upgrades and removes rpms.
package struct DnfModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "dnf", aliases: ["yum", "dnf5"], summary: "Installs, upgrades and removes rpms.",
    notes: [
      "The host's own `dnf` works, 4 or 5, and rpm says what is installed; the repositories are "
        + "asked only where that isn't enough: for `latest`, for patterns, and for another version "
        + "of what is installed. No Python is needed.",
      "A package that dnf doesn't know yet is planned as an install, for its repository may be "
        + "part of the plan; apply fails where it doesn't exist.",
      "`update_cache` has newer lists looked for where something is installed, and for `latest`; "
        + "alone it brings them and counts as no change.",
      "Groups and modules (`@NAME`), `security`, `bugfix`, `skip_broken`, `download_only`, plugins "
        + "and `list` aren't supported.",
    ],
    arguments: [
      ArgumentSpecification(
        "name", .list,
        "Packages: `NAME`, `NAME-VERSION`, `NAME >= VERSION`, a pattern, the path of a file that "
          + "one has, or where an .rpm file lies: a path on the host or a URL. `*` with "
          + "`state: latest` is all of them.",
        aliases: ["pkg"]),
      ArgumentSpecification(
        "state", .string, "What shall be: present, and absent with `autoremove`.",
        choices: ["present", "latest", "absent", "installed", "removed"]),
      ArgumentSpecification(
        "update_cache", .boolean, "Look for newer lists of packages first.", default: false,
        aliases: ["expire-cache"]),
      ArgumentSpecification(
        "update_only", .boolean, "Install nothing that isn't there.", default: false),
    ] + DnfOptions.arguments,
    results: [
      ("msg", "`Nothing to do` where that is so."), ("rc", "dnf's exit status."),
      ("stdout", "What dnf said."), ("stderr", "What it complained of."),
    ],
    example: """
      - name: Install kubeadm, whose repository excludes it from upgrades by the way
        ansible.builtin.dnf:
          name: [kubeadm-1.30.2, kubelet-1.30.2, kubectl-1.30.2]
          disable_excludes: kubernetes
      """)

  package let task: DnfTask

  package init(_ arguments: Arguments) throws(ArgumentError) { task = try DnfTask(arguments) }

  package var probe: Probe<DnfTask.State> { task.probe }

  package func diff(from current: DnfTask.State) -> Change { task.change(from: current) }
}
