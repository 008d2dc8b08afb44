internal import OrderedCollections
internal import Values

/// Filters that cut and join networks.
enum NetworkFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "ipsubnet", "query?", "index?",
      whole: { (call) throws(TemplateError) in try subnet(call) }),
    LibraryFunction(
      "network_in_network", "test",
      whole: { (call) throws(TemplateError) in
        .bool(inner(call).map { $0.outer.contains($0.inner) } ?? false)
      }),
    LibraryFunction(
      "network_in_usable", "test",
      whole: { (call) throws(TemplateError) in
        guard let (outer, inner) = inner(call), let first = outer.firstUsable,
          let last = outer.lastUsable
        else { return false }
        return .bool(
          outer.contains(inner) && inner.network >= first && inner.broadcast <= last)
      }),
    LibraryFunction(
      "reduce_on_network", "network",
      whole: { (call) throws(TemplateError) in
        guard let network = IPNetwork(call.text("network") ?? "") else { return [] }
        let items = call.input.isText ? [call.input] : try call.items()
        return .list(
          items.filter { item in
            item.text.flatMap { IPNetwork($0) }.map { network.contains($0) } ?? false
          })
      }),
    LibraryFunction(
      "cidr_merge", "action?", whole: { (call) throws(TemplateError) in try merge(call) }),
    LibraryFunction(
      "usable_range",
      whole: { (call) throws(TemplateError) in
        guard let network = IPNetwork(call.text) else {
          throw call.failure("'\(call.text)' does not appear to be an IPv4 or IPv6 network")
        }
        guard network.isNetworkAddress else {
          throw call.failure("\(call.text) has host bits set")
        }
        guard network.hostMask < 1_000_000 else {
          throw TemplateError(.limit, "usable_range: \(call.text) has too many addresses to list")
        }
        let all = (0...Int(network.hostMask)).compactMap { network.element($0) }
        return .object([
          "usable_ips": .strings(all.map { network.text(of: $0) }),
          "number_of_ips": .int(all.count),
        ])
      }),
    LibraryFunction(
      "slaac", "query?",
      whole: { (call) throws(TemplateError) in
        guard let network = IPNetwork(call.text), network.version == 6,
          let hardware = HardwareAddress(call.value("query")), hardware.count == 6
        else { return false }
        // RFC 4291, appendix A: `fffe` in the middle, and the bit for "universal" turned.
        let bytes = hardware.bytes[..<3] + [0xFF, 0xFE] + hardware.bytes[3...]
        let interface = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } ^ (0x02 << 56)
        return .string(network.text(of: network.network | interface))
      }),
  ]

  private static func inner(_ call: Call) -> (outer: IPNetwork, inner: IPNetwork)? {
    guard let outer = IPNetwork(call.text), let inner = IPNetwork(call.text("test") ?? "") else {
      return nil
    }
    return (outer, inner)
  }

  // MARK: Subnets

  /// The network itself, how many subnets it has, one of them, or its place in a larger one.
  private static func subnet(_ call: Call) throws(TemplateError) -> Value {
    guard let network = IPNetwork(call.text) else { return false }
    guard let query = call["query"], query.isTruthy else { return .string(network.cidr) }
    guard let prefix = call.integer("query") else {
      return .string(String(try place(of: network, in: PythonText.str(query), call)))
    }
    let index = call.integer("index")
    if network.isSingle {
      guard (0..<network.bits).contains(prefix) else { return false }
      guard let index else { return .string(network.within(prefix).cidr) }
      // The networks around an address, from the one of `prefix` bits to the smallest.
      let size = prefix + index + (index < 0 ? network.bits - prefix : 0)
      guard (prefix..<network.bits).contains(size) else {
        throw call.failure("list index out of range")
      }
      return .string(network.within(size).cidr)
    }
    guard (network.prefix...network.bits).contains(prefix) else {
      throw call.failure("Requested subnet size of \(prefix) is invalid")
    }
    if let index { return network.subnet(prefix, index).map { .string($0.cidr) } ?? false }
    return .string(String(UInt128(1) << UInt128(prefix - network.prefix)))
  }

  private static func place(
    of network: IPNetwork, in text: String, _ call: Call
  ) throws(TemplateError) -> UInt128 {
    guard let outer = IPNetwork(text) else {
      throw call.failure("You must pass a valid subnet or IP address; \(text) is invalid")
    }
    guard outer.contains(network) else {
      throw call.failure("\(network.addressWithPrefix) is not in the subnet \(outer.cidr)")
    }
    return (network.network - outer.network) >> UInt128(network.bits - network.prefix) + 1
  }

  // MARK: Merging

  private static func merge(_ call: Call) throws(TemplateError) -> Value {
    let texts = call.input.isText ? [call.text] : try call.items().map(PythonText.str)
    let networks = texts.compactMap { IPNetwork($0) }
    guard networks.count == texts.count else {
      throw call.failure("cidr_merge: error in netaddr:")
    }
    switch call.text("action") ?? "merge" {
    case "merge":
      if networks.count == 1 { return [.string(networks[0].addressWithPrefix)] }
      return .list(merged(networks).map { .string($0.cidr) })
    case "span":
      guard let first = networks.first else { return .null }
      guard networks.allSatisfy({ $0.version == first.version }) else {
        throw call.failure("cidr_merge: error in netaddr:")
      }
      var span = first.base
      for network in networks {
        while !span.contains(network.base) { span = span.within(span.prefix - 1) }
      }
      return .string(span.cidr)
    case let other: throw call.failure("cidr_merge: invalid action '\(other)'")
    }
  }

  /// The fewest networks that hold the same addresses, in order.
  private static func merged(_ networks: [IPNetwork]) -> [IPNetwork] {
    let sorted = networks.map(\.base).sorted { one, other in
      (one.version, one.address, one.prefix) < (other.version, other.address, other.prefix)
    }
    var result: [IPNetwork] = []
    for network in sorted {
      if let last = result.last, last.contains(network) { continue }
      result.append(network)
      // Two halves are one; that may be a half again.
      while result.count > 1, let last = result.last, last.prefix > 0 {
        let whole = last.within(last.prefix - 1)
        let other = result[result.count - 2]
        guard other.prefix == last.prefix, whole.contains(other) else { break }
        result.removeLast(2)
        result.append(whole)
      }
    }
    return result
  }
}
