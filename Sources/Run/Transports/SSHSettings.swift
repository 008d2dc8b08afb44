internal import Hosts

/// What holds for one connection, from the target, the SSH arguments and the configuration.
struct SSHSettings {
  /// How a host key that isn't known is met.
  enum HostKeyPolicy: Hashable {
    /// Refused.
    case strict
    /// Taken and written down; a changed key is refused.
    case acceptNew
    /// Not looked at.
    case ignore
  }

  /// Which addresses a name may have.
  enum AddressFamily: String, Hashable {
    case any
    case inet
    case inet6
  }

  /// The name or address that was asked for.
  var originalHost: String
  /// The name or address to connect to.
  var hostName: String
  var port: Int
  var user: String
  var connectTimeout: Duration
  var addressFamily = AddressFamily.any
  /// The address of ours to connect from.
  var bindAddress: String?
  /// The key files to try, in order; nil where none are named, and the usual ones serve.
  var identityFiles: [String]?
  /// Certificates, which only ssh itself can show.
  var certificateFiles: [String] = []
  /// Whether only the named keys may be offered.
  var identitiesOnly = false
  /// The agent's socket, nil for none.
  var agentSocket: String?
  /// `[user@]host[:port]` of each jump host, in the order of passing.
  var jumps: [String] = []
  /// A command whose standard streams are the connection.
  var proxyCommand: String?
  var hostKeyPolicy = HostKeyPolicy.strict
  /// A new key is written to the first.
  var userKnownHostsFiles: [String]
  var globalKnownHostsFiles: [String]
  /// Keys that no host may show.
  var revokedKeysFile: String?
  /// The name that the host's key is looked up by, where it isn't the host's.
  var hostKeyAlias: String?
  var hashesKnownHosts = false
  var keepAliveInterval: Duration?
  var keepAliveCount: Int?
  /// What may be tried, in the order of preference.
  var authentications: [String]
  /// Options that were passed over, for the message should the login fail.
  var passedOver: [String] = []
  /// `-F`, which goes on to jump hosts.
  var configurationFile: String?

  /// Where known keys are looked for.
  var knownHostsFiles: [String] { userKnownHostsFiles + globalKnownHostsFiles }

  /// The name that known_hosts has the host under, and its port there.
  var knownHostName: (host: String, port: Int) {
    hostKeyAlias.map { ($0, 22) } ?? (hostName, port)
  }

  /// What is tried where the configuration doesn't say: a password before its questions.
  private static let usualAuthentications = ["publickey", "password", "keyboard-interactive"]

  /// Resolves a target. What the target says comes first, then its arguments, then the files.
  init(
    _ target: ConnectionTarget, _ options: TransportOptions,
    files: SSHConfigFiles = SSHConfigFiles()
  ) throws(HostError) {
    let person = SSHPerson.current(home: options.homeFolder)
    let arguments = try SSHArguments(target.sshArguments)
    let given = try Self.given(target, arguments, person)
    var walk = SSHConfigWalk(given, files: files, person: person)
    try walk.run(Self.sources(arguments, options))
    try self.init(walk.options, target, options, person)
    configurationFile = arguments.configurationFile
  }

  /// What the target and its arguments say.
  private static func given(
    _ target: ConnectionTarget, _ arguments: SSHArguments, _ person: SSHPerson
  ) throws(HostError) -> SSHOptions {
    var given = SSHOptions(host: target.address)
    func take(_ keyword: String, _ value: String) throws(HostError) {
      try given.take(SSHConfigLine(keyword, value, of: "the host's variables"))
    }
    if let port = target.port { try take("port", String(port)) }
    if let user = target.user { try take("user", user) }
    if let file = target.privateKeyFile { try take("identityfile", file) }
    if !target.checksHostKey { try take("stricthostkeychecking", "no") }
    if let file = target.knownHostsFile {
      try take("userknownhostsfile", file)
      try take("globalknownhostsfile", "none")
    }
    for line in arguments.lines { try given.take(line) }
    return given
  }

