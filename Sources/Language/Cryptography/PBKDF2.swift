internal import CCrypto

/// Keys from passwords (RFC 8018).
package enum PBKDF2 {
  /// A key of `length` bytes, by `iterations` rounds of HMAC-SHA-256; both must be above 0.
  package static func sha256(
    password: [UInt8], salt: [UInt8], iterations: Int, length: Int
  ) -> [UInt8] {
    var key = [UInt8](repeating: 0, count: length)
    let done = password.withUnsafeBytes { bytes in
      PKCS5_PBKDF2_HMAC(
        bytes.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) }, Int32(password.count),
        salt, Int32(salt.count), Int32(iterations), EVP_sha256(), Int32(length), &key)
    }
    guard done == 1 else { fatalError("libcrypto can't derive a key of \(length) bytes") }
    return key
  }
}
