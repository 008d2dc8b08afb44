import Cryptography
import Diagnostics
import Documents

/// What the fuzzer runs, and what a test runs on texts in its spirit and on what it has found.
enum VaultFuzz {
  /// Two of the passwords of Cases/vaults.json: few, as each costs 10,000 rounds for a new salt.
  private static let passwords = VaultPasswords(
    ["sixteen", "labelled"].map { .init(bytes: Array($0.utf8), origin: "fuzz") })
  /// What is encrypted with them there.
  private static let plains = ["1234567890123456", "secret: yes\n"].map { Array($0.utf8) }

  /// Reads bytes as vaulted text or, unless they begin with `$`, as what its digits stand for.
  ///
  /// Any answer will do but none, or a text that nobody encrypted: for that the authentication
  /// code is there. Its form is checked first, so most texts cost no rounds.
  static func run(_ bytes: [UInt8]) {
    var text = String(decoding: bytes, as: UTF8.self)
    if bytes.first != UInt8(ascii: "$") {
      text = "$ANSIBLE_VAULT;1.1;AES256\n" + Hexadecimal.encode(bytes)
    }
    let place = SourceRange(file: SourceFile(path: "fuzz", text: text), line: 1, column: 1)
    do throws(Diagnostics) {
      let opened = try Vault.open(text, with: passwords, at: place)
      precondition(plains.contains(opened.plain))
    } catch {
      for diagnostic in error.all { _ = DiagnosticRenderer().render(diagnostic) }
    }
  }
}
