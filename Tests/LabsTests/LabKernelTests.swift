import Testing

@testable import Labs

@Suite struct LabKernelTests {
  @Test func listsWhatIsInTheKernelAndNothingElse() {
    let configuration = """
      # CONFIG_IP_VS is not set
      CONFIG_BRIDGE_NETFILTER=y
      CONFIG_WIREGUARD=m
      CONFIG_OVERLAY_FS=y
      CONFIG_LOCALVERSION="-y"
      """
    let modules = LabKernel.builtIn(configuration: configuration, loaded: ["tcp_cubic", "overlay"])
    #expect(modules == ["br_netfilter", "overlay", "tcp_cubic"])
    #expect(
      LabKernel.listing(of: modules)
        == "kernel/br_netfilter.ko\nkernel/overlay.ko\nkernel/tcp_cubic.ko\n")
  }

  @Test func knowsTheRunningKernel() throws {
    let release = try LabCommand(["uname", "-r"]).run()
    #expect(LabKernel.release + "\n" == release)
  }

  @Test func namesThePackagesOfMissingPrograms() {
    #expect(LabTools.missing(has: { _ in true }).isEmpty)
    let missing = LabTools.missing(has: { !["ssh", "ssh-keygen", "debootstrap"].contains($0) })
    #expect(missing == ["debootstrap", "openssh-client"])
  }
}
