/// A command to run on a host for its effect.
package struct Command: Hashable, Sendable {
  /// POSIX sh, or what `executable` reads.
  package var script: String
  /// Nil runs the script in the persistent shell's subshell; else the path of a program that reads
  /// the script from a private file, so that it isn't in the host's process list.
  package var executable: String?
  package var standardInput: [UInt8]?
  /// Set for this command alone.
  package var environment: [String: String]
  package var workingFolder: String?
  package var timeout: Duration?
  /// Ours and known to leave nothing running behind: its output is framed directly. Otherwise it
  /// goes through private files, so that a child left in the background can't write into the
  /// next command's output.
  package var isContained: Bool

  package init(
    _ script: String, executable: String? = nil, standardInput: [UInt8]? = nil,
    environment: [String: String] = [:], workingFolder: String? = nil, timeout: Duration? = nil,
    isContained: Bool = false
  ) {
    self.script = script
    self.executable = executable
    self.standardInput = standardInput
    self.environment = environment
    self.workingFolder = workingFolder
    self.timeout = timeout
    self.isContained = isContained
  }
}
