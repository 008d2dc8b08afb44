import Diagnostics
import Documents
import Settings

/// Where the vault passwords of a command come from, in the order in which Ansible tries them: the
/// vault ids of the settings, those of the command line, files, and what people are asked for.
struct VaultPasswordSources {
  private let ids: [String]
  private let files: [String]
  private let matchesLabels: Bool
  var asks: Bool

  init(ids: [String], files: [String], asks: Bool, _ settings: Settings) {
    self.ids = settings.vaultIdentities + ids
    self.files = files + (settings.vaultPasswordFile.map { [$0] } ?? [])
    self.asks = asks || settings.askVaultPassword ?? false
    matchesLabels = settings.vaultIDMatch ?? false
  }

  var isEmpty: Bool { ids.isEmpty && files.isEmpty && !asks }

  /// Reads and asks.
  ///
  /// - Parameter isNew: whether typed passwords are for something new, and so typed twice.
  func passwords(isNew: Bool = false) throws(Diagnostics) -> VaultPasswords {
    var passwords = VaultPasswords()
    passwords.matchesLabels = matchesLabels
    for id in ids {
      try passwords.add(id: id) { (label) throws(Diagnostics) in
        try Self.ask(isNew ? "New vault password (\(label))" : "Vault password (\(label))", isNew)
      }
    }
    for file in files { try passwords.add(file: file) }
    if asks {
      let typed = try Self.ask(isNew ? "New Vault password" : "Vault password", isNew)
      guard let typed else { throw Self.nobodyToAsk }
      try passwords.add(prompted: typed, label: "default")
    }
    return passwords
  }

  /// The password that something is encrypted with anew: `--new-vault-id`, `--new-vault-password-file`
  /// or asked for.
  static func newPassword(id: String?, file: String?) throws(Diagnostics) -> VaultPasswords {
    let source = id.map { ([$0], []) } ?? file.map { ([], [$0]) } ?? ([], [])
    return try VaultPasswordSources(
      ids: source.0, files: source.1, asks: id == nil && file == nil, Settings()
    ).passwords(isNew: true)
  }

  /// A password from the terminal; nil where there is none.
  private static func ask(_ words: String, _ isNew: Bool) throws(Diagnostics) -> String? {
    guard let typed = Prompt.password(words + ": ") else { return nil }
    if isNew,
      Prompt.password("Confirm \(words.prefix(1).lowercased() + words.dropFirst()): ") != typed
    {
      throw Diagnostics(Diagnostic(.error, "the two passwords aren't the same"))
    }
    return typed
  }

  private static let nobodyToAsk = Diagnostics(
    Diagnostic(
      .error, "can't ask for the vault password: there is no terminal",
      help: "give a file with --vault-password-file"))
}
