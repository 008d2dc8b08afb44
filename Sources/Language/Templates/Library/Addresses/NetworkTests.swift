internal import Values

/// `ansible.utils`' tests of addresses.
enum NetworkTests {
  static let all: [LibraryFunction] =
    kinds + [
      LibraryFunction(
        "in_network", "network",
        whole: { .bool(isIn($0.text, $0.text("network") ?? "")) }),
      LibraryFunction(
        "in_any_network", "networks",
        whole: { (call) throws(TemplateError) in .bool(try count(call) > 0) }),
      LibraryFunction(
        "in_one_network", "networks",
        whole: { (call) throws(TemplateError) in .bool(try count(call) == 1) }),
      LibraryFunction(
        "subnet_of", "network",
        whole: { .bool(isPart($0.text, of: $0.text("network") ?? "")) }),
      LibraryFunction(
        "supernet_of", "network",
        whole: { .bool(isPart($0.text("network") ?? "", of: $0.text)) }),
      LibraryFunction(
        "mac",
        whole: { (call) in
          // Unlike the filter, the test wants all digits.
          let digits = call.text.utf8.filter { !":-.".utf8.contains($0) }
          return .bool(
            call.input.isText && digits.count == 12 && HardwareAddress(call.input) != nil)
        }),
    ]

  private static let kinds: [LibraryFunction] = [
    test("ip") { $0.isNetworkAddress }, test("ipv4") { $0.version == 4 && $0.isNetworkAddress },
    test("ipv6") { $0.version == 6 && $0.isNetworkAddress },
    address("ip_address") { _ in true }, address("ipv4_address") { $0.version == 4 },
    address("ipv6_address") { $0.version == 6 },
    address("ipv4_netmask") { isMask($0.address) && $0.version == 4 },
    address("ipv4_hostmask") {
      $0.address != 0 && isMask(~$0.address & 0xFFFF_FFFF) && $0.version == 4
    },
    address("ipv6_ipv4_mapped") { $0.isMappedV4 }, address("ipv6_sixtofour") { $0.is6to4 },
    address("ipv6_teredo") { $0.isTeredo }, address("loopback") { $0.isLoopback },
    address("multicast") { $0.isMulticast }, address("private") { $0.isPrivate },
    address("public") { !$0.isPrivate && !$0.isShared }, address("reserved") { $0.isReserved },
    address("unspecified") { $0.isUnspecified },
  ]

  private static func test(
    _ name: String, _ holds: @escaping @Sendable (IPNetwork) -> Bool
  ) -> LibraryFunction {
    LibraryFunction(
      name,
      whole: { (call) in .bool(call.input.text.flatMap { IPNetwork($0) }.map(holds) ?? false) })
  }

  private static func address(
    _ name: String, _ holds: @escaping @Sendable (IPNetwork) -> Bool
  ) -> LibraryFunction {
    LibraryFunction(
      name,
      whole: { (call) in
        guard case .string(let text) = call.input, !text.contains("/"),
          let network = IPNetwork(text)
        else { return false }
        return .bool(holds(network))
      })
  }

  /// A mask of at least eight ones in a row, as the reference takes them.
  private static func isMask(_ address: UInt128) -> Bool {
    let ones = address.nonzeroBitCount
    return ones >= 8
      && address == IPNetwork(version: 4, address: 0, prefix: ones).mask
  }

  private static func isIn(_ address: String, _ network: String) -> Bool {
    guard let inner = IPNetwork(address), let outer = IPNetwork(network) else { return false }
    return outer.contains(inner)
  }

  /// Both without a host's bits.
  private static func isPart(_ inner: String, of outer: String) -> Bool {
    guard let one = IPNetwork(inner), let other = IPNetwork(outer), one.isNetworkAddress,
      other.isNetworkAddress
    else { return false }
    return other.contains(one)
  }

  private static func count(_ call: Call) throws(TemplateError) -> Int {
    try call.value("networks").pythonItems().count { isIn(call.text, PythonText.str($0)) }
  }
}
