/// A text encrypted as Ansible's vault does, taken apart.
///
/// `$ANSIBLE_VAULT;1.1;AES256`, or 1.2 with a label, then salt, authentication code and cipher text
/// in hexadecimal digits, the three of them once more so.
package struct VaultEnvelope: Sendable {
  /// Why a text is none.
  package enum Failure: Error, Sendable {
    /// It doesn't begin as vaulted text does.
    case header
    /// It is of another format: its version and its cipher.
    case format(String, String)
    /// Digits are missing or were changed.
    case damage
  }

  /// The name of the password, where the text has one.
  package let label: String?
  private let salt: [UInt8]
  private let code: [UInt8]
  private let cipherText: [UInt8]

  package init(_ text: String) throws(Failure) {
    var lines = text.split(whereSeparator: \.isNewline)[...].map(Self.trimmed)
    let header = lines.isEmpty ? [] : lines.removeFirst().split(separator: ";").map(Self.trimmed)
    guard header.count >= 3, header[0] == "$ANSIBLE_VAULT" else { throw .header }
    guard ["1.1", "1.2"].contains(header[1]), header[2] == "AES256" else {
      throw .format(String(header[1]), String(header[2]))
    }
    label = header.count > 3 ? String(header[3]) : nil
    guard let inner = Hexadecimal.decode(lines.joined()) else { throw .damage }
    let parts = inner.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { Hexadecimal.decode(String(decoding: $0, as: UTF8.self)) }
    guard parts.count == 3, let salt = parts[0], let code = parts[1], let cipherText = parts[2],
      !cipherText.isEmpty, cipherText.count.isMultiple(of: 16)
    else { throw .damage }
    (self.salt, self.code, self.cipherText) = (salt, code, cipherText)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }

  /// Works out the keys for a password, so that `open` finds them among the known.
  package func prepare(_ password: [UInt8], _ known: VaultKeyCache) {
    _ = known.keys(password: password, salt: salt)
  }

  /// The plain bytes; nil where the password is another, or the text was changed.
  ///
  /// - Parameter known: keys that were worked out before.
  package func open(_ password: [UInt8], _ known: VaultKeyCache = VaultKeyCache()) -> [UInt8]? {
    let keys = known.keys(password: password, salt: salt)
    guard ConstantTime.equal(HMAC.sha256(key: keys.authentication, cipherText), code),
      let padded = AES256CTR.apply(key: keys.cipher, iv: keys.iv, cipherText),
      let padding = padded.last, (1...16).contains(padding)
    else { return nil }
    return padded.dropLast(Int(padding))
  }

  /// A vaulted text of bytes; a label makes it format 1.2.
  package static func seal(
    _ plain: [UInt8], password: [UInt8], label: String? = nil, salt: [UInt8]? = nil
  ) -> String {
    let salt = salt ?? SecureRandom.bytes(32)
    let keys = VaultKeys(password: password, salt: salt)
    let padding = 16 - plain.count % 16
    let padded = plain + [UInt8](repeating: UInt8(padding), count: padding)
    let cipherText = AES256CTR.apply(key: keys.cipher, iv: keys.iv, padded) ?? []
    let code = HMAC.sha256(key: keys.authentication, cipherText)
    let inner = [salt, code, cipherText].map(Hexadecimal.encode).joined(separator: "\n")
    var lines = [label.map { "$ANSIBLE_VAULT;1.2;AES256;\($0)" } ?? "$ANSIBLE_VAULT;1.1;AES256"]
    var digits = Substring(Hexadecimal.encode(inner.utf8))
    while !digits.isEmpty {
      lines.append(String(digits.prefix(80)))
      digits = digits.dropFirst(80)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
