/// What a lab is made of: its name, its hosts, and the gateway addresses of its bridge.
package struct LabSpecification: Sendable, Hashable, Codable {
  /// Lower-case letters, digits and `-`; labs with different names live side by side.
  package let name: String
  /// The hosts in the inventory's order.
  package var hosts: [LabHost]
  /// The bridge's own addresses, one a network; hosts route by the one in their network.
  package let gateways: [LabAddress]

  /// A specification; nothing is checked before `validate`.
  package init(name: String, hosts: [LabHost], gateways: [LabAddress]) {
    self.name = name
    self.hosts = hosts
    self.gateways = gateways
  }

  /// The name as part of the names of namespaces and cgroups. A lab's name holds no dot, so
  /// `orchestrate-lab-NAME.HOST` can't be mistaken for another lab's.
  var label: String { "orchestrate-lab-\(name)" }

  /// The name under which systemd-nspawn knows the host's twin, at most 64 characters.
  func machine(of host: LabHost) -> String { "\(label).\(host.hostname)" }

  /// Refuses what no lab can be made of, before anything is made.
  package func validate() throws(LabError) {
    let plain = name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    guard plain, !name.isEmpty, name.count <= 32, !name.hasPrefix("-") else {
      throw LabError(
        .badSpecification,
        "a lab's name is lower-case letters, digits and -, at most 32: not \"\(name)\"")
    }
    guard !gateways.isEmpty else {
      throw LabError(.badSpecification, "the lab's bridge needs an address")
    }
    var owners: [String: String] = [:]
    for gateway in gateways { try claim(gateway, by: "the bridge", in: &owners) }
    var names: Set<String> = []
    for host in hosts {
      try validate(host)
      guard names.insert(host.hostname).inserted else {
        throw LabError(.badSpecification, "host name \(host.hostname) is in the lab twice")
      }
      for address in host.addresses { try claim(address, by: host.name, in: &owners) }
    }
  }

  private func validate(_ host: LabHost) throws(LabError) {
    let known = host.name.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))
    }
    guard known, !host.name.isEmpty, host.name.count <= 64, !host.name.hasPrefix("."),
      !host.name.hasPrefix("-")
    else {
      throw LabError(
        .badSpecification,
        "host \(host.name): a twin's name is letters, digits, - _ . and at most 64 of them")
    }
    guard machine(of: host).utf8.count <= 64 else {
      throw LabError(
        .badSpecification,
        "the machine name \(machine(of: host)) has over 64 characters: shorten the lab's name")
    }
    guard let first = host.addresses.first else {
      throw LabError(.badSpecification, "host \(host.name) has no address")
    }
    guard gateways.contains(where: { $0.contains(first) }) else {
      throw LabError(
        .badSpecification, "host \(host.name): no gateway of the lab is in the network of \(first)")
    }
    let interface = host.interface
    guard (1...15).contains(interface.utf8.count), !interface.contains("/"),
      !interface.contains(" ")
    else {
      throw LabError(.badSpecification, "host \(host.name): no interface name: \"\(interface)\"")
    }
    guard (1...65535).contains(host.port) else {
      throw LabError(.badSpecification, "host \(host.name): no port number: \(host.port)")
    }
    let user = host.user
    guard let start = user.first, start.isLowercase || start == "_", user.utf8.count <= 32,
      user.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || "-_".contains($0)) })
    else { throw LabError(.badSpecification, "host \(host.name): no user name: \"\(user)\"") }
    if let password = host.sudoPassword, password.isEmpty || password.contains(where: \.isNewline) {
      throw LabError(
        .badSpecification, "host \(host.name): the sudo password is empty or has lines")
    }
  }

  private func claim(
    _ address: LabAddress, by owner: String, in owners: inout [String: String]
  ) throws(LabError) {
    guard address.number != nil, (1...32).contains(address.prefixLength) else {
      throw LabError(.badSpecification, "\(owner): not an IPv4 address: \(address)")
    }
    if let other = owners.updateValue(owner, forKey: address.address) {
      throw LabError(.badSpecification, "\(address.address) belongs to \(other) and to \(owner)")
    }
  }
}
