/// Whom to act as on a host, and how to get there.
package struct Become: Hashable, Sendable {
  /// `sudo`, `su` or `doas`.
  package var method: String
  package var user: String
  /// Nil where none is to be given.
  package var password: String?
  /// Further words for the method's program.
  package var flags: String?
  /// The program, where it isn't found under the method's name.
  package var executable: String?

  package init(
    method: String = "sudo", user: String = "root", password: String? = nil, flags: String? = nil,
    executable: String? = nil
  ) {
    self.method = method
    self.user = user
    self.password = password
    self.flags = flags
    self.executable = executable
  }
}
