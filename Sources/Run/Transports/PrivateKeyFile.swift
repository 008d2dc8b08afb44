internal import Cryptography
internal import Hosts

/// A private key's file, as far as it can be read without its passphrase.
struct PrivateKeyFile {
  /// How the key is written down.
  enum Format: Hashable {
    /// `BEGIN OPENSSH PRIVATE KEY`
    case openSSH
    /// `BEGIN RSA PRIVATE KEY`, `BEGIN EC PRIVATE KEY`, `BEGIN PRIVATE KEY`, …
    case pem
  }

  let path: String
  let content: [UInt8]
  let format: Format
  let isEncrypted: Bool
  /// The cipher's name in OpenSSH's own format.
  private(set) var cipher: String?
  /// The public key, where the file or the `.pub` file beside it tells.
  private(set) var publicKey: [UInt8]?
  /// The unencrypted private part of OpenSSH's own format.
  private var privatePart: [UInt8]?

  init(_ path: String) throws(HostError) {
    self.path = path
    switch LocalFile.read(path, limit: 1 << 20) {
    case .success(let bytes): content = bytes
    case .failure(let error):
      throw HostError(
        .unreachable, "can't read the private key \(error)",
        help: "check ansible_ssh_private_key_file")
    }
    let text = String(decoding: content, as: UTF8.self)
    guard text.contains("-----BEGIN "), text.contains("PRIVATE KEY-----") else {
      throw HostError(
        .unreachable, "\(path) holds no private key",
        help: text.hasPrefix("PuTTY")
          ? "convert it: puttygen \(path) -O private-openssh -o NEW"
          : "name the private key's file, not the public key's")
    }
    if text.contains("BEGIN OPENSSH PRIVATE KEY") {
      format = .openSSH
      let body = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
      guard let bytes = Base64.decode(body), let parts = Self.parts(bytes) else {
        throw HostError(.unreachable, "the private key \(path) is damaged")
      }
      cipher = parts.cipher
      isEncrypted = parts.cipher != "none"
      publicKey = parts.publicKey
      privatePart = isEncrypted ? nil : parts.privatePart
    } else {
      format = .pem
      isEncrypted = text.contains("ENCRYPTED") || text.contains("DEK-Info")
      publicKey = Self.publicKey(beside: path)
    }
  }

  /// Whether it's an RSA key; nil where only opening it can tell.
  var isRSA: Bool? {
    if let publicKey { return SSHKey.type(of: publicKey) == "ssh-rsa" }
    let text = String(decoding: content.prefix(200), as: UTF8.self)
    if text.contains("BEGIN RSA ") { return true }
    return text.contains("BEGIN EC ") ? false : nil
  }

  /// The key to sign with where it's RSA; nil where it isn't, or can't be opened.
  func rsa(passphrase: String?) -> RSAKey? {
    if format == .pem { return RSAKey.pem(content, passphrase: passphrase) }
    guard isRSA == true, let privatePart else { return nil }
    var reader = SSHReader(privatePart)
    guard let first = reader.number(), let second = reader.number(), first == second,
      reader.string() != nil, let n = reader.string(), let e = reader.string(),
      let d = reader.string()
    else { return nil }
    return RSAKey.numbers(n: n, e: e, d: d)
  }

  /// The fields of OpenSSH's own format (PROTOCOL.key).
  private static func parts(
    _ bytes: [UInt8]
  ) -> (cipher: String, publicKey: [UInt8], privatePart: [UInt8])? {
    let magic = Array("openssh-key-v1\0".utf8)
    guard bytes.starts(with: magic) else { return nil }
    var reader = SSHReader(Array(bytes.dropFirst(magic.count)))
    guard let cipher = reader.string(), reader.string() != nil, reader.string() != nil,
      reader.number() == 1, let publicKey = reader.string(), let privatePart = reader.string()
    else { return nil }
    return (String(decoding: cipher, as: UTF8.self), publicKey, privatePart)
  }

  private static func publicKey(beside path: String) -> [UInt8]? {
    let words = LocalFile.text(path + ".pub")?.split(whereSeparator: \.isWhitespace) ?? []
    return words.count >= 2 ? Base64.decode(words[1]) : nil
  }
}
