/// The control groups of a lab: one branch a host in every hierarchy, for hosts that share one end
/// each other's services.
struct LabCgroups: Sendable {
  /// The folders of the hierarchies on this machine: one (version 2), or one a controller.
  let hierarchies: [String]
  /// Whether there is but the one hierarchy of version 2.
  let isUnified: Bool

  /// The hierarchies that this machine has mounted; throws if systemd can't run on them.
  static func ofThisMachine() throws(LabError) -> LabCgroups {
    try LabCgroups(mounts: LabFiles.read("/proc/self/mounts") ?? "")
  }

  /// Reads the hierarchies out of the text of /proc/self/mounts.
  init(mounts: String) throws(LabError) {
    let all = mounts.split(separator: "\n").compactMap { line -> (String, String)? in
      let words = line.split(separator: " ")
      guard words.count > 2, words[2] == "cgroup" || words[2] == "cgroup2" else { return nil }
      return (String(words[1]), String(words[2]))
    }
    let under = all.filter { $0.0 == "/sys/fs/cgroup" || $0.0.hasPrefix("/sys/fs/cgroup/") }
    guard !under.isEmpty else {
      throw LabError(
        .unfitMachine, "no control groups are mounted under /sys/fs/cgroup: systemd needs them")
    }
    isUnified = under.contains { $0.0 == "/sys/fs/cgroup" && $0.1 == "cgroup2" }
    hierarchies = isUnified ? ["/sys/fs/cgroup"] : under.map(\.0)
    if !isUnified, !hierarchies.contains("/sys/fs/cgroup/systemd") {
      throw LabError(
        .unfitMachine, "the hierarchy name=systemd isn't mounted on /sys/fs/cgroup/systemd")
    }
  }

  /// The branches of a lab, one a hierarchy.
  func branches(of label: String) -> [String] { hierarchies.map { "\($0)/\(label)" } }

  /// The branches of a host.
  func branches(of label: String, host: String) -> [String] {
    branches(of: label).map { "\($0)/\(host)" }
  }

  /// Makes a host's branches. A new branch of `cpuset` holds no processor and takes no process
  /// until it is told; one of version 2 offers its children what its parent lets it.
  func make(for host: String, of label: String) throws(LabError) {
    for hierarchy in hierarchies {
      var parent = hierarchy
      for name in [label, host] {
        if isUnified {
          let controllers = LabFiles.read("\(parent)/cgroup.controllers") ?? ""
          for controller in controllers.split(whereSeparator: \.isWhitespace) {
            LabFiles.poke("+\(controller)", into: "\(parent)/cgroup.subtree_control")
          }
        }
        let branch = "\(parent)/\(name)"
        try LabFiles.makeFolder(branch)
        for setting in ["cpuset.cpus", "cpuset.mems"] where hierarchy.hasSuffix("/cpuset") {
          LabFiles.poke(LabFiles.read("\(parent)/\(setting)") ?? "", into: "\(branch)/\(setting)")
        }
        parent = branch
      }
    }
  }

  /// The numbers of a host's processes: those of its branch and of all below it.
  func identifiers(of host: String, in label: String) -> [Int32] {
    guard let first = hierarchies.first(where: { isUnified || $0.hasSuffix("/systemd") }) else {
      return []
    }
    return LabCgroups.identifiers(in: "\(first)/\(label)/\(host)")
  }

  /// The memory that a host uses, in bytes; nil if the kernel doesn't say.
  func memory(of host: String, in label: String) -> Int? {
    let file =
      isUnified
      ? "/sys/fs/cgroup/\(label)/\(host)/memory.current"
      : "/sys/fs/cgroup/memory/\(label)/\(host)/memory.usage_in_bytes"
    return LabFiles.read(file).flatMap { Int($0.filter(\.isNumber)) }
  }

  private static func identifiers(in branch: String) -> [Int32] {
    let own = (LabFiles.read("\(branch)/cgroup.procs") ?? "").split(separator: "\n")
    return own.compactMap { Int32($0) }
      + LabFiles.folders(in: branch).flatMap { identifiers(in: "\(branch)/\($0)") }
  }
}
