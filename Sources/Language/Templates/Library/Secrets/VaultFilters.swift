internal import Cryptography
internal import Values

/// Filters that encrypt and decrypt with a password that the template gives.
enum VaultFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "vault", "secret", "salt?", "vault_id?", "wrap_object?", "vaultid?",
      whole: { (call) throws(TemplateError) in
        let password = try secret(call)
        guard case .string(let text) = call.input else {
          throw failure("Can only vault strings", call.input)
        }
        return .string(
          VaultEnvelope.seal(
            Array(text.utf8), password: password,
            label: call.text("vault_id") ?? call.text("vaultid") ?? "filter_default",
            salt: call.text("salt").map { Array($0.utf8) }))
      }),
    LibraryFunction(
      "unvault", "secret", "vault_id?", "vaultid?",
      whole: { (call) throws(TemplateError) in
        let password = try secret(call)
        guard case .string(let text) = call.input else {
          throw failure("Vault should be in the form of a string", call.input)
        }
        guard text.hasPrefix("$ANSIBLE_VAULT;") else { return call.input }
        let envelope: VaultEnvelope
        do throws(VaultEnvelope.Failure) { envelope = try VaultEnvelope(text) } catch {
          throw call.failure("Unable to decrypt: this is damaged, or no vault of AES256")
        }
        guard let plain = envelope.open(password) else {
          throw call.failure(
            "Unable to decrypt: Decryption failed (no vault secrets were found that could decrypt)."
          )
        }
        return .string(String(decoding: plain, as: UTF8.self)).marked(.secret)
      }),
  ]

  private static func secret(_ call: Call) throws(TemplateError) -> [UInt8] {
    guard case .string(let secret) = call.value("secret") else {
      throw failure("Secret passed is required to be a string", call.value("secret"))
    }
    return Array(secret.utf8)
  }

  private static func failure(_ message: String, _ value: Value) -> TemplateError {
    TemplateError(.type, "\(message), instead we got <class '\(value.pythonTypeName)'>.")
  }
}
