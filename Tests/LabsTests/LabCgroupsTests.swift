import Testing

@testable import Labs

@Suite struct LabCgroupsTests {
  static let unified = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n"
  static let hybrid = """
    proc /proc proc rw 0 0
    tmpfs /sys/fs/cgroup tmpfs rw 0 0
    cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0
    cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0
    cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
    """

  @Test func everyHierarchyHasABranchOfItsOwn() throws {
    let cgroups = try LabCgroups(mounts: Self.hybrid)
    #expect(!cgroups.isUnified)
    #expect(
      cgroups.branches(of: "orchestrate-lab-bay", host: "plane") == [
        "/sys/fs/cgroup/cpu/orchestrate-lab-bay/plane",
        "/sys/fs/cgroup/systemd/orchestrate-lab-bay/plane",
        "/sys/fs/cgroup/unified/orchestrate-lab-bay/plane",
      ])
  }

  @Test func versionTwoIsOneHierarchy() throws {
    let cgroups = try LabCgroups(mounts: Self.unified)
    #expect(cgroups.isUnified)
    #expect(cgroups.branches(of: "lab", host: "plane") == ["/sys/fs/cgroup/lab/plane"])
  }

  @Test(arguments: [
    ("", "no control groups"),
    ("cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0", "name=systemd"),
    ("cgroup2 /mnt cgroup2 rw 0 0", "no control groups"),
  ])
  func refusesAMachineOnWhichSystemdCantRun(mounts: String, reason: String) {
    let error = #expect(throws: LabError.self) { try LabCgroups(mounts: mounts) }
    #expect(error?.kind == .unfitMachine)
    #expect(error?.description.contains(reason) == true)
  }
}
