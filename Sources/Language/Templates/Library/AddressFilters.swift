internal import Values

/// `ansible.utils.ipaddr` and its kin, in the forms that templates use.
enum AddressFilters {
  static let all: [LibraryFunction] = [
    filter("ipaddr", version: nil), filter("ipv4", version: 4), filter("ipv6", version: 6),
    LibraryFunction(
      "ipwrap", "query?",
      whole: { (call) throws(TemplateError) in
        guard case .string(let text) = call.input, let network = IPNetwork(text),
          network.version == 6
        else { return call.input }
        let parts = text.split(separator: "/", maxSplits: 1)
        return .string("[\(parts[0])]" + (parts.count > 1 ? "/\(parts[1])" : ""))
      }),
    LibraryFunction(
      "network_in_network", "test",
      whole: { (call) throws(TemplateError) in
        guard let outer = IPNetwork(call.text), let inner = IPNetwork(call.text("test") ?? "")
        else {
          return false
        }
        return .bool(outer.contains(inner))
      }),
    LibraryFunction(
      "network_in_usable", "test",
      whole: { (call) throws(TemplateError) in
        guard let outer = IPNetwork(call.text), let inner = IPNetwork(call.text("test") ?? "")
        else {
          return false
        }
        return .bool(
          outer.contains(inner) && inner.address != outer.network
            && (inner.address != outer.broadcast || outer.version == 6))
      }),
    LibraryFunction(
      "ipmath", "amount",
      whole: { (call) throws(TemplateError) in
        guard let network = IPNetwork(call.text) else {
          throw call.failure("You must pass a valid IP address; \(call.text) is invalid")
        }
        return .string(network.text(of: network.adding(try call.int("amount") ?? 0)))
      }),
    LibraryFunction(
      "nthhost", "query?",
      whole: { (call) throws(TemplateError) in
        guard let network = IPNetwork(call.text), let number = try call.int("query"),
          let host = network.host(number)
        else { return false }
        return .string(network.text(of: host))
      }),
    LibraryFunction(
      "ipsubnet", "query?", "index?",
      whole: { (call) throws(TemplateError) in
        guard let network = IPNetwork(call.text) else { return false }
        guard let query = call["query"], query != .null else { return .string(network.cidr) }
        guard let prefix = query.pythonInt ?? query.text.flatMap({ Int($0) }),
          let index = try call.int("index") ?? call["index"]?.text.flatMap({ Int($0) })
        else { throw call.failure("ipsubnet: give the size of the subnets and which of them") }
        guard let subnet = network.subnet(prefix, index) else { return false }
        return .string(subnet.cidr)
      }),
  ]

  private static func filter(_ name: String, version: Int?) -> LibraryFunction {
    LibraryFunction(
      name, "query?", "version?", "alias?",
      whole: { (call) throws(TemplateError) in
        let version = try call.int("version") ?? version
        let query = call.value("query")
        if case .list(let items) = call.input {
          var found: [Value] = []
          for item in items {
            let answer = try self.answer(item, query, version)
            if answer.isTruthy { found.append(answer) }
          }
          return .list(found)
        }
        return try answer(call.input, query, version)
      })
  }

  private static func answer(
    _ input: Value, _ query: Value, _ version: Int?
  ) throws(TemplateError) -> Value {
    guard case .string(let text) = input, let network = IPNetwork(text),
      version == nil || version == network.version
    else { return false }
    if let index = query.pythonInt ?? query.text.flatMap({ Int($0) }) {
      guard let address = network.element(index) else { return false }
      return .string(network.text(of: address) + "/\(network.prefix)")
    }
    switch query.text ?? "" {
    case "": return .string(text.contains("/") ? network.addressWithPrefix : network.text)
    case "address", "ip":
      return network.isNetworkAddress && network.prefix < network.bits
        ? false : .string(network.text)
    case "host", "host/prefix":
      return network.isNetworkAddress && network.prefix < network.bits
        ? false : .string(network.addressWithPrefix)
    case "network", "network_id": return .string(network.text(of: network.network))
    case "prefix": return .int(network.prefix)
    case "netmask": return .string(network.text(of: network.mask))
    case "hostmask", "wildcard": return .string(network.text(of: network.hostMask))
    case "broadcast":
      return network.prefix < network.bits - 1 ? .string(network.text(of: network.broadcast)) : ""
    case "size": return .int(network.size ?? Int.max)
    case "subnet", "net", "cidr":
      if query.text == "net", !network.isNetworkAddress { return false }
      return .string(network.cidr)
    case "network/prefix": return .string(network.cidr)
    case "network/netmask":
      return .string("\(network.text(of: network.network))/\(network.text(of: network.mask))")
    case "address/prefix", "gateway", "gw", "router":
      return .string(network.addressWithPrefix)
    case "first_usable": return network.host(1).map { .string(network.text(of: $0)) } ?? false
    case "last_usable": return network.host(-1).map { .string(network.text(of: $0)) } ?? false
    case "range_usable":
      guard let first = network.host(1), let last = network.host(-1) else { return false }
      return .string("\(network.text(of: first))-\(network.text(of: last))")
    case "version": return .int(network.version)
    case "type":
      return .string(
        network.isNetworkAddress && network.prefix < network.bits ? "network" : "address")
    case "private": return network.isPrivate ? input : false
    case "public": return network.isPrivate || network.isLoopback ? false : input
    case "loopback", "lo": return network.isLoopback ? input : false
    case "multicast": return network.isMulticast ? input : false
    case "link-local": return network.isLinkLocal ? input : false
    case "ipv4": return network.version == 4 ? input : false
    case "ipv6": return network.version == 6 ? input : false
    case "wrap", "ipwrap": return .string(network.version == 6 ? "[\(network.text)]" : text)
    case "revdns": return .string(network.reverseName)
    case "int": return network.integer.map { .int($0) } ?? .string(network.text)
    case let other:
      if let outer = IPNetwork(other) { return outer.contains(network) ? input : false }
      throw TemplateError(
        .other, "ipaddr: unknown filter type: \(other)",
        help: "known are address, network, prefix, netmask, broadcast, size, subnet, …")
    }
  }
}
