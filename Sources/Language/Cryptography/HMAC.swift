internal import CCrypto

/// Message authentication by a hash and a key (RFC 2104).
package enum HMAC {
  package static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    authenticate(message, key: key, with: SHA1.self)
  }

  package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    authenticate(message, key: key, with: SHA256.self)
  }

  package static func sha512(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    authenticate(message, key: key, with: SHA512.self)
  }

  private static func authenticate(
    _ message: [UInt8], key: [UInt8], with digest: any Digest.Type
  ) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    // A null key would mean "the key of before" to libcrypto: hand it a pointer even if it's empty.
    let padded = key.isEmpty ? [0] : key
    guard
      CCrypto.HMAC(
        EVP_get_digestbyname(digest.name), padded, Int32(key.count), message, message.count,
        &code, &length) != nil
    else { fatalError("libcrypto can't authenticate with \(digest.name)") }
    return Array(code.prefix(Int(length)))
  }
}
