import FoundationEssentials
import Testing

@testable import Labs

@Suite struct LabSpecificationTests {
  static let plane = LabHost(
    name: "bay_plane1", addresses: [LabAddress("10.254.0.11")], user: "deploy",
    sudoPassword: "canary", release: .trixie)

  static func specification(
    name: String = "bay", hosts: [LabHost] = [plane],
    gateways: [LabAddress] = [LabAddress("10.254.0.1")]
  ) -> LabSpecification {
    LabSpecification(name: name, hosts: hosts, gateways: gateways)
  }

  @Test func acceptsAnInventorysHosts() throws {
    try Self.specification().validate()
    try Self.specification(
      hosts: [
        Self.plane,
        LabHost(name: "worker.example.org", addresses: [LabAddress("10.9.0.2", prefixLength: 16)]),
      ],
      gateways: [LabAddress("10.254.0.1"), LabAddress("10.9.0.1", prefixLength: 16)]
    ).validate()
  }

  @Test(
    arguments: [
      (specification(name: "Bay"), "a lab's name"),
      (specification(name: ""), "a lab's name"),
      (specification(name: "a.b"), "a lab's name"),
      (specification(name: "../bay"), "a lab's name"),
      (specification(name: String(repeating: "x", count: 33)), "a lab's name"),
      (specification(gateways: []), "bridge needs an address"),
      (specification(gateways: [LabAddress("10.254.0.256")]), "not an IPv4 address"),
      (specification(gateways: [LabAddress("10.254.0.1", prefixLength: 33)]), "not an IPv4"),
      (specification(hosts: [plane, plane]), "twice"),
      (
        specification(hosts: [
          plane, LabHost(name: "bay-plane1", addresses: [LabAddress("10.254.0.12")]),
        ]), "twice"
      ),
      (
        specification(hosts: [
          plane, LabHost(name: "other", addresses: [LabAddress("10.254.0.11")]),
        ]), "10.254.0.11 belongs to bay_plane1 and to other"
      ),
      (specification(hosts: [LabHost(name: "a", addresses: [])]), "no address"),
      (
        specification(hosts: [LabHost(name: "a", addresses: [LabAddress("10.0.0.1")])]),
        "no gateway"
      ),
      (
        specification(hosts: [LabHost(name: "a/b", addresses: [LabAddress("10.254.0.2")])]),
        "twin's name"
      ),
      (
        specification(hosts: [
          LabHost(name: "a", addresses: [LabAddress("10.254.0.2")], user: "$(reboot)")
        ]), "no user name"
      ),
      (
        specification(hosts: [
          LabHost(
            name: "a", addresses: [LabAddress("10.254.0.2")], interface: "interface-too-long")
        ]), "no interface name"
      ),
      (
        specification(
          name: String(repeating: "x", count: 32),
          hosts: [
            LabHost(
              name: String(repeating: "h", count: 20), addresses: [LabAddress("10.254.0.2")])
          ]), "64 characters"
      ),
    ])
  func refuses(_ specification: LabSpecification, because reason: String) {
    let error = #expect(throws: LabError.self) { try specification.validate() }
    #expect(error?.kind == .badSpecification)
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func hostnameHoldsWhatLinuxAllows() {
    #expect(Self.plane.hostname == "bay-plane1")
    #expect(LabHost(name: "a.b-c", addresses: []).hostname == "a.b-c")
  }

  @Test func passwordIsNeverWrittenDown() throws {
    let data = try JSONEncoder().encode(Self.specification())
    #expect(!String(decoding: data, as: UTF8.self).contains("canary"))
    let read = try JSONDecoder().decode(LabSpecification.self, from: data)
    #expect(read.hosts[0].sudoPassword == nil)
    #expect(read.hosts[0].addresses == Self.plane.addresses)
    #expect(read.hosts[0].user == "deploy")
    #expect(read.hosts[0].release == .trixie)
  }

  @Test(arguments: [
    ("10.0.0.0", 8, "10.255.1.1", true), ("10.0.0.0", 24, "10.0.1.1", false),
    ("10.0.0.1", 32, "10.0.0.1", true), ("10.0.0.1", 0, "10.0.0.1", false),
    ("10.0.0.1", 24, "10.0.0", false), ("10.0.0.1", 24, "10.0.0.+5", false),
  ])
  func networkContains(network: String, prefix: Int, address: String, expected: Bool) {
    let contains = LabAddress(network, prefixLength: prefix).contains(LabAddress(address))
    #expect(contains == expected)
  }
}
