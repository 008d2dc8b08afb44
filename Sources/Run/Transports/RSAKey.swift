internal import CCrypto

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// RSA signatures with SHA-256, made by libcrypto: libssh2 before 1.11 knows only SHA-1, which no
/// server of today takes.
///
/// Unchecked: the key is only read once it's made, which libcrypto allows from any thread.
final class RSAKey: Signer, @unchecked Sendable {
  private let key: OpaquePointer
  let publicKey: [UInt8]

  private init?(taking key: OpaquePointer) {
    guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, let e = Self.number("e", of: key),
      let n = Self.number("n", of: key)
    else {
      EVP_PKEY_free(key)
      return nil
    }
    self.key = key
    var writer = SSHWriter()
    writer.string("rsa-sha2-256")
    writer.string(Self.signed(e))
    writer.string(Self.signed(n))
    publicKey = writer.bytes
  }

  deinit { EVP_PKEY_free(key) }

  /// The key in a PEM text, PKCS#1 or PKCS#8; nil if it's no RSA key or the passphrase is wrong.
  static func pem(_ text: [UInt8], passphrase: String?) -> RSAKey? {
    guard let file = BIO_new_mem_buf(text, Int32(text.count)) else { return nil }
    defer { BIO_free(file) }
    // Never nil: libcrypto would ask at the terminal.
    var phrase = Array((passphrase ?? "").utf8CString)
    defer { ERR_clear_error() }
    return phrase.withUnsafeMutableBytes {
      PEM_read_bio_PrivateKey(file, nil, nil, $0.baseAddress)
    }.flatMap { RSAKey(taking: $0) }
  }

  /// The key of numbers as OpenSSH's own format has them, the highest byte first.
  static func numbers(n: [UInt8], e: [UInt8], d: [UInt8]) -> RSAKey? {
    guard let builder = OSSL_PARAM_BLD_new() else { return nil }
    defer { OSSL_PARAM_BLD_free(builder) }
    var numbers: [OpaquePointer] = []
    // The builder keeps the names' addresses.
    let names = ["n", "e", "d"].map { (name: String) in strdup(name) }
    defer {
      for number in numbers { BN_clear_free(number) }
      for name in names { free(name) }
    }
    for (name, bytes) in zip(names, [n, e, d]) {
      guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { return nil }
      numbers.append(number)
      guard OSSL_PARAM_BLD_push_BN(builder, name, number) == 1 else { return nil }
    }
    guard let parameters = OSSL_PARAM_BLD_to_param(builder),
      let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil)
    else { return nil }
    defer {
      OSSL_PARAM_free(parameters)
      EVP_PKEY_CTX_free(context)
    }
    var key: OpaquePointer?
    guard EVP_PKEY_fromdata_init(context) == 1,
      EVP_PKEY_fromdata(context, &key, ccrypto_key_pair(), parameters) == 1
    else { return nil }
    return key.flatMap { RSAKey(taking: $0) }
  }

  func sign(_ data: [UInt8]) -> [UInt8]? {
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    var length = 0
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
      EVP_DigestSign(context, nil, &length, data, data.count) == 1
    else { return nil }
    var signature = [UInt8](repeating: 0, count: length)
    guard EVP_DigestSign(context, &signature, &length, data, data.count) == 1 else { return nil }
    return Array(signature.prefix(length))
  }

  /// A public key whose type names the signature: servers take `rsa-sha2-256` for `ssh-rsa`.
  static func renamed(_ blob: [UInt8]) -> [UInt8] {
    guard SSHKey.type(of: blob) == "ssh-rsa" else { return blob }
    var writer = SSHWriter()
    writer.string("rsa-sha2-256")
    return writer.bytes + blob.dropFirst(4 + "ssh-rsa".utf8.count)
  }

  private static func number(_ name: String, of key: OpaquePointer) -> [UInt8]? {
    var number: OpaquePointer?
    guard EVP_PKEY_get_bn_param(key, name, &number) == 1, let number else { return nil }
    defer { BN_free(number) }
    var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
    BN_bn2bin(number, &bytes)
    return bytes
  }

  /// With a zero in front where the first bit would make it negative.
  private static func signed(_ number: [UInt8]) -> [UInt8] {
    (number.first ?? 0) & 0x80 == 0 ? number : [0] + number
  }
}
