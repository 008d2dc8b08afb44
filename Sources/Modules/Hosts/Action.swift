/// One change to a host. The plan prints it, apply performs it, tests interpret it in memory.
package struct Action: Hashable, Sendable {
  package enum Operation: Hashable, Sendable {
    case run(Command)
    /// Writes a whole file, atomically: a temporary file in the same folder, attributes set before
    /// the rename.
    case write(FileWrite)
    /// Removes a file, link or folder with all in it; nothing there is no failure.
    case remove(path: String)
    case setAttributes(path: String, FileAttributes, recursive: Bool)
    /// Makes a folder and those above it.
    case makeFolder(path: String, FileAttributes)
    case makeLink(path: String, target: String, isSymbolic: Bool)
    /// Copies a remote file to the controller; the bytes become the action's standard output.
    case download(path: String)
  }

  package var operation: Operation
  /// What it may change.
  package var touches: [Subject]
  /// One line for the plan, without secrets: `write /etc/hosts`, `apt-get install haproxy`.
  package var summary: String
  /// The inventory name of another host that performs it; nil for the step's own.
  package var host: String?

  package init(
    _ operation: Operation, touches: [Subject], summary: String, on host: String? = nil
  ) {
    self.operation = operation
    self.touches = touches
    self.summary = summary
    self.host = host
  }
}

/// A whole file to be written.
package struct FileWrite: Hashable, Sendable {
  package var path: String
  package var content: FileContent
  package var attributes: FileAttributes
  /// Keep the old file as `PATH.PID.DATE~`, as Ansible's `backup: true` names it.
  package var keepsBackup: Bool
  /// A command with `%s` for the temporary file; where it fails, the old file stays.
  package var validate: String?
  /// Neither content nor diff may be shown.
  package var isSecret: Bool

  package init(
    path: String, content: FileContent, attributes: FileAttributes = FileAttributes(),
    keepsBackup: Bool = false, validate: String? = nil, isSecret: Bool = false
  ) {
    self.path = path
    self.content = content
    self.attributes = attributes
    self.keepsBackup = keepsBackup
    self.validate = validate
    self.isSecret = isSecret
  }
}
