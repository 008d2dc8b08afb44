/// How hosts are reached and acted on where neither the inventory nor the playbook says: the
/// command line's, `ansible.cfg`'s, or our own.
package struct ConnectionDefaults: Sendable {
  package var connection = "ssh"
  package var user: String?
  package var password: String?
  package var privateKeyFile: String?
  package var port: Int?
  /// Nil where the SSH configuration or 10 s decides.
  package var connectTimeout: Duration?
  package var checksHostKey = true
  package var knownHostsFile: String?
  package var sshArguments: [String] = []
  package var remoteTemporaryFolder = "/tmp"
  package var becomes = false
  package var becomeUser = "root"
  package var becomeMethod = "sudo"
  package var becomePassword: String?
  package var becomeFlags: String?
  package var becomeExecutable: String?
  /// A lab's key and known hosts win over what the inventory says of the real hosts.
  package var lab: LabAccess?

  package init() {}
}

/// The way into a lab's twins.
package struct LabAccess: Sendable {
  package var privateKeyFile: String
  package var knownHostsFile: String

  package init(privateKeyFile: String, knownHostsFile: String) {
    self.privateKeyFile = privateKeyFile
    self.knownHostsFile = knownHostsFile
  }
}
