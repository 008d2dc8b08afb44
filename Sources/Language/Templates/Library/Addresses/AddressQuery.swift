internal import Values

/// An address as it was given to a filter, and the questions that `ipaddr` answers about it.
struct AddressQuery {
  let network: IPNetwork
  /// As it was written, for the queries that only choose.
  let written: Value
  /// Whether it has a size: `10.0.0.1` has none, `10.0.0.1/32` has.
  let hasPrefix: Bool

  /// Text or a number; nil where it is no address of this version.
  init?(_ value: Value, version: Int?) {
    var number = value.pythonInt.flatMap { UInt128(exactly: $0) }
    if case .bool = value { return nil }
    if case .string(let text) = value {
      if let network = IPNetwork(text) {
        guard version == nil || version == network.version else { return nil }
        self.network = network
        written = value
        hasPrefix = text.utf8.contains(UInt8(ascii: "/"))
        return
      }
      number = UInt128(text)
    }
    guard let number else { return nil }
    let version = version ?? (number > 0xFFFF_FFFF ? 6 : 4)
    guard version == 6 || number <= 0xFFFF_FFFF else { return nil }
    network = IPNetwork(version: version, address: number)
    written = .string(network.addressWithPrefix)
    hasPrefix = false
  }

  /// Whether this is a host: IPv4's first address of a network is none.
  private var isHost: Bool { network.prefix >= network.bits - 1 || !network.isNetworkAddress }

  /// The answer; null where there is none.
  func answer(_ query: String, filter: String = "ipaddr") throws(TemplateError) -> Value {
    if let answer = try range(query) { return answer }
    if let answer = try part(query) { return answer }
    if let answer = kind(query) ?? conversion(query) { return answer }
    if let index = Int(query) { return element(index) }
    if let outer = IPNetwork(query) { return outer.contains(network) ? written : .null }
    throw TemplateError(
      .other, "\(filter): unknown filter type: \(query)",
      help: "known are address, network, prefix, netmask, broadcast, size, subnet, …")
  }

  /// The address alone, or with its size where it was written.
  var standard: Value { .string(hasPrefix ? network.addressWithPrefix : network.text) }

  private func element(_ index: Int) -> Value {
    if !hasPrefix { return .string(network.text) }
    if network.isSingle { return .string(network.addressWithPrefix) }
    return network.element(index).map { text($0) + "/\(network.prefix)" }.map { .string($0) }
      ?? false
  }

  private func text(_ address: UInt128) -> String { network.text(of: address) }

  private func optional(_ address: UInt128?) -> Value {
    address.map { .string(text($0)) } ?? .null
  }

  // MARK: Parts of the address

  private func part(_ query: String) throws(TemplateError) -> Value? {
    switch query {
    case "address", "ip": return isHost || network.version == 6 ? .string(network.text) : .null
    case "host", "hostnet", "address/prefix", "gateway", "gw", "router":
      return isHost ? .string(network.addressWithPrefix) : .null
    case "host/prefix": return isHost ? .string(network.addressWithPrefix) : false
    case "ip/prefix":
      return isHost && !network.isSingle ? .string(network.addressWithPrefix) : .null
    case "ip_netmask":
      return isHost && !network.isSingle ? pair(network.address, network.mask) : .null
    case "net": return network.isNetworkAddress && !network.isSingle ? .string(network.cidr) : .null
    case "network", "network_id": return .string(text(network.network))
    case "network/prefix", "subnet": return .string(network.cidr)
    case "network_netmask": return pair(network.network, network.mask)
    case "network_wildcard": return pair(network.network, network.hostMask)
    case "cidr": return .string(network.addressWithPrefix)
    case "prefix": return .int(network.prefix)
    case "netmask": return .string(text(network.mask))
    case "hostmask", "wildcard": return .string(text(network.hostMask))
    case "broadcast": return network.prefix < network.bits - 1 ? optional(network.broadcast) : .null
    case "size": return try count(network.hostMask, 1)
    case "version": return .int(network.version)
    case "type": return network.isNetworkAddress && !network.isSingle ? "network" : "address"
    case "int": return try integer()
    default: return nil
    }
  }

