internal import Diagnostics
internal import Templates
internal import Values

/// Makes expressions of `!vault` values.
struct VaultedScalars {
  var passwords: VaultPasswords

  /// What the vaulted text holds, secret: decrypted where it is used, so that a value that no
  /// password opens breaks nothing but what needs it.
  func expression(_ text: String, at range: SourceRange) -> Expression {
    let seal = Seal { [passwords] () throws(TemplateError) -> Value in
      .string(try Self.open(text, with: passwords, at: range))
    }
    return .template(Template(text, at: range, seal: seal, marks: .secret))
  }

  private static func open(
    _ text: String, with passwords: VaultPasswords, at range: SourceRange
  ) throws(TemplateError) -> String {
    let plain: [UInt8]
    do throws(Diagnostics) {
      plain = try Vault.decrypt(text, with: passwords, at: range)
    } catch {
      throw TemplateError(
        .other, error.all[0].message, at: range, help: error.all[0].help)
    }
    guard let decoded = String(validating: plain, as: UTF8.self) else {
      throw TemplateError(
        .other, "what is vaulted here is no text", at: range, help: "encrypt UTF-8 text")
    }
    // Unlike text in a vaulted file it's no template, as in Ansible.
    return decoded
  }
}
