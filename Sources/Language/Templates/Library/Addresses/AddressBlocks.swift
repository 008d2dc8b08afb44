/// What blocks of addresses are for, by IANA's registries of special addresses.
extension IPNetwork {
  private func isIn(_ networks: [IPNetwork]) -> Bool { networks.contains { $0.contains(self) } }

  private static func blocks(_ texts: String...) -> [IPNetwork] { texts.compactMap { .init($0) } }

  private static let loopbacks = blocks("127.0.0.0/8", "::1/128")
  private static let multicasts = blocks("224.0.0.0/4", "ff00::/8")
  private static let linkLocals = blocks("169.254.0.0/16", "fe80::/10")
  private static let reserved = blocks(
    "240.0.0.0/4", "::/8", "100::/8", "200::/7", "400::/6", "800::/5", "1000::/4", "4000::/3",
    "6000::/3", "8000::/3", "a000::/3", "c000::/3", "e000::/4", "f000::/5", "f800::/6", "fe00::/9")
  /// What the Internet doesn't route.
  private static let internals = blocks(
    "0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "240.0.0.0/4", "::/128", "::1/128", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
    "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10")
  private static let shared = blocks("100.64.0.0/10")
  /// What the Internet routes of the blocks above.
  private static let exceptions = blocks(
    "192.0.0.9/32", "192.0.0.10/32", "2001:1::1/128", "2001:1::2/128", "2001:3::/32",
    "2001:4:112::/48", "2001:20::/28", "2001:30::/28")

  var isLoopback: Bool { isIn(Self.loopbacks) }
  var isMulticast: Bool { isIn(Self.multicasts) }
  var isLinkLocal: Bool { isIn(Self.linkLocals) }
  var isReserved: Bool { isIn(Self.reserved) }
  /// Not meant for the Internet.
  var isPrivate: Bool { isIn(Self.internals) && !isIn(Self.exceptions) }
  /// Between customers and their provider (RFC 6598): neither private nor public.
  var isShared: Bool { isIn(Self.shared) }
  var isUnspecified: Bool { address == 0 && isSingle }
  /// An IPv4 address written as an IPv6 one: `::ffff:10.0.0.1`.
  var isMappedV4: Bool { version == 6 && prefix >= 96 && address >> 32 == 0xFFFF }
  /// The first form of the same, `::10.0.0.1`.
  var isCompatibleV4: Bool { version == 6 && prefix >= 96 && address >> 32 == 0 }
  var is6to4: Bool { version == 6 && address >> 112 == 0x2002 }
  var isTeredo: Bool { version == 6 && address >> 96 == 0x2001_0000 }
}
