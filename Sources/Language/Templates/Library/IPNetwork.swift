/// An address of IPv4 or IPv6 with the size of its network.
struct IPNetwork: Equatable {
  /// 4 or 6.
  let version: Int
  let address: UInt128
  let prefix: Int

  /// How many bits an address has.
  var bits: Int { version == 4 ? 32 : 128 }

  /// `10.0.0.1`, `10.0.0.1/24`, `10.0.0.1/255.255.255.0`, `fd00::1/64`; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let (version, address) = Self.parse(first) else { return nil }
    self.version = version
    self.address = address
    let bits = version == 4 ? 32 : 128
    guard parts.count > 1 else {
      prefix = bits
      return
    }
    if let number = Int(parts[1]), (0...bits).contains(number) {
      prefix = number
    } else if version == 4, let mask = Self.parseV4(parts[1]) {
      let ones = mask.nonzeroBitCount
      guard mask == Self.mask(ones, bits: 32) else { return nil }
      prefix = ones
    } else {
      return nil
    }
  }

  private init(version: Int, address: UInt128, prefix: Int) {
    self.version = version
    self.address = address
    self.prefix = prefix
  }

  private static func parse(_ text: Substring) -> (Int, UInt128)? {
    if let address = parseV4(text) { return (4, address) }
    return parseV6(text).map { (6, $0) }
  }

  private static func parseV4(_ text: Substring) -> UInt128? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt128 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isNumber }),
        let byte = UInt8(part)
      else { return nil }
      address = address << 8 | UInt128(byte)
    }
    return address
  }

  private static func parseV6(_ text: Substring) -> UInt128? {
    guard text.contains(":") else { return nil }
    let halves = String(text).components(between: "::")
    guard halves.count <= 2 else { return nil }
    var groups: [[UInt16]] = []
    for half in halves {
      guard let group = parseGroups(half) else { return nil }
      groups.append(group)
    }
    let count = groups.reduce(0) { $0 + $1.count }
    guard halves.count == 2 ? count < 8 : count == 8 else { return nil }
    let missing = [UInt16](repeating: 0, count: 8 - count)
    let all = halves.count == 2 ? groups[0] + missing + groups[1] : groups[0]
    return all.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
  }

  private static func parseGroups(_ text: String) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, let v4 = parseV4(part) {
        groups += [UInt16(truncatingIfNeeded: v4 >> 16), UInt16(truncatingIfNeeded: v4)]
      } else {
        guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit),
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups
  }

  // MARK: Parts

  private static func mask(_ prefix: Int, bits: Int) -> UInt128 {
    let all: UInt128 = bits == 128 ? .max : (1 << UInt128(bits)) - 1
    return prefix == 0 ? 0 : all & ~((UInt128(1) << UInt128(bits - prefix)) &- 1)
  }

  var mask: UInt128 { Self.mask(prefix, bits: bits) }
  var hostMask: UInt128 { ~mask & Self.mask(bits, bits: bits) }
  var network: UInt128 { address & mask }
  var broadcast: UInt128 { network | hostMask }
  var isNetworkAddress: Bool { address == network }
  /// How many addresses there are; nil where that doesn't fit.
  var size: Int? { bits - prefix < 63 ? 1 << (bits - prefix) : nil }
  var text: String { text(of: address) }
  var addressWithPrefix: String { "\(text)/\(prefix)" }
  var cidr: String { "\(text(of: network))/\(prefix)" }
  var integer: Int? { Int(exactly: address) }

  func contains(_ other: IPNetwork) -> Bool {
    version == other.version && prefix <= other.prefix && other.address & mask == network
  }

  private func isIn(_ networks: String...) -> Bool {
    networks.contains { IPNetwork($0)?.contains(self) ?? false }
  }

  var isPrivate: Bool { isIn("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7") }
  var isLoopback: Bool { isIn("127.0.0.0/8", "::1/128") }
  var isMulticast: Bool { isIn("224.0.0.0/4", "ff00::/8") }
  var isLinkLocal: Bool { isIn("169.254.0.0/16", "fe80::/10") }

  func adding(_ amount: Int) -> UInt128 {
    amount < 0 ? address &- UInt128(amount.magnitude) : address &+ UInt128(amount)
  }

  /// The address at a place of the network, from its end where that is negative.
  func element(_ index: Int) -> UInt128? {
    let found =
      index < 0 ? broadcast &- UInt128(index.magnitude - 1) : network &+ UInt128(index)
    return (network...broadcast).contains(found) ? found : nil
  }

  /// The host of a number, from 1 on, or from the last, -1, back.
  func host(_ number: Int) -> UInt128? {
    if bits - prefix <= 1 { return element(number > 0 ? number - 1 : number) }
    return element(number < 0 ? number - (version == 4 ? 1 : 0) : number)
  }

  /// One of the smaller networks of `prefix` bits in this one.
  func subnet(_ prefix: Int, _ index: Int) -> IPNetwork? {
    guard (self.prefix...bits).contains(prefix), prefix - self.prefix < 62 else { return nil }
    let count = 1 << (prefix - self.prefix)
    let at = index < 0 ? index + count : index
    guard (0..<count).contains(at) else { return nil }
    let start = network + (UInt128(at) << UInt128(bits - prefix))
    return IPNetwork(version: version, address: start, prefix: prefix)
  }

  // MARK: Text

  func text(of address: UInt128) -> String {
    if version == 4 {
      return [24, 16, 8, 0].map { String(address >> UInt128($0) & 255) }.joined(separator: ".")
    }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: address >> UInt128(112 - 16 * $0)) }
    return Self.text(of: groups)
  }

  /// The longest run of zeros, if it is longer than one, is `::` (RFC 5952).
  private static func text(of groups: [UInt16]) -> String {
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > best.count { best = start..<end }
      start = max(end, start + 1)
    }
    func joined(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard best.count > 1 else { return joined(groups[...]) }
    return joined(groups[..<best.lowerBound]) + "::" + joined(groups[best.upperBound...])
  }

  /// The name that DNS has for the address.
  var reverseName: String {
    if version == 4 {
      return [0, 8, 16, 24].map { String(address >> UInt128($0) & 255) }.joined(separator: ".")
        + ".in-addr.arpa."
    }
    return (0..<32).map { String(address >> UInt128(4 * $0) & 15, radix: 16) }
      .joined(separator: ".") + ".ip6.arpa."
  }
}

extension String {
  /// The parts between a separator of two characters.
  fileprivate func components(between separator: String) -> [String] {
    var parts: [String] = []
    var end = startIndex
    for range in PythonString.ranges(of: separator, in: self) {
      parts.append(String(self[end..<range.lowerBound]))
      end = range.upperBound
    }
    return parts + [String(self[end...])]
  }
}
