internal import Cryptography
package import Diagnostics

/// Ansible's vault: text encrypted with a password, in a form that version control takes.
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
    try open(text, with: passwords, at: range).plain
  }

  /// A vaulted text opened: what it holds, and what it was encrypted with.
  package struct Opened: Sendable {
    package var plain: [UInt8]
    package var password: VaultPasswords.Password
    /// The vault id in the text's first line; nil in format 1.1.
    package var label: String?
  }

  /// What a vaulted text holds, and which password opens it.
  package static func open(
    _ text: String, with passwords: VaultPasswords, at range: SourceRange
  ) throws(Diagnostics) -> Opened {
    let envelope: VaultEnvelope
    do throws(VaultEnvelope.Failure) { envelope = try VaultEnvelope(text) } catch {
      let error = error.described
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
      if let plain = envelope.open(password.bytes, passwords.keys) {
        return Opened(plain: plain, password: password, label: envelope.label)
      }
    }
    throw Diagnostics(wrongPassword(envelope, passwords, range))
  }

  private static func wrongPassword(
    _ envelope: VaultEnvelope, _ passwords: VaultPasswords, _ range: SourceRange
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
    VaultEnvelope.seal(plain, password: password, label: label, salt: salt)
  }
}

extension VaultEnvelope.Failure {
  /// The same with what to do about it.
  fileprivate var described: DocumentError {
    switch self {
    case .header:
      DocumentError(
        "this is no vaulted text", help: "it must begin with `$ANSIBLE_VAULT;1.1;AES256`")
    case .format(let version, let cipher):
      DocumentError(
        "vault format \(version) with \(cipher) isn't supported",
        help: "encrypt it anew: formats 1.1 and 1.2 with AES256 are supported")
    case .damage:
      DocumentError(
        "this vaulted text is damaged", help: "restore it: a character is missing or was changed")
    }
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
