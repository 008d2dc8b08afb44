import Testing

@testable import Labs

@Suite struct LabNetworkTests {
  let network = LabNetwork(
    specification: LabSpecification(
      name: "bay",
      hosts: [],
      gateways: [LabAddress("10.254.0.1"), LabAddress("192.168.7.1", prefixLength: 16)]))

  @Test func bridgeHasTheGatewaysAndNoOtherLink() {
    #expect(
      network.commands.map(\.description) == [
        "ip netns add orchestrate-lab-bay",
        "ip -n orchestrate-lab-bay link set lo up",
        "ip -n orchestrate-lab-bay link add br0 type bridge",
        "ip -n orchestrate-lab-bay address add 10.254.0.1/24 dev br0",
        "ip -n orchestrate-lab-bay address add 192.168.7.1/16 dev br0",
        "ip -n orchestrate-lab-bay link set br0 up",
        "nsenter --net=/run/netns/orchestrate-lab-bay sh -c echo 1 > /proc/sys/net/ipv4/ip_forward",
      ])
  }

  @Test func hostHasItsAddressesAndTheGatewayOfItsNetwork() {
    let host = LabHost(
      name: "bay_plane1",
      addresses: [LabAddress("192.168.7.11", prefixLength: 16), LabAddress("10.254.0.11")],
      interface: "ens3")
    #expect(
      network.commands(for: host, port: 4).map(\.description) == [
        "ip netns add orchestrate-lab-bay.bay_plane1",
        "ip -n orchestrate-lab-bay link add port4 type veth peer name ens3"
          + " netns orchestrate-lab-bay.bay_plane1",
        "ip -n orchestrate-lab-bay link set port4 master br0 up",
        "ip -n orchestrate-lab-bay.bay_plane1 link set lo up",
        "ip -n orchestrate-lab-bay.bay_plane1 address add 192.168.7.11/16 dev ens3",
        "ip -n orchestrate-lab-bay.bay_plane1 address add 10.254.0.11/24 dev ens3",
        "ip -n orchestrate-lab-bay.bay_plane1 link set ens3 up",
        "ip -n orchestrate-lab-bay.bay_plane1 route add default via 192.168.7.1",
      ])
  }

  @Test func sshChecksTheHostKeyAndEntersTheNamespace() throws {
    let host = LabHost(name: "plane", addresses: [LabAddress("10.254.0.11")], user: "deploy")
    let lab = Lab(
      specification: LabSpecification(
        name: "bay", hosts: [host], gateways: [LabAddress("10.254.0.1")]),
      state: LabState(name: "bay", cache: LabCache(folder: "/cache")), cache: LabCache(),
      cgroups: try LabCgroups(mounts: LabCgroupsTests.unified))
    let arguments = try lab.sshArguments(host: "plane", command: ["id"])
    #expect(arguments.prefix(3) == ["nsenter", "--net=/run/netns/orchestrate-lab-bay", "--"])
    #expect(arguments.contains("StrictHostKeyChecking=yes"))
    #expect(arguments.contains("UserKnownHostsFile=\(lab.knownHostsPath)"))
    #expect(arguments.suffix(2) == ["deploy@10.254.0.11", "id"])
    let error = #expect(throws: LabError.self) { try lab.sshArguments(host: "plan") }
    #expect(error?.description.contains("there are: plane") == true)
  }

  @Test func twinHasAMachineNameOfItsLab() throws {
    let host = LabHost(name: "bay_plane1", addresses: [LabAddress("10.254.0.11")])
    let specification = LabSpecification(
      name: "bay", hosts: [host], gateways: [LabAddress("10.254.0.1")])
    let twin = LabTwin(
      host: host, specification: specification,
      state: LabState(name: "bay", cache: LabCache(folder: "/cache")),
      cache: LabCache(folder: "/cache"), cgroups: try LabCgroups(mounts: LabCgroupsTests.unified))
    // systemd-nspawn refuses an underscore.
    #expect(twin.nspawn.contains("--machine=orchestrate-lab-bay.bay-plane1"))
    #expect(
      twin.nspawn.contains("--network-namespace-path=/run/netns/orchestrate-lab-bay.bay_plane1"))
    #expect(twin.nspawn.contains("--bind=/cache/labs/bay/bay_plane1/etcd:/var/lib/etcd"))
  }

  @Test(arguments: [
    (LabRelease.bookworm, LabCgroupsTests.hybrid, false),
    (LabRelease.trixie, LabCgroupsTests.hybrid, true),
    (LabRelease.trixie, LabCgroupsTests.unified, false),
  ])
  func twinRunsItsReleaseOnTheMachinesCgroups(
    release: LabRelease, mounts: String, isForced: Bool
  ) throws {
    let host = LabHost(name: "plane", addresses: [LabAddress("10.254.0.11")], release: release)
    let cache = LabCache(folder: "/cache")
    let twin = LabTwin(
      host: host,
      specification: LabSpecification(
        name: "bay", hosts: [host], gateways: [LabAddress("10.254.0.1")]),
      state: LabState(name: "bay", cache: cache), cache: cache,
      cgroups: try LabCgroups(mounts: mounts))
    let packages = "/cache/\(LabPackages.recipe(of: release).key)/repository"
    #expect(twin.nspawn.contains("--bind-ro=\(packages):/srv/apt"))
    // Words behind the options are systemd's own.
    let words = twin.nspawn.drop { !$0.hasPrefix("--") }.drop { $0.hasPrefix("--") }
    #expect(Array(words) == (isForced ? ["SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"] : []))
  }
}