  private func pair(_ one: UInt128, _ other: UInt128) -> Value {
    .string(text(one) + " " + text(other))
  }

  private func count(_ last: UInt128, _ more: UInt128) throws(TemplateError) -> Value {
    let (sum, overflow) = last.addingReportingOverflow(more)
    guard !overflow, let number = Int(exactly: sum) else { throw Self.tooLarge }
    return .int(number)
  }

  private static var tooLarge: TemplateError {
    TemplateError(
      .limit, "the number doesn't fit into 64 bits", help: "integers go up to \(Int.max)")
  }

  private func integer() throws(TemplateError) -> Value {
    if hasPrefix { return .string("\(network.address)/\(network.prefix)") }
    return try count(network.address, 0)
  }

  // MARK: What hosts may use

  private func range(_ query: String) throws(TemplateError) -> Value? {
    switch query {
    case "size_usable":
      guard let first = network.firstUsable, let last = network.lastUsable else { return 0 }
      return try count(last - first, 1)
    case "first_usable", "last_usable", "range_usable", "next_usable", "previous_usable", "peer":
      guard hasPrefix else { throw TemplateError(.other, "Not a network address") }
    default: return nil
    }
    switch query {
    case "first_usable": return optional(network.firstUsable)
    case "last_usable": return optional(network.lastUsable)
    case "next_usable": return optional(network.usable(after: 1))
    case "previous_usable": return optional(network.usable(after: -1))
    case "peer": return .string(text(try peer()))
    default:
      guard let first = network.firstUsable, let last = network.lastUsable else { return .null }
      return .string(text(first) + "-" + text(last))
    }
  }

  /// The other end of a link between two.
  private func peer() throws(TemplateError) -> UInt128 {
    switch network.bits - network.prefix {
    case 1: return network.address ^ 1
    case 2:
      let end = network.address == network.network ? "Network" : "Broadcast"
      if network.address == network.network || network.address == network.broadcast {
        throw TemplateError(.other, "\(end) address of /30 has no peer")
      }
      return network.address ^ 3
    default: throw TemplateError(.other, "Not a point-to-point network")
    }
  }

  // MARK: Kinds

  private func kind(_ query: String) -> Value? {
    let holds: Bool
    switch query {
    case "bool": return true
    case "private": holds = network.isPrivate || network.isShared
    case "public": holds = !network.isPrivate && !network.isShared && !network.isMulticast
    case "loopback", "lo": holds = network.isLoopback
    case "multicast": holds = network.isMulticast
    case "unicast": holds = !network.isMulticast
    case "link-local": holds = network.isLinkLocal
    default: return nil
    }
    return holds ? written : .null
  }

  // MARK: Other forms

  private func conversion(_ query: String) -> Value? {
    switch query {
    case "ipv4":
      if network.version == 4 { return written }
      guard network.isMappedV4 || network.isCompatibleV4 else { return false }
      return .string(
        IPNetwork(
          version: 4, address: network.address & 0xFFFF_FFFF, prefix: network.prefix - 96
        ).addressWithPrefix)
    case "ipv6":
      if network.version == 6 { return written }
      return .string(
        IPNetwork(
          version: 6, address: network.address | 0xFFFF << 32, prefix: network.prefix + 96
        ).addressWithPrefix)
    case "6to4":
      if network.version == 6 { return network.is6to4 ? written : false }
      let isOne = hasPrefix ? !network.isNetworkAddress && isHost : !network.isMulticast
      guard isOne else { return false }
      let digits = (0..<8).map { String(network.address >> UInt128(28 - 4 * $0) & 15, radix: 16) }
      return .string("2002:\(digits[..<4].joined()):\(digits[4...].joined())::1/48")
    case "revdns":
      return .string(IPAddressText.reverseName(network.address, version: network.version))
    case "wrap":
      if network.version == 4 { return written }
      return .string("[\(network.text)]" + (hasPrefix ? "/\(network.prefix)" : ""))
    default: return nil
    }
  }
}
