package import Values

/// What a module may know beside its arguments: the controller's files and the run it is part of.
///
/// Everything here is a value or reads files that the user wrote; nothing reaches a host.
package struct ModuleContext: Sendable {
  /// The inventory's name of the host.
  package var host: String
  /// The user that the task acts as; nil for the login user.
  package var becomeUser: String?
  /// Whether this is a plan.
  package var isPlan: Bool
  /// Finds and reads files where Ansible looks for them: the role's `files/` or `templates/`, the
  /// play's, and so on.
  package var files: any ControllerFiles
  /// The host's facts and variables by name, evaluated; nil where undefined.
  package var variable: @Sendable (String) -> Value?

  package init(
    host: String, becomeUser: String? = nil, isPlan: Bool, files: any ControllerFiles,
    variable: @escaping @Sendable (String) -> Value? = { _ in nil }
  ) {
    self.host = host
    self.becomeUser = becomeUser
    self.isPlan = isPlan
    self.files = files
    self.variable = variable
  }
}

/// The files beside a playbook, as modules need them.
package protocol ControllerFiles: Sendable {
  /// The path of `name` in the task's search path under `files/`, `templates/` or `vars/`.
  func locate(_ name: String, in folder: String) throws(ArgumentError) -> String
  /// The whole file; vaulted files come decrypted, and `isSecret` says so.
  func read(_ path: String) throws(ArgumentError) -> (bytes: [UInt8], isSecret: Bool)
  /// What a file with more than `limit` bytes is compared by, so that nobody has to hold it; nil for
  /// a smaller one, and for a vaulted one, whose content is no file of the controller.
  func largeFile(_ path: String, over limit: Int) throws(ArgumentError) -> LargeFile?
  /// The files and folders under a folder, relative to it, folders with a final slash, sorted.
  func list(_ folder: String) throws(ArgumentError) -> [String]
  /// Whether a path is a folder; nil where nothing is there.
  func isFolder(_ path: String) -> Bool?
  /// The permission bits of a file of the controller.
  func mode(of path: String) throws(ArgumentError) -> UInt16
  /// Renders a template file in the task's scope; secret or partly unknown as the values in it are.
  ///
  /// - Parameter options: Ansible's `template` options (`trim_blocks`, `lstrip_blocks`,
  ///   `newline_sequence`, `variable_start_string`, …).
  func render(_ path: String, options: [String: Value]) throws(ArgumentError) -> RenderedFile
  /// Reads a YAML or JSON file of variables in the task's scope: `include_vars`.
  func variables(_ path: String) throws(ArgumentError) -> Value
}

/// A file of the controller that is read in pieces, when it is compared and when it is sent.
package struct LargeFile: Hashable, Sendable {
  /// In bytes.
  package var size: Int
  /// In hexadecimal.
  package var sha256: String
  /// In hexadecimal.
  package var sha1: String

  package init(size: Int, sha256: String, sha1: String) {
    self.size = size
    self.sha256 = sha256
    self.sha1 = sha1
  }
}
