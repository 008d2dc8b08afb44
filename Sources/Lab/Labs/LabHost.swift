/// One host of the lab: what its twin is called and how it is reached.
package struct LabHost: Sendable, Hashable, Codable {
  /// The inventory's name of the host; also part of the names of its namespace and cgroups.
  package let name: String
  /// The addresses on its interface; ssh answers on the first.
  package let addresses: [LabAddress]
  /// The name of its network interface.
  package let interface: String
  /// The port on which its ssh answers.
  package let port: Int
  /// The login user, who may become root by sudo.
  package let user: String
  /// The password that sudo asks for; nil means that it asks for none. Never stored.
  package let sudoPassword: String?
  /// The release of Debian that it runs.
  package let release: LabRelease

  /// A host; `LabSpecification.validate` says whether a twin can be made of it.
  package init(
    name: String, addresses: [LabAddress], interface: String = "eth0", port: Int = 22,
    user: String = "root", sudoPassword: String? = nil, release: LabRelease = .bookworm
  ) {
    self.name = name
    self.addresses = addresses
    self.interface = interface
    self.port = port
    self.user = user
    self.sudoPassword = sudoPassword
    self.release = release
  }

  /// The name without what a Linux host name can't hold: `bay_plane1` is `bay-plane1`.
  package var hostname: String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "." ? $0 : "-" })
  }

  // The password is left out on purpose: the lab's state on disk knows no secret.
  private enum CodingKeys: String, CodingKey {
    case name, addresses, interface, port, user, release
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      addresses: try values.decode([LabAddress].self, forKey: .addresses),
      interface: try values.decode(String.self, forKey: .interface),
      port: try values.decodeIfPresent(Int.self, forKey: .port) ?? 22,
      user: try values.decode(String.self, forKey: .user),
      release: try values.decodeIfPresent(LabRelease.self, forKey: .release) ?? .bookworm)
  }
}
