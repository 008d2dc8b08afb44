internal import Diagnostics
internal import Templates
internal import Values

/// Makes expressions of `!vault` values.
struct VaultedScalars {
  var passwords: VaultPasswords

  /// What the vaulted text holds, secret.
  ///
  /// Without any password the value may still be there: it fails where it is used.
  func expression(_ text: String, at range: SourceRange) throws(Diagnostics) -> Expression {
    guard !passwords.isEmpty else {
      return failing(
        "this value is vaulted and there is no vault password: use --vault-password-file", at: range
      )
    }
    let plain = try Vault.decrypt(text, with: passwords, at: range)
    guard let decoded = String(validating: plain, as: UTF8.self) else {
      throw Diagnostics(
        Diagnostic(.error, "what is vaulted here is no text", at: range, help: "encrypt UTF-8 text")
      )
    }
    // Unlike text in a vaulted file it's no template, as in Ansible.
    return .literal(.string(decoded).marked(.secret), range)
  }

  /// An error where the value is used.
  private func failing(_ hint: String, at range: SourceRange) -> Expression {
    var options = TemplateOptions.condition
    options.marks = .secret
    return .template(Template("undef(hint='\(hint)')", at: range, options: options))
  }
}
