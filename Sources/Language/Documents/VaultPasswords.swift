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

  /// Adds the password of a vault id as Ansible writes it: `label@path`, or a path alone.
  ///
  /// Whoever asks people (`label@prompt`) adds the password as such.
  package mutating func add(id: String) throws(Diagnostics) {
    guard let at = id.firstIndex(of: "@") else { return try add(file: id) }
    try add(file: String(id[id.index(after: at)...]), label: String(id[..<at]))
  }
}
