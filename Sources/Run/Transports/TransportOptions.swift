internal import Hosts
package import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// What all connections of a run share.
package struct TransportOptions: Sendable {
  /// The threads that connections live on.
  package var eventLoops: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  /// What `~` stands for in the SSH configuration, and where `.ssh` is.
  package var homeFolder: String = LocalUser.current.home
  /// Where the system's `ssh_config` and `ssh_known_hosts` are.
  package var systemConfigurationFolder = "/etc/ssh"
  /// Read in this order, the first value of an option wins; nil is ssh's own: the user's, then the
  /// system's. `-F` among a target's SSH arguments overrides it.
  package var configurationFiles: [String]?
  /// Read where neither target nor configuration names others.
  package var knownHostsFiles: [String]?
  /// The socket of ssh-agent; nil for none.
  package var agentSocket: String? = LocalUser.environment("SSH_AUTH_SOCK")
  /// Asks a person for the passphrase of a key's file; nil where nobody can be asked.
  package var askForPassphrase: (@Sendable (_ path: String) -> String?)?
  /// How long connecting may take where neither target nor configuration says.
  package var connectTimeout: Duration = .seconds(10)
  /// How often a silent host is asked whether it's there; zero for never.
  package var keepAliveInterval: Duration = .seconds(15)
  /// After how many unanswered questions a host counts as gone.
  package var keepAliveCount = 3
  /// How often a failed connection is tried again (`[ssh_connection] retries`).
  package var retries = 0
  /// How long a connection that was lost is tried to be made again, where the network is the trouble.
  package var reconnectTime: Duration = .seconds(120)
  /// How often again where sshd hangs up before its banner, as many connections at once make it.
  package var bannerRetries = 8
  /// The time-out of commands that have none of their own.
  package var commandTimeout: Duration?
  /// How long becoming another user may take.
  package var becomeTimeout: Duration = .seconds(60)
  /// How much of each of a command's output streams is kept, in bytes; more is an error.
  package var outputLimit = 64 << 20
  /// Whether large uploads are compressed; nil where it is quicker.
  package var compressesUploads: Bool?
  /// How many scripts run at once on one host; sshd's MaxSessions is 10 by default.
  package var shellsPerHost = 5
  /// How many hosts are being connected to at once.
  package var parallelConnects = 50

  package init() {}
}

/// The person who runs this program.
enum LocalUser {
  /// Name and home folder as the system's user database has them.
  static var current: (name: String, home: String) {
    guard let entry = getpwuid(geteuid()) else {
      return (environment("USER") ?? "root", environment("HOME") ?? "/")
    }
    return (String(cString: entry.pointee.pw_name), String(cString: entry.pointee.pw_dir))
  }

  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// What the process as a whole needs before it connects to many hosts.
package enum ProcessLimits {
  /// Lets the process open as many files as the system allows, and live when a pipe breaks.
  package static func prepare() {
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
      limit.rlim_cur < limit.rlim_max
    {
      limit.rlim_cur = limit.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    signal(SIGPIPE, SIG_IGN)
  }
}