  private static func sources(
    _ arguments: SSHArguments, _ options: TransportOptions
  ) -> [SSHConfigFiles.Source] {
    let personal = options.homeFolder + "/.ssh"
    let system = options.systemConfigurationFolder
    if let file = arguments.configurationFile {
      return file == "none"
        ? [] : [SSHConfigFiles.Source(path: file, folder: personal, isRequired: true)]
    }
    if let files = options.configurationFiles {
      return files.map { SSHConfigFiles.Source(path: $0, folder: personal) }
    }
    return [
      SSHConfigFiles.Source(path: personal + "/config", folder: personal, isPersonal: true),
      SSHConfigFiles.Source(path: system + "/ssh_config", folder: system),
    ]
  }
}

extension SSHSettings {
  /// Fills in what nobody has set, and what `%h` and its like stand for.
  private init(
    _ given: SSHOptions, _ target: ConnectionTarget, _ options: TransportOptions,
    _ person: SSHPerson
  ) throws(HostError) {
    let tokens = try given.tokens(person)
    func path(_ text: String, _ name: String) throws(HostError) -> String {
      let place = "\(name) of \(given.originalHost)"
      let home = person.expandingHome(try SSHTokens.expandingVariables(text, place))
      return try tokens.expand(home, place)
    }
    func paths(_ texts: [String], _ name: String) throws(HostError) -> [String] {
      var paths: [String] = []
      for text in texts { paths.append(try path(text, name)) }
      return paths
    }
    originalHost = given.originalHost
    hostName = try given.resolvedHostName().lowercased()
    port = given.port ?? 22
    user = given.user ?? person.name
    connectTimeout = target.connectTimeout ?? given.connectTimeout ?? options.connectTimeout
    addressFamily = given.addressFamily ?? .any
    bindAddress = given.bindAddress
    if let files = given.identityFiles {
      identityFiles = try paths(files.filter { $0.lowercased() != "none" }, "IdentityFile")
    }
    certificateFiles = try paths(given.certificateFiles, "CertificateFile")
    identitiesOnly = given.identitiesOnly ?? false
    hostKeyPolicy = given.hostKeyPolicy ?? .strict
    let usual = options.homeFolder + "/.ssh/known_hosts"
    let system = options.systemConfigurationFolder + "/ssh_known_hosts"
    userKnownHostsFiles =
      try given.userKnownHostsFiles.map { (files) throws(HostError) in
        try paths(files, "UserKnownHostsFile")
      } ?? options.knownHostsFiles ?? [usual, usual + "2"]
    globalKnownHostsFiles =
      given.globalKnownHostsFiles
      ?? (options.knownHostsFiles == nil
        ? [system, system + "2"] : [])
    if let file = given.revokedKeysFile, file != "none" {
      revokedKeysFile = try path(file, "RevokedHostKeys")
    }
    hostKeyAlias = given.hostKeyAlias
    hashesKnownHosts = given.hashesKnownHosts ?? false
    keepAliveInterval = given.keepAliveInterval
    keepAliveCount = given.keepAliveCount
    authentications = Self.authentications(given)
    passedOver = given.passedOver
    agentSocket = try Self.agent(given.identityAgent, options) { (text) throws(HostError) in
      try path(text, "IdentityAgent")
    }
    try setWay(given, tokens.only("hnpr"))
  }

  private mutating func setWay(_ given: SSHOptions, _ tokens: SSHTokens) throws(HostError) {
    if let text = given.proxyJump, text.lowercased() != "none" {
      jumps = try tokens.expand(text, "ProxyJump of \(originalHost)").split(separator: ",")
        .map(String.init)
    }
    if let text = given.proxyCommand, text.lowercased() != "none" {
      proxyCommand = try tokens.expand(text, "ProxyCommand of \(originalHost)")
    }
  }

  private static func authentications(_ given: SSHOptions) -> [String] {
    (given.authentications ?? usualAuthentications).filter { name in
      switch name {
      case "publickey": given.allowsPublicKey ?? true
      case "password": given.allowsPassword ?? true
      case "keyboard-interactive": given.allowsKeyboardInteractive ?? true
      default: false
      }
    }
  }

  private static func agent(
    _ value: String?, _ options: TransportOptions, _ path: (String) throws(HostError) -> String
  ) throws(HostError) -> String? {
    switch value {
    case nil, "SSH_AUTH_SOCK": return options.agentSocket
    case "none": return nil
    case let value? where value.hasPrefix("$") && !value.hasPrefix("${"):
      return LocalUser.environment(String(value.dropFirst()))
    case let value?: return try path(value)
    }
  }
}
