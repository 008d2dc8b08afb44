internal import Cryptography

/// Public keys as SSH sends them: strings with their lengths before them, the first is the type.
enum SSHKey {
  /// `ssh-ed25519`, …; nil if it's no key.
  static func type(of blob: [UInt8]) -> String? {
    var reader = SSHReader(blob)
    return reader.string().map { String(decoding: $0, as: UTF8.self) }
  }

  /// `SHA256:…`, as ssh-keygen -l shows it.
  static func fingerprint(of blob: [UInt8]) -> String {
    var text = Base64.encode(SHA256.hash(blob))
    while text.hasSuffix("=") { text.removeLast() }
    return "SHA256:" + text
  }

  /// `ED25519`, as messages call a type.
  static func shortName(of blob: [UInt8]) -> String {
    let type = type(of: blob) ?? "?"
    if type.hasPrefix("ecdsa-") { return "ECDSA" }
    return type.hasPrefix("ssh-") ? type.dropFirst(4).uppercased() : type
  }
}

/// Takes SSH's data types (RFC 4251, section 5) from bytes, one after the other.
struct SSHReader {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  /// Whether all is read.
  var isAtEnd: Bool { bytes.isEmpty }

  mutating func byte() -> UInt8? { bytes.popFirst() }

  mutating func number() -> UInt32? {
    guard bytes.count >= 4 else { return nil }
    let number = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    bytes = bytes.dropFirst(4)
    return number
  }

  mutating func string() -> [UInt8]? {
    guard let length = number(), Int(length) <= bytes.count else { return nil }
    let string = Array(bytes.prefix(Int(length)))
    bytes = bytes.dropFirst(Int(length))
    return string
  }
}

/// Puts SSH's data types together.
struct SSHWriter {
  private(set) var bytes: [UInt8] = []

  mutating func byte(_ byte: UInt8) { bytes.append(byte) }

  mutating func number(_ number: UInt32) {
    for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(number >> shift & 255)) }
  }

  mutating func string(_ string: [UInt8]) {
    number(UInt32(string.count))
    bytes += string
  }

  mutating func string(_ string: String) { self.string(Array(string.utf8)) }
}
