internal import Hosts

/// The words of `ssh` commands: one that connects and stays, and those that go through it.
struct OpenSSHWords {
  let target: ConnectionTarget
  let options: TransportOptions

  /// What says where and how to connect, with the host's name.
  var destination: [String] {
    var words: [String] = []
    if let files = options.configurationFiles, !target.sshArguments.contains("-F") {
      words += ["-F", files.first ?? "none"]
    }
    if let port = target.port { words += ["-p", String(port)] }
    if let user = target.user { words += ["-l", user] }
    if let file = target.privateKeyFile { words += ["-i", file] }
    if !target.checksHostKey { words += ["-o", "StrictHostKeyChecking=no"] }
    if let file = target.knownHostsFile {
      words += ["-o", "UserKnownHostsFile=\(file)", "-o", "GlobalKnownHostsFile=none"]
    }
    if let time = target.connectTimeout {
      words += ["-o", "ConnectTimeout=\(max(1, time.components.seconds))"]
    }
    return words + target.sshArguments + ["--", target.address]
  }

  /// The connection that the others share. It says `sign` when it is there.
  func master(socket: String, sign: String, mayAsk: Bool) -> [String] {
    let seconds = options.keepAliveInterval.components.seconds
    var words = [
      "ssh", "-M", "-N", "-T", "-S", socket, "-o", "ControlPersist=no",
      "-o", "PermitLocalCommand=yes", "-o", "LocalCommand=echo \(sign)", "-o", "RemoteCommand=none",
      "-o", "ClearAllForwardings=yes", "-o", "ForkAfterAuthentication=no",
      "-o", "ServerAliveInterval=\(seconds)", "-o", "ServerAliveCountMax=\(options.keepAliveCount)",
    ]
    if mayAsk {
      words += ["-o", "NumberOfPasswordPrompts=1"]
    } else {
      words += ["-o", "BatchMode=yes"]
    }
    return words + destination
  }

  /// A command through the shared connection, and never by a connection of its own.
  static func through(socket: String, _ command: String) -> [String] {
    shared(socket) + ["-T", "-x", "-a", "--", "host", command]
  }

  /// Asks the shared connection whether it's there.
  static func check(socket: String) -> [String] { shared(socket) + ["-O", "check", "--", "host"] }

  /// Ends the shared connection.
  static func exit(socket: String) -> [String] { shared(socket) + ["-O", "exit", "--", "host"] }

  private static func shared(_ socket: String) -> [String] {
    [
      "ssh", "-F", "none", "-S", socket, "-o", "ControlMaster=no", "-o", "BatchMode=yes",
      "-o", "ProxyCommand=exit 255",
    ]
  }
}
