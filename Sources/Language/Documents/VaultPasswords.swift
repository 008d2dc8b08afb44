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

  package init(_ all: [Password] = []) { self.all = all }

  package var isEmpty: Bool { all.isEmpty }

  /// Those with the label first, as `ansible-vault` tries them.
  func inOrder(label: String?) -> [Password] {
    guard let label else { return all }
    return all.filter { $0.label == label } + all.filter { $0.label != label }
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
    id: String, ask: ((_ label: String) -> String?)? = nil
  ) throws(Diagnostics) {
    let at = id.firstIndex(of: "@")
    let label = at.map { String(id[..<$0]) } ?? "default"
    let source = at.map { String(id[id.index(after: $0)...]) } ?? id
    guard source == "prompt" || source == "prompt_ask_vault_pass" else {
      return try add(file: source, label: label.isEmpty ? "default" : label)
    }
    guard let text = ask?(label) else {
      throw Diagnostics(
        Diagnostic(
          .error, "can't ask for the vault password `\(label)`",
          help: "give a file: --vault-id \(label)@FILE"))
    }
    all.append(Password(label: label, bytes: Array(text.utf8), origin: "prompt"))
  }
}
