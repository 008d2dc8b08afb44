internal import Cryptography
package import Diagnostics

/// Ansible's vault: text encrypted with a password, in a form that version control takes.
///
/// `$ANSIBLE_VAULT;1.1;AES256`, or 1.2 with a label, then salt, authentication code and cipher text
/// in hexadecimal digits, the three of them once more so.
package enum Vault {
  /// Whether a text is vaulted.
  package static func isVaulted(_ text: String) -> Bool { text.hasPrefix("$ANSIBLE_VAULT;") }

  /// Whether bytes are vaulted text.
  package static func isVaulted(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array("$ANSIBLE_VAULT;".utf8))
  }

  /// What a vaulted text holds; `range` is where it stands, for errors.
  package static func decrypt(
    _ text: String, with passwords: VaultPasswords, at range: SourceRange
  ) throws(Diagnostics) -> [UInt8] {
    let envelope: Envelope
    do throws(DocumentError) { envelope = try Envelope(text) } catch {
      throw Diagnostics(Diagnostic(.error, error.message, at: range, help: error.help))
    }
    if passwords.isEmpty {
      throw Diagnostics(
        Diagnostic(
          .error, "this is vaulted and there is no vault password", at: range,
          help: "give it with --vault-password-file, --vault-id, or vault_password_file"
            + " in ansible.cfg"))
    }
    for password in passwords.inOrder(label: envelope.label) {
      if let plain = envelope.open(password.bytes) { return plain }
    }
    throw Diagnostics(wrongPassword(envelope, passwords, range))
  }

  private static func wrongPassword(
    _ envelope: Envelope, _ passwords: VaultPasswords, _ range: SourceRange
  ) -> Diagnostic {
    let tried = passwords.all.map { "\($0.label) (\($0.origin))" }.joined(separator: ", ")
    let label = envelope.label.map { " with the label `\($0)`" } ?? ""
    return Diagnostic(
      .error, "no vault password opens this vaulted text\(label)", at: range,
      help: "tried: \(tried); give the right one, or restore the text if it was edited")
  }

  /// A vaulted text of bytes; a label makes it format 1.2.
  package static func encrypt(
    _ plain: [UInt8], password: [UInt8], label: String? = nil, salt: [UInt8]? = nil
  ) -> String {
    let salt = salt ?? SecureRandom.bytes(32)
    let keys = Keys(password: password, salt: salt)
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

  /// What PBKDF2 makes of a password.
  fileprivate struct Keys {
    var cipher: [UInt8]
    var authentication: [UInt8]
    var iv: [UInt8]

    init(password: [UInt8], salt: [UInt8]) {
      let all = PBKDF2.sha256(password: password, salt: salt, iterations: 10_000, length: 80)
      cipher = Array(all[0..<32])
      authentication = Array(all[32..<64])
      iv = Array(all[64..<80])
    }
  }
}

/// A vaulted text taken apart.
private struct Envelope {
  let label: String?
  private let salt: [UInt8]
  private let code: [UInt8]
  private let cipherText: [UInt8]

  init(_ text: String) throws(DocumentError) {
    var lines = text.split(whereSeparator: \.isNewline)[...].map { $0.trimmed }
    let header = lines.isEmpty ? [] : lines.removeFirst().split(separator: ";").map { $0.trimmed }
    guard header.count >= 3, header[0] == "$ANSIBLE_VAULT" else {
      throw DocumentError(
        "this is no vaulted text", help: "it must begin with `$ANSIBLE_VAULT;1.1;AES256`")
    }
    guard ["1.1", "1.2"].contains(header[1]), header[2] == "AES256" else {
      throw DocumentError(
        "vault format \(header[1]) with \(header[2]) isn't supported",
        help: "encrypt it anew: formats 1.1 and 1.2 with AES256 are supported")
    }
    label = header.count > 3 ? String(header[3]) : nil
    let damaged = DocumentError(
      "this vaulted text is damaged", help: "restore it: a character is missing or was changed")
    guard let inner = Hexadecimal.decode(lines.joined()) else { throw damaged }
    let parts = inner.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { Hexadecimal.decode(String(decoding: $0, as: UTF8.self)) }
    guard parts.count == 3, let salt = parts[0], let code = parts[1], let cipherText = parts[2],
      !cipherText.isEmpty, cipherText.count.isMultiple(of: 16)
    else { throw damaged }
    (self.salt, self.code, self.cipherText) = (salt, code, cipherText)
  }

  /// The plain bytes; nil where the password is another, or the text was changed.
  func open(_ password: [UInt8]) -> [UInt8]? {
    let keys = Vault.Keys(password: password, salt: salt)
    guard ConstantTime.equal(HMAC.sha256(key: keys.authentication, cipherText), code),
      let padded = AES256CTR.apply(key: keys.cipher, iv: keys.iv, cipherText),
      let padding = padded.last, (1...16).contains(padding)
    else { return nil }
    return padded.dropLast(Int(padding))
  }
}

/// Why a text isn't what it should be, before it has a place.
package struct DocumentError: Error, Sendable {
  package var message: String
  package var help: String?

  package init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: Substring {
    let start = Substring(self).drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }
}
