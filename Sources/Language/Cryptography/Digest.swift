internal import CCrypto

/// A hash function of libcrypto.
package protocol Digest: SendableMetatype {
  /// What libcrypto calls it.
  static var name: String { get }
}

extension Digest {
  /// The digest of `bytes`.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var stream = DigestStream(Self.self)
    bytes.withUnsafeBytes { stream.update($0) }
    return stream.finish()
  }

  /// The digest of a text's UTF-8 bytes.
  package static func hash(_ text: String) -> [UInt8] { hash(Array(text.utf8)) }

  /// The digest of `bytes` in lowercase hexadecimal digits.
  package static func hex(_ bytes: [UInt8]) -> String { Hexadecimal.encode(hash(bytes)) }

  /// The digest of a text's UTF-8 bytes in lowercase hexadecimal digits.
  package static func hex(_ text: String) -> String { hex(Array(text.utf8)) }
}

/// MD5: 16 bytes; only for what old formats ask for, never for safety.
package enum MD5: Digest { package static let name = "MD5" }
/// SHA-1: 20 bytes; what Ansible's `checksum` is, and known_hosts hashes with.
package enum SHA1: Digest { package static let name = "SHA1" }
/// SHA-2 with 28 bytes.
package enum SHA224: Digest { package static let name = "SHA224" }
/// SHA-2 with 32 bytes.
package enum SHA256: Digest { package static let name = "SHA256" }
/// SHA-2 with 48 bytes.
package enum SHA384: Digest { package static let name = "SHA384" }
/// SHA-2 with 64 bytes.
package enum SHA512: Digest { package static let name = "SHA512" }

/// SHA-3 with 28 bytes.
package enum SHA3224: Digest { package static let name = "SHA3-224" }
/// SHA-3 with 32 bytes.
package enum SHA3256: Digest { package static let name = "SHA3-256" }
/// SHA-3 with 48 bytes.
package enum SHA3384: Digest { package static let name = "SHA3-384" }
/// SHA-3 with 64 bytes.
package enum SHA3512: Digest { package static let name = "SHA3-512" }
/// BLAKE2b with 64 bytes (RFC 7693).
package enum BLAKE2b: Digest { package static let name = "BLAKE2b512" }
/// BLAKE2s with 32 bytes (RFC 7693).
package enum BLAKE2s: Digest { package static let name = "BLAKE2s256" }

/// A digest of data that comes in pieces.
package struct DigestStream: ~Copyable {
  private let context: OpaquePointer
  private let length: Int

  package init(_ digest: any Digest.Type) {
    guard let function = EVP_get_digestbyname(digest.name), let context = EVP_MD_CTX_new(),
      EVP_DigestInit_ex(context, function, nil) == 1
    else { fatalError("libcrypto has no \(digest.name)") }
    self.context = context
    length = Int(EVP_MD_get_size(function))
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes the next piece.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      fatalError("libcrypto can't hash")
    }
  }

  /// Takes the next piece.
  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The digest of all pieces.
  package consuming func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { fatalError("libcrypto can't hash") }
    return digest
  }
}
