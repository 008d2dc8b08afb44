internal import OrderedCollections
internal import Values

/// Interfaces, addresses and the way out.
struct NetworkFacts: Sendable {
  let sections: FactSections

  /// An interface as `/sys/class/net` and `ip` describe it.
  private struct Interface {
    var facts: Facts
    var secondaries: [Value] = []
    var ipv6: [Value] = []
    var ipv4: Facts?
    var isLoopback: Bool
  }

  var facts: Facts {
    let interfaces = self.interfaces
    var facts: Facts = ["interfaces": .strings(interfaces.keys)]
    var all4: [Value] = []
    var all6: [Value] = []
    for (name, interface) in interfaces {
      var shown = interface.facts
      if let ipv4 = interface.ipv4 { shown["ipv4"] = .object(ipv4) }
      if !interface.secondaries.isEmpty { shown["ipv4_secondaries"] = .list(interface.secondaries) }
      if !interface.ipv6.isEmpty { shown["ipv6"] = .list(interface.ipv6) }
      facts[name.replacing("-", with: "_").replacing(":", with: "_")] = .object(shown)
      for address in ([interface.ipv4.map(Value.object)] + interface.secondaries)
        .compactMap({ $0?["address"] })
      where !address.description.hasPrefix("127.") { all4.append(address) }
      for address in interface.ipv6.compactMap({ $0["address"] }) where address != "::1" {
        all6.append(address)
      }
    }
    facts["all_ipv4_addresses"] = .list(all4)
    facts["all_ipv6_addresses"] = .list(all6)
    facts["default_ipv4"] = .object(route("route4", interfaces))
    facts["default_ipv6"] = .object(route("route6", interfaces))
    return facts
  }

  private var interfaces: OrderedDictionary<String, Interface> {
    var interfaces: OrderedDictionary<String, Interface> = [:]
    for line in sections.lines("interfaces") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 7 else { continue }
      interfaces[fields[0]] = Self.interface(fields)
    }
    for line in sections.lines("addresses") { Self.add(FactSections.words(line), to: &interfaces) }
    return interfaces
  }

  private static func interface(_ fields: [String]) -> Interface {
    let flags = Int(fields[4].dropFirst(2), radix: 16) ?? 0
    let types = [
      "1": "ether", "32": "infiniband", "512": "ppp", "772": "loopback", "65534": "tunnel",
    ]
    let type = fields[6].isEmpty ? types[fields[5]] ?? "unknown" : fields[6]
    var facts: Facts = [
      "device": .string(fields[0]), "mtu": .int(Int(fields[2]) ?? 0),
      "active": .bool(fields[3] != "down"), "promisc": .bool(flags & 0x100 != 0),
      "type": .string(type),
    ]
    let address = fields[1]
    if !address.isEmpty, address != "00:00:00:00:00:00" { facts["macaddress"] = .string(address) }
    if fields.count > 7, let speed = Int(fields[7]) { facts["speed"] = .int(speed) }
    return Interface(facts: facts, isLoopback: type == "loopback")
  }

  /// Understands a line of `ip -o addr`: `2: eth0 inet 10.0.0.1/24 brd 10.0.0.255 scope global`.
  private static func add(
    _ words: [String], to interfaces: inout OrderedDictionary<String, Interface>
  ) {
    guard words.count >= 4, words[2] == "inet" || words[2] == "inet6" else { return }
    let name = words[1].split(separator: "@").first.map(String.init) ?? words[1]
    guard interfaces[name] != nil else { return }
    func word(after key: String) -> String? {
      words.firstIndex(of: key).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    }
    let parts = words[3].split(separator: "/").map(String.init)
    guard let address = parts.first else { return }
    if words[2] == "inet6" {
      interfaces[name]?.ipv6.append(
        .object([
          "address": .string(address), "prefix": .string(parts.count > 1 ? parts[1] : "128"),
          "scope": .string(word(after: "scope") ?? "global"),
        ]))
      return
    }
    let prefix = parts.count > 1 ? Int(parts[1]) ?? 32 : 32
    let mask = prefix == 0 ? 0 : UInt32.max << UInt32(32 - prefix)
    let facts: Facts = [
      "address": .string(address), "broadcast": .string(word(after: "brd") ?? ""),
      "netmask": .string(dotted(mask)),
      "network": .string(number(address).map { dotted($0 & mask) } ?? ""),
      "prefix": .string(String(prefix)),
    ]
    if interfaces[name]?.ipv4 == nil {
      interfaces[name]?.ipv4 = facts
    } else {
      interfaces[name]?.secondaries.append(.object(facts))
    }
  }

  private static func number(_ address: String) -> UInt32? {
    let parts = address.split(separator: ".").compactMap { UInt32($0) }
    return parts.count == 4 ? parts.reduce(0) { $0 << 8 | $1 & 255 } : nil
  }

  private static func dotted(_ number: UInt32) -> String {
    [24, 16, 8, 0].map { String(number >> $0 & 255) }.joined(separator: ".")
  }

  /// The interface, address and gateway by which the world is reached; empty without a route.
  private func route(
    _ section: String, _ interfaces: OrderedDictionary<String, Interface>
  ) -> Facts {
    let words = FactSections.words(sections.first(section))
    func word(after key: String) -> String? {
      words.firstIndex(of: key).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    }
    guard let name = word(after: "dev"), let source = word(after: "src"),
      let interface = interfaces[name]
    else { return [:] }
    var facts: Facts = ["interface": .string(name), "address": .string(source)]
    if let gateway = word(after: "via") { facts["gateway"] = .string(gateway) }
    let known =
      [interface.ipv4.map(Value.object)].compactMap { $0 } + interface.secondaries
      + interface.ipv6
    if let own = known.first(where: { $0["address"] == .string(source) }) {
      for key in ["broadcast", "netmask", "network", "prefix", "scope"] {
        if let value = own[key] { facts[key] = value }
      }
    }
    for key in ["macaddress", "mtu", "type"] { facts[key] = interface.facts[key] }
    if section == "route4" { facts["alias"] = .string(name) }
    return facts
  }
}
