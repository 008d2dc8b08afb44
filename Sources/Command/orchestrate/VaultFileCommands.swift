import ArgumentParser
import Diagnostics
import Documents
import Glibc
import Settings

/// `vault encrypt`: files in place, or standard input to standard output.
struct VaultEncryptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encrypt", abstract: "Encrypt files in place.")

  @OptionGroup var passwords: VaultPasswordArguments
  @OptionGroup var encryption: VaultEncryptionArguments
  @OptionGroup var output: VaultOutputArguments
  @Argument(help: "The files; - or none for standard input.") var files: [String] = []

  func run() throws {
    try VaultCommand.perform { () throws(Diagnostics) in
      let settings = try Settings.load()
      try output.check(files)
      let password = try encryption.password(
        among: passwords.passwords(settings, isNew: true), settings)
      try output.replace(files, "Encryption successful") { (bytes, path) throws(Diagnostics) in
        guard !Vault.isVaulted(bytes) else {
          throw Diagnostics(
            Diagnostic(
              .error, "\(path) is encrypted already", help: "see `vault rekey` or `vault edit`"))
        }
        return password.encrypt(bytes, settings)
      }
    }
  }
}

/// `vault decrypt`: files in place, or standard input to standard output.
struct VaultDecryptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decrypt", abstract: "Decrypt files in place.")

  @OptionGroup var passwords: VaultPasswordArguments
  @OptionGroup var output: VaultOutputArguments
  @Argument(help: "The files; - or none for standard input.") var files: [String] = []

  func run() throws {
    try VaultCommand.perform { () throws(Diagnostics) in
      try output.check(files)
      let known = try passwords.passwords(try Settings.load())
      try output.replace(files, "Decryption successful") { (bytes, path) throws(Diagnostics) in
        try Vault.open(bytes, from: path, with: known).plain
      }
    }
  }
}

/// `vault view`: what files hold, on standard output; nothing is written.
struct VaultViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view", abstract: "Show what vaulted files hold.")

  @OptionGroup var passwords: VaultPasswordArguments
  @Argument(help: "The files; - for standard input.") var files: [String]

  func run() throws {
    try VaultCommand.perform { () throws(Diagnostics) in
      let known = try passwords.passwords(try Settings.load())
      for path in files {
        let plain = try Vault.open(VaultFile.read(path), from: path, with: known).plain
        TextFile.standardOutput(plain)
      }
    }
  }
}

/// `vault rekey`: files in place, encrypted with another password.
struct VaultRekeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rekey", abstract: "Encrypt vaulted files with another password.")

  @OptionGroup var passwords: VaultPasswordArguments
  @OptionGroup var encryption: VaultEncryptionArguments
  @Option(name: .customLong("new-vault-id"), help: "The new password's `label@file`.")
  var newID: String?
  @Option(
    name: [.customLong("new-vault-password-file"), .customLong("new-vault-pass-file")],
    help: "The file with the new password.")
  var newFile: String?
  @Argument(help: "The files; - or none for standard input.") var files: [String] = []

  func run() throws {
    try VaultCommand.perform { () throws(Diagnostics) in
      let settings = try Settings.load()
      if newID != nil, newFile != nil {
        throw Diagnostics(
          Diagnostic(.error, "give --new-vault-id or --new-vault-password-file, not both"))
      }
      let old = try passwords.passwords(settings)
      let new = try VaultPasswordSources.newPassword(id: newID, file: newFile)
        .forEncryption(id: encryption.id)
      try VaultOutputArguments.replace(files, output: nil, nil) {
        (bytes, path) throws(Diagnostics) in
        new.encrypt(try Vault.open(bytes, from: path, with: old).plain, settings)
      }
      TextFile.standardError("Rekey successful\n")
    }
  }
}

/// Where the result goes.
struct VaultOutputArguments: ParsableArguments {
  @Option(help: "Write to this file instead of the same one; - for standard output.")
  var output: String?

  /// Refuses one output for several files.
  func check(_ files: [String]) throws(Diagnostics) {
    if output != nil, files.count > 1 {
      throw Diagnostics(Diagnostic(.error, "--output takes one input file, not \(files.count)"))
    }
  }

  func replace(
    _ files: [String], _ message: String,
    by change: ([UInt8], _ path: String) throws(Diagnostics) -> [UInt8]
  ) throws(Diagnostics) {
    try Self.replace(files, output: output, message, by: change)
  }

  /// Works out all files' new bytes, then writes them: nothing is written where one of them is
  /// wrong.
  static func replace(
    _ files: [String], output: String?, _ message: String?,
    by change: ([UInt8], _ path: String) throws(Diagnostics) -> [UInt8]
  ) throws(Diagnostics) {
    var results: [(path: String, bytes: [UInt8])] = []
    for path in files.isEmpty ? ["-"] : files {
      results.append((path, try change(VaultFile.read(path), path)))
    }
    for (path, bytes) in results { try VaultFile.write(bytes, to: output ?? path) }
    if let message, isatty(STDOUT_FILENO) == 1 { TextFile.standardError(message + "\n") }
  }
}

extension Vault {
  /// What a file's bytes hold; text that isn't vaulted is an error.
  static func open(
    _ bytes: [UInt8], from path: String, with passwords: VaultPasswords
  ) throws(Diagnostics) -> Opened {
    guard isVaulted(bytes) else {
      throw Diagnostics(
        Diagnostic(
          .error, "\(path) isn't vaulted", help: "its first line would be `$ANSIBLE_VAULT;…`"))
    }
    let file = SourceFile(path: path == "-" ? "<stdin>" : path, text: "")
    return try open(
      String(decoding: bytes, as: UTF8.self), with: passwords,
      at: SourceRange(file: file, line: 1, column: 1))
  }
}
