/// Bytes that nobody can guess.
package enum SecureRandom {
  /// `count` random bytes of the system's generator, which is one for cryptography.
  package static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  /// `count` random bytes as lowercase hexadecimal digits, two for each.
  package static func hex(_ count: Int) -> String { Hexadecimal.encode(bytes(count)) }
}

/// Comparison that takes as long whatever the bytes are.
package enum ConstantTime {
  /// Whether both hold the same bytes; only their lengths can be told from the time it takes.
  package static func equal(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(one, other) { difference |= left ^ right }
    return difference == 0
  }
}
