import ArgumentParser
import Diagnostics
import Documents
import Settings

/// `orchestrate vault`: `ansible-vault`'s commands and options, on the same files.
struct VaultCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vault", abstract: "Encrypt, decrypt, view and edit vaulted files.",
    subcommands: [
      VaultEncryptCommand.self, VaultDecryptCommand.self, VaultViewCommand.self,
      VaultEditCommand.self, VaultCreateCommand.self, VaultRekeyCommand.self,
      VaultEncryptStringCommand.self,
    ])

  /// Runs the work of one of its commands; what is wrong is shown, and ends with 1.
  static func perform(_ work: () throws(Diagnostics) -> Void) throws {
    do throws(Diagnostics) { try work() } catch {
      for diagnostic in error.all { Controller.show(diagnostic) }
      throw ExitStatus.failure.exitCode
    }
  }
}

/// Where vault passwords come from.
struct VaultPasswordArguments: ParsableArguments {
  @Option(
    name: .customLong("vault-id"),
    help: "`label@file`, `label@prompt`, or a file alone (may be repeated).")
  var ids: [String] = []

  @Option(
    name: [.customLong("vault-password-file"), .customLong("vault-pass-file")],
    help: "A file with the vault password, or a program that prints it (may be repeated).")
  var files: [String] = []

  @Flag(
    name: [.customShort("J"), .customLong("ask-vault-pass"), .customLong("ask-vault-password")],
    help: "Ask for the vault password.")
  var asks = false

  @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Taken for compatibility.")
  var verbosity: Int

  /// The passwords; where nothing says where they come from, people are asked.
  ///
  /// - Parameter isNew: whether typed passwords are for something new, and so typed twice.
  func passwords(_ settings: Settings, isNew: Bool = false) throws(Diagnostics) -> VaultPasswords {
    var sources = VaultPasswordSources(ids: ids, files: files, asks: asks, settings)
    if sources.isEmpty { sources.asks = true }
    return try sources.passwords(isNew: isNew)
  }
}

/// The vault id to encrypt with.
struct VaultEncryptionArguments: ParsableArguments {
  @Option(
    name: .customLong("encrypt-vault-id"),
    help: "The vault id to encrypt with, where there are several.")
  var id: String?

  /// The password to encrypt with.
  func password(
    among passwords: VaultPasswords, _ settings: Settings
  ) throws(Diagnostics) -> VaultPasswords.Password {
    try passwords.forEncryption(id: id ?? settings.vaultEncryptIdentity)
  }
}

extension VaultPasswords.Password {
  /// A vaulted text of bytes; a vault id other than `default` is written into it.
  func encrypt(_ plain: [UInt8], label: String? = nil, _ settings: Settings) -> [UInt8] {
    let label = label ?? (self.label == "default" ? nil : self.label)
    let salt = settings.vaultEncryptSalt.map { Array($0.utf8) }
    return Array(Vault.encrypt(plain, password: bytes, label: label, salt: salt).utf8)
  }
}
