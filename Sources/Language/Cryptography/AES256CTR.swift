internal import CCrypto

/// AES with a 256-bit key in counter mode: what Ansible's vault uses.
package enum AES256CTR {
  /// Encrypts or decrypts, which is the same; nil unless the key has 32 bytes and `iv` 16.
  package static func apply(key: [UInt8], iv: [UInt8], _ bytes: [UInt8]) -> [UInt8]? {
    guard key.count == 32, iv.count == 16, bytes.count < Int(Int32.max) else { return nil }
    guard let context = EVP_CIPHER_CTX_new() else { return nil }
    defer { EVP_CIPHER_CTX_free(context) }
    var result = [UInt8](repeating: 0, count: bytes.count + 16)
    var length: Int32 = 0
    guard EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), nil, key, iv) == 1,
      EVP_EncryptUpdate(context, &result, &length, bytes, Int32(bytes.count)) == 1
    else { return nil }
    result.removeLast(result.count - Int(length))
    return result
  }
}
