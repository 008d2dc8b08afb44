/// A host that can be asked. Nothing that holds only this can change the host.
package protocol HostReader: Sendable {
  /// Runs a read-only script in the become-user's shell and answers with what it says.
  ///
  /// One round trip. The script comes from `QuestionBatch`, so it is made of queries.
  func read(_ script: String, as become: Become?) async throws(HostError) -> CommandOutput
}

/// A host that can be asked and changed.
package protocol Host: HostReader {
  /// Runs a command in the become-user's shell and waits for its end or its time-out.
  func run(_ command: Command, as become: Become?) async throws(HostError) -> CommandOutput

  /// Writes content to a new file at `path`, mode 0600, owned by the become-user, in one stream.
  ///
  /// For content too big to travel inside a script; the caller moves it to its place.
  func upload(_ content: FileContent, to path: String, as become: Become?)
    async throws(HostError)

  /// Ends every command still running for us, removes our temporary files, and disconnects.
  func close() async
}

/// Makes connections; what an inventory's connection variables mean is its business.
package protocol HostConnector: Sendable {
  func connect(to target: ConnectionTarget) async throws(HostError) -> any Host
}

/// Where and as whom to connect: an inventory host's connection variables, resolved.
package struct ConnectionTarget: Hashable, Sendable {
  /// `ssh`, `local`, …: what `ansible_connection` says.
  package var connection: String = "ssh"
  /// The inventory's name of the host, for messages.
  package var name: String
  /// The name or address to connect to.
  package var address: String
  /// Nil where the SSH configuration or 22 decides.
  package var port: Int?
  /// Nil where the SSH configuration or the local user's name decides.
  package var user: String?
  package var password: String?
  package var privateKeyFile: String?
  package var privateKeyPassphrase: String?
  /// Whether an unknown or changed host key stops the connection.
  package var checksHostKey: Bool = true
  /// Nil where the user's and the system's known_hosts serve.
  package var knownHostsFile: String?
  /// From the name's look-up to the login; nil where the SSH configuration or 10 s decides.
  package var connectTimeout: Duration?
  /// Words as `ssh` takes them (`ansible_ssh_common_args`, `_extra_args`).
  package var sshArguments: [String] = []
  /// The remote shell that reads scripts.
  package var shell: String = "/bin/sh"
  /// The folder for temporary files on the host.
  package var remoteTemporaryFolder: String = "/tmp"

  package init(name: String, address: String) {
    self.name = name
    self.address = address
  }
}
