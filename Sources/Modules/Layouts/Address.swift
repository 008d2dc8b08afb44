internal import Glibc

/// An IP address, or the name of one.
package struct Address: Hashable, Sendable {
  /// As written, in small letters.
  package var text: String
  /// 4 or 16 bytes; nil where the text is a name.
  package var bytes: [UInt8]?

  package init(_ text: String) {
    self.text = text.lowercased()
    bytes = Self.bytes(of: self.text)
  }

  package static func == (left: Address, right: Address) -> Bool {
    left.bytes == nil ? left.text == right.text : left.bytes == right.bytes
  }

  package func hash(into hasher: inout Hasher) {
    if let bytes { hasher.combine(bytes) } else { hasher.combine(text) }
  }

  /// Whether it leads to the host itself: 127.0.0.0/8, ::1, `localhost`.
  package var isLoopback: Bool {
    guard let bytes else { return text == "localhost" }
    return bytes.count == 4
      ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
  }

  /// Whether both lie in one network of this prefix length; false for names.
  package func sharesNetwork(with other: Address, prefixLength: Int) -> Bool {
    guard let bytes, let others = other.bytes, bytes.count == others.count else { return false }
    for (index, pair) in zip(bytes, others).enumerated() {
      let bits = max(0, min(8, prefixLength - index * 8))
      let mask = UInt8(truncatingIfNeeded: 0xff00 >> bits)
      if pair.0 & mask != pair.1 & mask { return false }
    }
    return true
  }

  private static func bytes(of text: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }
}

extension Address: CustomStringConvertible {
  package var description: String { text }
}
