/// Addresses as text: RFC 4291's forms are read, RFC 5952's is written.
enum IPAddressText {
  /// The version and the number of an address; nil where the text is none.
  static func parse(_ text: Substring) -> (version: Int, address: UInt128)? {
    if let address = parseV4(text) { return (4, address) }
    return parseV6(text).map { (6, $0) }
  }

  private static func parseV4(_ text: Substring) -> UInt128? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt128 = 0
    for part in parts {
      // `010` was octal once: nobody can tell what is meant.
      guard part == "0" || !part.hasPrefix("0"), part.utf8.allSatisfy({ (48...57).contains($0) }),
        let byte = UInt8(part)
      else { return nil }
      address = address << 8 | UInt128(byte)
    }
    return address
  }

  private static func parseV6(_ text: Substring) -> UInt128? {
    guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
    let text = String(text)
    var halves: [String] = []
    var end = text.startIndex
    for range in PythonString.ranges(of: "::", in: text) {
      halves.append(String(text[end..<range.lowerBound]))
      end = range.upperBound
    }
    halves.append(String(text[end...]))
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
        guard (1...4).contains(part.utf8.count),
          part.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit),
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups
  }

  // MARK: Writing

  /// The groups of an IPv6 address.
  static func groups(_ address: UInt128) -> [UInt16] {
    (0..<8).map { UInt16(truncatingIfNeeded: address >> UInt128(112 - 16 * $0)) }
  }

  /// The shortest text of an address.
  static func text(_ address: UInt128, version: Int) -> String {
    if version == 4 {
      return [24, 16, 8, 0].map { String(address >> UInt128($0) & 255) }.joined(separator: ".")
    }
    let groups = groups(address)
    let zeros = longestZeros(groups)
    // An IPv4 address inside of IPv6 is shown as one, as `inet_ntop` does.
    if zeros == 0..<6 || zeros == 0..<5 && groups[5] == 0xFFFF {
      return (zeros.count == 6 ? "::" : "::ffff:") + text(address & 0xFFFF_FFFF, version: 4)
    }
    func joined(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard zeros.count > 1 else { return joined(groups[...]) }
    return joined(groups[..<zeros.lowerBound]) + "::" + joined(groups[zeros.upperBound...])
  }

  private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > best.count { best = start..<end }
      start = max(end, start + 1)
    }
    return best
  }

  /// All digits of an IPv6 address, or as X.509 has it: without leading zeros and without `::`.
  static func expanded(_ address: UInt128, isPadded: Bool) -> String {
    groups(address).map { group in
      let digits = String(group, radix: 16)
      return isPadded ? String(repeating: "0", count: 4 - digits.count) + digits : digits
    }.joined(separator: ":")
  }

  /// The name that DNS has for an address.
  static func reverseName(_ address: UInt128, version: Int) -> String {
    if version == 4 {
      return [0, 8, 16, 24].map { String(address >> UInt128($0) & 255) }.joined(separator: ".")
        + ".in-addr.arpa."
    }
    return (0..<32).map { String(address >> UInt128(4 * $0) & 15, radix: 16) }
      .joined(separator: ".") + ".ip6.arpa."
  }
}
