package import Diagnostics
package import Templates
internal import Values

/// Reads YAML, and JSON, which is YAML: text becomes expressions with the place of each.
///
/// Vaulted files are decrypted, and all their values are secret. Scalars mean what they mean to
/// PyYAML (YAML 1.1), since that is what playbooks are written for.
package struct YAMLReader: Sendable {
  package var passwords: VaultPasswords
  /// Called with what doesn't stop the work, such as a key given twice.
  package var warn: @Sendable (Diagnostic) -> Void

  package init(
    passwords: VaultPasswords = VaultPasswords(),
    warn: @escaping @Sendable (Diagnostic) -> Void = { _ in }
  ) {
    self.passwords = passwords
    self.warn = warn
  }

  /// The document in a file; null where there is nothing in it.
  package func read(_ path: String) throws(Diagnostics) -> Expression {
    try read(path: path, text: DocumentFile.text(path))
  }

  /// The document in a text; null where there is nothing in it.
  package func read(path: String, text: String) throws(Diagnostics) -> Expression {
    let documents = try readAll(path: path, text: text)
    if documents.count > 1 {
      throw Diagnostics(
        Diagnostic(
          .error, "a second document begins here, and only one is expected",
          at: documents[1].range, help: "remove the `---` above it, or put it in another file"))
    }
    if let document = documents.first { return document }
    let file = SourceFile(path: path, text: text)
    return .literal(.null, SourceRange(file: file, line: 1, column: 1))
  }

  /// All documents of a text, which `---` separates.
  package func readAll(path: String, text: String) throws(Diagnostics) -> [Expression] {
    if Vault.isVaulted(text) { return try readVaulted(path: path, text: text) }
    let file = SourceFile(path: path, text: text)
    return try compose(file, text, marks: [])
  }

  /// What a vaulted text holds, as where `!vault` stands before it.
  package func expression(vaulted text: String, at range: SourceRange) -> Expression {
    VaultedScalars(passwords: passwords).expression(text, at: range)
  }

  private func readVaulted(path: String, text: String) throws(Diagnostics) -> [Expression] {
    let file = SourceFile(path: path, text: text)
    let plain = try Vault.decrypt(
      text, with: passwords, at: SourceRange(file: file, line: 1, column: 1))
    guard let decoded = String(validating: plain, as: UTF8.self) else {
      throw Diagnostics(
        Diagnostic(
          .error, "what this vault file holds is no text",
          at: SourceRange(file: file, line: 1, column: 1), help: "it must hold YAML in UTF-8"))
    }
    // A file without text: what was decrypted must not be quoted in any message.
    return try compose(SourceFile(path: path, text: ""), decoded, marks: .secret)
  }

  private func compose(
    _ file: SourceFile, _ text: String, marks: Marks
  ) throws(Diagnostics) -> [Expression] {
    let isJSON = text.first { !$0.isWhitespace } == "{"
    var composer = YAMLComposer(
      file: file, text: isJSON ? JSONSurrogates.joined(text) : text,
      vault: VaultedScalars(passwords: passwords), marks: marks)
    composer.isJSON = isJSON
    let documents = try composer.documents()
    for warning in composer.warnings { warn(warning) }
    return documents
  }
}
