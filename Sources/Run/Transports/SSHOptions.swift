internal import Hosts

/// The options of ssh_config(5) for one host as they are written, where the first value wins.
///
/// `%h` and its like are replaced at the end (`SSHSettings`), when all that they stand for is known.
struct SSHOptions {
  /// The name that was asked for.
  let originalHost: String
  var hostName: String?
  var port: Int?
  var user: String?
  var tag: String?
  /// Nil where none are named, and the usual ones serve; `none` may be among them.
  var identityFiles: [String]?
  var certificateFiles: [String] = []
  var identitiesOnly: Bool?
  var identityAgent: String?
  /// `none`, or jump hosts with commas.
  var proxyJump: String?
  /// `none`, or a command.
  var proxyCommand: String?
  var hostKeyPolicy: SSHSettings.HostKeyPolicy?
  var userKnownHostsFiles: [String]?
  var globalKnownHostsFiles: [String]?
  var revokedKeysFile: String?
  var hostKeyAlias: String?
  var hashesKnownHosts: Bool?
  var connectTimeout: Duration?
  var keepAliveInterval: Duration?
  var keepAliveCount: Int?
  var addressFamily: SSHSettings.AddressFamily?
  var bindAddress: String?
  /// In the order of preference.
  var authentications: [String]?
  var allowsPassword: Bool?
  var allowsKeyboardInteractive: Bool?
  var allowsPublicKey: Bool?
  var canonicalizes = false
  private var runsLocalCommand = false
  /// What was passed over that a login may depend on.
  var passedOver: [String] = []
  /// Patterns of options that aren't to be complained about.
  private var ignored: [Substring] = []
  /// The options that already have their value.
  private var chosen: Set<String> = []

  init(host: String) { originalHost = host }

  /// The name to connect to, `%h` replaced, as far as it's known.
  func resolvedHostName() throws(HostError) -> String {
    guard let hostName else { return originalHost }
    return try SSHTokens(["h": originalHost]).expand(hostName, "HostName of \(originalHost)")
  }

  /// What `%h` and its like stand for by now.
  func tokens(_ person: SSHPerson) throws(HostError) -> SSHTokens {
    SSHTokens(
      host: try resolvedHostName(), original: originalHost, port: port ?? 22,
      user: user ?? person.name, alias: hostKeyAlias, person: person)
  }

  // MARK: Taking lines

  /// Takes one line, unless an earlier one has set the option.
  mutating func take(_ line: SSHConfigLine) throws(HostError) {
    guard let value = line.arguments.first else {
      throw line.problem("\(line.keyword) has no value")
    }
    switch line.name {
    case "identityfile":
      try line.requireOneValue()
      if identityFiles?.contains(value) != true { identityFiles = (identityFiles ?? []) + [value] }
      return
    case "certificatefile":
      try line.requireOneValue()
      if value != "none", !certificateFiles.contains(value) { certificateFiles.append(value) }
      return
    default: break
    }
    guard chosen.insert(line.name).inserted else { return }
    if try takeName(line, value) { return }
    if try takeWay(line, value) { return }
    if try takeTrust(line, value) { return }
    if try takeLogin(line, value) { return }
    try passOver(line, value)
  }

  /// What is connected to.
  private mutating func takeName(
    _ line: SSHConfigLine, _ value: String
  ) throws(HostError) -> Bool {
    switch line.name {
    case "hostname": hostName = value
    case "port": port = try line.portNumber()
    case "user": user = value
    case "tag": tag = value
    case "addressfamily":
      guard let family = SSHSettings.AddressFamily(rawValue: value.lowercased()) else {
        throw line.problem("AddressFamily can't be '\(value)'", help: "use any, inet or inet6")
      }
      addressFamily = family
    case "bindaddress": bindAddress = value
    case "connecttimeout": connectTimeout = try line.duration()
    case "canonicalizehostname":
      canonicalizes = ["yes", "true", "always"].contains(value.lowercased())
    default: return false
    }
    try line.requireOneValue()
    return true
  }

  /// The way there.
  private mutating func takeWay(
    _ line: SSHConfigLine, _ value: String
  ) throws(HostError) -> Bool {
    switch line.name {
    case "proxyjump":
      try line.requireOneValue()
      proxyJump = value
      chosen.insert("proxycommand")
    case "proxycommand":
      // The rest of the line as it is: a shell reads it.
      proxyCommand = String(line.rest.drop { " \t=".contains($0) })
      chosen.insert("proxyjump")
    case "serveraliveinterval": keepAliveInterval = try line.duration() ?? .zero
    case "serveralivecountmax":
      guard let count = Int(value), count >= 0 else {
        throw line.problem("'\(value)' is no number")
      }
      keepAliveCount = count
    default: return false
    }
    return true
  }

  /// Whom to trust.
  private mutating func takeTrust(
    _ line: SSHConfigLine, _ value: String
  ) throws(HostError) -> Bool {
    switch line.name {
    case "stricthostkeychecking":
      switch value.lowercased() {
      case "yes", "true", "ask": hostKeyPolicy = .strict
      case "accept-new": hostKeyPolicy = .acceptNew
      case "no", "false", "off": hostKeyPolicy = .ignore
      default: throw line.problem("StrictHostKeyChecking can't be '\(value)'")
      }
    case "userknownhostsfile":
      userKnownHostsFiles = try line.files()
      return true
    case "globalknownhostsfile":
      globalKnownHostsFiles = try line.files()
      return true
    case "revokedhostkeys": revokedKeysFile = value
    case "hostkeyalias": hostKeyAlias = value.lowercased()
    case "hashknownhosts": hashesKnownHosts = try line.flag()
    default: return false
    }
    try line.requireOneValue()
    return true
  }

  /// How to log in.
  private mutating func takeLogin(
    _ line: SSHConfigLine, _ value: String
  ) throws(HostError) -> Bool {
    switch line.name {
    case "identitiesonly": identitiesOnly = try line.flag()
    case "identityagent": identityAgent = value
    case "preferredauthentications":
      authentications = value.split(separator: ",").map(String.init)
    case "passwordauthentication": allowsPassword = try line.flag()
    case "kbdinteractiveauthentication": allowsKeyboardInteractive = try line.flag()
    // Other values than no concern only what is bound to hosts.
    case "pubkeyauthentication": allowsPublicKey = !["no", "false"].contains(value.lowercased())
    default: return false
    }
    try line.requireOneValue()
    return true
  }

  private mutating func passOver(_ line: SSHConfigLine, _ value: String) throws(HostError) {
    switch line.name {
    case "ignoreunknown": ignored = value.split(separator: ",")
    case "permitlocalcommand": runsLocalCommand = try line.flag()
    case "localcommand":
      guard runsLocalCommand else { return }
      throw line.unsupported("LocalCommand")
    case "canonicaldomains":
      guard canonicalizes, value != "none" else { return }
      throw line.unsupported("CanonicalDomains")
    case "remotecommand", "knownhostscommand", "sessiontype", "bindinterface", "proxyusefdpass":
      guard !["none", "default", "no"].contains(value.lowercased()) else { return }
      throw line.unsupported(line.keyword)
    case let keyword where Self.noted.contains(keyword): passedOver.append(keyword)
    case let keyword where Self.harmless.contains(keyword): break
    case let keyword where HostPatternList.matches(ignored, keyword): break
    default: throw line.unsupported(line.keyword)
    }
  }
}
