import ArgumentParser
import Diagnostics
import Documents
import Glibc
import Settings

/// `vault edit`: a file in an editor; decrypted in a private folder while the editor runs.
struct VaultEditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Edit what vaulted files hold, with $EDITOR.")

  @OptionGroup var passwords: VaultPasswordArguments
  @Option(
    name: .customLong("encrypt-vault-id"),
    help: "Taken for compatibility: the file keeps its password and vault id.")
  var encryptID: String?
  @Argument(help: "The files.") var files: [String]

  func run() throws {
    try VaultCommand.perform { () throws(Diagnostics) in
      let settings = try Settings.load()
      let known = try passwords.passwords(settings)
      for path in files {
        let opened = try Vault.open(VaultFile.read(path), from: path, with: known)
        let edited = try PrivateEditing.edit(opened.plain, as: path)
        if edited == opened.plain { continue }
        let bytes = opened.password.encrypt(edited, label: opened.label, settings)
        try VaultFile.write(bytes, to: path)
      }
    }
  }
}

/// `vault create`: a new file from an editor.
struct VaultCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Write a new vaulted file with $EDITOR.")

  @OptionGroup var passwords: VaultPasswordArguments
  @OptionGroup var encryption: VaultEncryptionArguments
  @Flag(name: .customLong("skip-tty-check"), help: "Start the editor without a terminal, too.")
  var skipsTerminalCheck = false
  @Argument(help: "The file.") var file: String

  func run() throws {
    try VaultCommand.perform { () throws(Diagnostics) in
      let settings = try Settings.load()
      guard access(file, F_OK) != 0 else {
        throw Diagnostics(
          Diagnostic(.error, "\(file) is there already", help: "change it with `vault edit`"))
      }
      guard skipsTerminalCheck || isatty(STDOUT_FILENO) == 1 else {
        throw Diagnostics(
          Diagnostic(
            .error, "there is no terminal for an editor",
            help: "add --skip-tty-check, or use "
              + "`vault encrypt --output \(file)` with standard input"))
      }
      let password = try encryption.password(
        among: passwords.passwords(settings, isNew: true), settings)
      let edited = try PrivateEditing.edit([], as: file)
      try VaultFile.write(password.encrypt(edited, settings), to: file)
    }
  }
}
