internal import Cryptography
package import Diagnostics

/// The vault passwords of a run, in the order in which they are tried.
package struct VaultPasswords: Sendable {
  /// One password, with its vault id.
  package struct Password: Sendable {
    /// `default` where none is given.
    package var label: String
    package var bytes: [UInt8]
    /// Where it comes from, for messages: a path, or `prompt`.
    package var origin: String

    package init(label: String = "default", bytes: [UInt8], origin: String) {
      self.label = label
      self.bytes = bytes
      self.origin = origin
    }
  }

  package var all: [Password]
  /// Whether a text with a vault id is tried with passwords of that id alone (`vault_id_match`).
  package var matchesLabels = false
  let keys = VaultKeyCache()

  package init(_ all: [Password] = []) { self.all = all }

  package var isEmpty: Bool { all.isEmpty }

  /// Those with the label first, as `ansible-vault` tries them.
  func inOrder(label: String?) -> [Password] {
    guard let label else { return all }
    let matching = all.filter { $0.label == label }
    return matchesLabels ? matching : matching + all.filter { $0.label != label }
  }

  /// The password to encrypt with: that of a vault id, or the only one.
  package func forEncryption(id: String?) throws(Diagnostics) -> Password {
    let labels = all.map(\.label).joined(separator: ", ")
    if let id {
      if let found = all.first(where: { $0.label == id }) { return found }
      throw Diagnostics(
        Diagnostic(
          .error, "no vault password has the vault id `\(id)`",
          help: "there are: \(labels); give it with --vault-id \(id)@FILE"))
    }
    if all.count > 1 {
      throw Diagnostics(
        Diagnostic(
          .error, "which vault password is it to be encrypted with? There are several: \(labels)",
          help: "choose one with --encrypt-vault-id"))
    }
    guard let only = all.first else {
      throw Diagnostics(
        Diagnostic(
          .error, "there is no vault password to encrypt with",
          help: "give one with --vault-id or --vault-password-file"))
    }
    return only
  }

  /// Adds the password in a file, or the one that an executable file prints.
  package mutating func add(file path: String, label: String = "default") throws(Diagnostics) {
    let path = PasswordFile.expanded(path)
    all.append(
      Password(label: label, bytes: try PasswordFile.read(path, label: label), origin: path))
  }

  /// Adds the password of a vault id as Ansible writes it: `label@path`, a path alone, or
  /// `label@prompt`, for which `ask` asks people and which is refused where they can't be asked.
  package mutating func add(
    id: String, ask: ((_ label: String) throws(Diagnostics) -> String?)? = nil
  ) throws(Diagnostics) {
    let at = id.firstIndex(of: "@")
    let label = at.map { String(id[..<$0]) } ?? "default"
    let source = at.map { String(id[id.index(after: $0)...]) } ?? id
    guard source == "prompt" || source == "prompt_ask_vault_pass" else {
      return try add(file: source, label: label.isEmpty ? "default" : label)
    }
    guard let text = try ask?(label) else {
      throw Diagnostics(
        Diagnostic(
          .error, "can't ask for the vault password `\(label)`",
          help: "give a file: --vault-id \(label)@FILE"))
    }
    try add(prompted: text, label: label)
  }

  /// Adds a password that somebody typed; white space around it doesn't count.
  package mutating func add(prompted text: String, label: String) throws(Diagnostics) {
    let password = text.trimmed
    if password.isEmpty {
      throw Diagnostics(Diagnostic(.error, "the vault password `\(label)` is empty"))
    }
    all.append(Password(label: label, bytes: Array(password.utf8), origin: "prompt"))
  }
}
