/// An IPv4 address with the length of its network's prefix, as `10.0.0.5/24`.
package struct LabAddress: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The address in dotted form.
  package let address: String
  /// The length of the network's prefix in bits, 1 to 32.
  package let prefixLength: Int

  /// An address; whether it is well-formed is checked by `LabSpecification.validate`.
  package init(_ address: String, prefixLength: Int = 24) {
    self.address = address
    self.prefixLength = prefixLength
  }

  /// `10.0.0.5/24`, as `ip address add` takes it.
  package var description: String { "\(address)/\(prefixLength)" }

  /// The address as a number, or nil if it isn't four decimal bytes.
  var number: UInt32? {
    let parts = address.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard part.count <= 3, part.allSatisfy(\.isWholeNumber), let byte = UInt8(part) else {
        return nil
      }
      number = number << 8 | UInt32(byte)
    }
    return number
  }

  /// Whether the other address lies in this one's network.
  func contains(_ other: LabAddress) -> Bool {
    guard let mine = number, let theirs = other.number, (1...32).contains(prefixLength) else {
      return false
    }
    let mask = UInt32.max << UInt32(32 - prefixLength)
    return mine & mask == theirs & mask
  }
}
