/// An address of IPv4 or IPv6 with the size of its network.
struct IPNetwork: Equatable {
  /// 4 or 6.
  let version: Int
  let address: UInt128
  let prefix: Int

  /// How many bits an address has.
  var bits: Int { version == 4 ? 32 : 128 }

  init(version: Int, address: UInt128, prefix: Int? = nil) {
    self.version = version
    self.address = address
    self.prefix = prefix ?? (version == 4 ? 32 : 128)
  }

  /// `10.0.0.1`, `10.0.0.1/24`, `10.0.0.1/255.255.255.0`, `fd00::1/64`; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let (version, address) = IPAddressText.parse(first) else {
      return nil
    }
    guard parts.count > 1 else {
      self.init(version: version, address: address)
      return
    }
    guard let prefix = Self.prefix(parts[1], version) else { return nil }
    self.init(version: version, address: address, prefix: prefix)
  }

  /// A size in bits, or a mask, or a mask upside down as access lists have it.
  private static func prefix(_ text: Substring, _ version: Int) -> Int? {
    let bits = version == 4 ? 32 : 128
    if let number = Int(PythonString.strip(String(text), nil)) {
      return (0...bits).contains(number) ? number : nil
    }
    guard let (maskVersion, mask) = IPAddressText.parse(text), maskVersion == version else {
      return nil
    }
    let ones = mask.nonzeroBitCount
    if mask == self.mask(ones, bits: bits) { return ones }
    return mask == ~self.mask(bits - ones, bits: bits) & self.mask(bits, bits: bits)
      ? bits - ones : nil
  }

  private static func mask(_ prefix: Int, bits: Int) -> UInt128 {
    let all: UInt128 = bits == 128 ? .max : (1 << UInt128(bits)) - 1
    return prefix == 0 ? 0 : all & ~((UInt128(1) << UInt128(bits - prefix)) &- 1)
  }

  // MARK: Parts

  var mask: UInt128 { Self.mask(prefix, bits: bits) }
  var hostMask: UInt128 { ~mask & Self.mask(bits, bits: bits) }
  var network: UInt128 { address & mask }
  var broadcast: UInt128 { network | hostMask }
  var isNetworkAddress: Bool { address == network }
  /// Whether there is but one address.
  var isSingle: Bool { prefix == bits }
  var text: String { text(of: address) }
  var addressWithPrefix: String { "\(text)/\(prefix)" }
  var cidr: String { "\(text(of: network))/\(prefix)" }
  /// The network alone, with no bits of a host.
  var base: IPNetwork { IPNetwork(version: version, address: network, prefix: prefix) }

  func text(of address: UInt128) -> String { IPAddressText.text(address, version: version) }

  func contains(_ other: IPNetwork) -> Bool {
    version == other.version && prefix <= other.prefix && other.address & mask == network
  }

  /// The address `amount` further; nil where there is none.
  func adding(_ amount: Int) -> UInt128? {
    let step = UInt128(amount.magnitude)
    if amount < 0 { return step <= address ? address - step : nil }
    let (sum, overflow) = address.addingReportingOverflow(step)
    return overflow || sum > Self.mask(bits, bits: bits) ? nil : sum
  }

  /// The address at a place of the network, from its end where that is negative.
  func element(_ index: Int) -> UInt128? {
    let step = UInt128(index < 0 ? index.magnitude - 1 : index.magnitude)
    guard step <= hostMask else { return nil }
    return index < 0 ? broadcast - step : network + step
  }

  // MARK: What hosts may use

  /// Networks of one or two addresses have no network address and no broadcast.
  var firstUsable: UInt128? {
    isSingle ? nil : prefix == bits - 1 ? network : network + 1
  }

  var lastUsable: UInt128? {
    isSingle ? nil : prefix == bits - 1 ? broadcast : broadcast - 1
  }

  /// The host `amount` further, if it is one that may be used.
  func usable(after amount: Int) -> UInt128? {
    guard let first = firstUsable, let last = lastUsable, let found = adding(amount) else {
      return nil
    }
    return first <= found && found <= last ? found : nil
  }

  // MARK: Smaller and larger networks

  /// One of the smaller networks of `prefix` bits in this one, from the last where negative.
  func subnet(_ prefix: Int, _ index: Int) -> IPNetwork? {
    guard (self.prefix...bits).contains(prefix) else { return nil }
    let last = hostMask >> UInt128(bits - prefix)
    let step = UInt128(index < 0 ? index.magnitude - 1 : index.magnitude)
    guard step <= last else { return nil }
    let place = index < 0 ? last - step : step
    return IPNetwork(
      version: version, address: network + (place << UInt128(bits - prefix)), prefix: prefix)
  }

  /// The network of `prefix` bits that the address is in.
  func within(_ prefix: Int) -> IPNetwork {
    IPNetwork(version: version, address: address, prefix: prefix).base
  }
}
