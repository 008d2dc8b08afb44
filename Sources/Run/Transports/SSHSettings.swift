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

  /// The name or address to connect to.
  var hostName: String
  var port = 22
  var user: String
  /// The key files to try, in order; nil where none are named, and the usual ones serve.
  var identityFiles: [String]?
  /// Whether only the named keys may be offered.
  var identitiesOnly = false
  /// The agent's socket, nil for none.
  var agentSocket: String?
  /// `[user@]host[:port]` of each jump host, in the order of passing.
  var jumps: [String] = []
  var hostKeyPolicy = HostKeyPolicy.strict
  var knownHostsFiles: [String]
  /// The name that the host's key is looked up by, where it isn't the host's.
  var hostKeyAlias: String?
  var hashesKnownHosts = false
  var keepAliveInterval: Duration?
  var keepAliveCount: Int?
  var allowsPassword = true
  var allowsKeyboardInteractive = true
  var allowsPublicKey = true
  /// Options that were passed over, for the message should the login fail: `CertificateFile`, ….
  var passedOver: [String] = []

  /// The name that known_hosts has the host under, and its port there.
  var knownHostName: (host: String, port: Int) {
    hostKeyAlias.map { ($0, 22) } ?? (hostName, port)
  }
}

extension SSHSettings {
  /// Options that can be passed over: they change comfort or speed, not what is reached or trusted.
  private static let harmless: Set<String> = [
    "addkeystoagent", "addressfamily", "batchmode", "canonicalizehostname", "checkhostip",
    "clearallforwardings", "compression", "connectionattempts", "connecttimeout", "controlmaster",
    "controlpath", "controlpersist", "enableescapecommandline", "enablesshkeysign", "escapechar",
    "exitonforwardfailure", "fingerprinthash", "forkafterauthentication", "forwardagent",
    "forwardx11", "forwardx11timeout", "forwardx11trusted", "gatewayports",
    "gssapiauthentication", "gssapidelegatecredentials", "gssapikeyexchange",
    "hostbasedauthentication", "ignoreunknown", "ipqos", "localforward", "loglevel", "logverbose",
    "nohostauthenticationforlocalhost", "numberofpasswordprompts", "permitlocalcommand",
    "preferredauthentications", "rekeylimit", "remoteforward", "dynamicforward", "requesttty",
    "sendenv", "streamlocalbindmask", "streamlocalbindunlink", "stdinnull", "tcpkeepalive",
    "tunnel", "updatehostkeys", "usekeychain", "verifyhostkeydns", "visualhostkey",
    "xauthlocation", "globalknownhostsfile", "obscurekeystroketiming",
  ]

  /// Options that a login may depend on; named if it fails.
  private static let noted: Set<String> = [
    "certificatefile", "casignaturealgorithms", "ciphers", "hostbasedacceptedalgorithms",
    "hostkeyalgorithms", "kexalgorithms", "macs", "pkcs11provider", "pubkeyacceptedalgorithms",
    "pubkeyacceptedkeytypes", "requiredrsasize", "securitykeyprovider", "setenv",
  ]

  /// Resolves a target. What the target says comes first, then its arguments, then the files.
  init(_ target: ConnectionTarget, _ options: TransportOptions) throws(HostError) {
    let arguments = try SSHArguments(target.sshArguments, of: target)
    let files: [String]
    if let file = arguments.configurationFile {
      files = file == "none" ? [] : [file]
    } else {
      files =
        options.configurationFiles
        ?? [options.homeFolder + "/.ssh/config", "/etc/ssh/ssh_config"]
    }
    let config = try SSHConfig(files: files, home: options.homeFolder)
    let me = LocalUser.current.name
    let knownHosts =
      options.knownHostsFiles ?? [
        options.homeFolder + "/.ssh/known_hosts", options.homeFolder + "/.ssh/known_hosts2",
        "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2",
      ]
    self.init(hostName: target.address, user: target.user ?? me, knownHostsFiles: knownHosts)
    agentSocket = options.agentSocket
    var chosen = Chosen()
    if target.user != nil { chosen.keywords.insert("user") }
    if let port = target.port {
      self.port = port
      chosen.keywords.insert("port")
    }
    if let file = target.privateKeyFile {
      identityFiles = [Self.expanded(file, home: options.homeFolder)]
    }
    if !target.checksHostKey {
      hostKeyPolicy = .ignore
      chosen.keywords.insert("stricthostkeychecking")
    }
    if let file = target.knownHostsFile {
      knownHostsFiles = [Self.expanded(file, home: options.homeFolder)]
      chosen.keywords.insert("userknownhostsfile")
    }
    for line in arguments.lines { try take(line, from: target, options, &chosen) }
    for line in config.lines
    where line.conditions.allSatisfy({ matches($0, target, localUser: me) }) {
      try take(line, from: target, options, &chosen)
    }
    expandTokens(target, home: options.homeFolder)
  }

  /// The options that already have their value.
  private struct Chosen {
    var keywords: Set<String> = []
  }

  private func matches(
    _ condition: SSHConfig.Condition, _ target: ConnectionTarget, localUser: String
  ) -> Bool {
    switch condition {
    case .host(let patterns):
      return HostPatternList.matches(patterns.map { $0[...] }, target.address)
    case .match(let criteria):
      return criteria.allSatisfy { criterion in
        let name: String
        switch criterion.keyword {
        case "all": return !criterion.isNegated
        case "host": name = hostName
        case "originalhost": name = target.address
        case "user": name = user
        case "localuser": name = localUser
        // `exec`, `canonical`, `final` and what newer versions have: never true here.
        default: return false
        }
        return HostPatternList.matches(criterion.patterns.split(separator: ","), name)
          != criterion.isNegated
      }
    }
  }

  /// Takes one option, unless an earlier line has set it.
  private mutating func take(
    _ line: SSHConfig.Line, from target: ConnectionTarget, _ options: TransportOptions,
    _ chosen: inout Chosen
  ) throws(HostError) {
    let home = options.homeFolder
    guard let value = line.arguments.first else {
      throw Self.problem(line, "\(line.keyword) has no value")
    }
    if line.keyword == "identityfile" {
      if value.lowercased() == "none" { return }
      identityFiles = (identityFiles ?? []) + [Self.expanded(value, home: home)]
      return
    }
    guard chosen.keywords.insert(line.keyword).inserted else { return }
    switch line.keyword {
    case "hostname": hostName = value
    case "port":
      guard let number = Int(value), (1...65535).contains(number) else {
        throw Self.problem(line, "'\(value)' is no port")
      }
      port = number
    case "user": user = value
    case "identitiesonly": identitiesOnly = try Self.flag(line)
    case "identityagent":
      if value == "none" {
        agentSocket = nil
      } else if value.hasPrefix("$") {
        agentSocket = LocalUser.environment(String(value.dropFirst()))
      } else if value != "SSH_AUTH_SOCK" {
        agentSocket = Self.expanded(value, home: home)
      }
    case "proxyjump":
      jumps = value.lowercased() == "none" ? [] : value.split(separator: ",").map(String.init)
      chosen.keywords.insert("proxycommand")
    case "proxycommand":
      chosen.keywords.insert("proxyjump")
      if value.lowercased() != "none" {
        throw Self.problem(
          line, "ProxyCommand isn't supported", help: "use ProxyJump, or connect directly")
      }
    default: try takeSecurity(line, value, home: home)
    }
  }

  private mutating func takeSecurity(
    _ line: SSHConfig.Line, _ value: String, home: String
  ) throws(HostError) {
    switch line.keyword {
    case "stricthostkeychecking":
      switch value.lowercased() {
      case "yes", "true", "ask": hostKeyPolicy = .strict
      case "accept-new": hostKeyPolicy = .acceptNew
      case "no", "false", "off": hostKeyPolicy = .ignore
      default: throw Self.problem(line, "StrictHostKeyChecking can't be '\(value)'")
      }
    case "userknownhostsfile":
      knownHostsFiles =
        (value.lowercased() == "none"
          ? [] : line.arguments.map { Self.expanded($0, home: home) })
        + knownHostsFiles.filter { $0.hasPrefix("/etc/ssh/") }
    case "hostkeyalias": hostKeyAlias = value
    case "hashknownhosts": hashesKnownHosts = try Self.flag(line)
    case "serveraliveinterval": keepAliveInterval = try Self.seconds(line)
    case "serveralivecountmax": keepAliveCount = Int(value)
    case "passwordauthentication": allowsPassword = try Self.flag(line)
    case "kbdinteractiveauthentication", "challengeresponseauthentication":
      allowsKeyboardInteractive = try Self.flag(line)
    case "pubkeyauthentication": allowsPublicKey = value.lowercased() != "no"
    case let keyword where Self.noted.contains(keyword): passedOver.append(keyword)
    case let keyword where Self.harmless.contains(keyword): break
    default:
      throw Self.problem(
        line, "the SSH option \(line.keyword) isn't supported",
        help: "leave it out for this host, or set ansible_connection otherwise")
    }
  }

  /// Puts the host, port and user in place of `%h`, `%p`, `%r` and their like.
  private mutating func expandTokens(_ target: ConnectionTarget, home: String) {
    let original = target.address
    hostName = Self.replacing(hostName, ["h": original])
    let tokens: [Character: String] = [
      "h": hostName, "n": original, "p": String(port), "r": user, "u": LocalUser.current.name,
      "d": home, "k": hostKeyAlias ?? original,
    ]
    identityFiles = identityFiles?.map { Self.replacing($0, tokens) }
    knownHostsFiles = knownHostsFiles.map { Self.replacing($0, tokens) }
    agentSocket = agentSocket.map { Self.replacing($0, tokens) }
    jumps = jumps.map { Self.replacing($0, tokens) }
  }

  private static func replacing(_ text: String, _ tokens: [Character: String]) -> String {
    guard text.contains("%") else { return text }
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "%", let next = rest.first {
        if next == "%" {
          result.append("%")
          rest.removeFirst()
          continue
        }
        if let value = tokens[next] {
          result += value
          rest.removeFirst()
          continue
        }
      }
      result.append(character)
    }
    return result
  }

  /// The path with `~` as the home folder.
  private static func expanded(_ path: String, home: String) -> String {
    path.hasPrefix("~/") ? home + path.dropFirst() : path
  }

  private static func flag(_ line: SSHConfig.Line) throws(HostError) -> Bool {
    switch line.arguments.first?.lowercased() {
    case "yes", "true": return true
    case "no", "false": return false
    default: throw problem(line, "\(line.keyword) must be yes or no")
    }
  }

  /// `30`, `1m30s`, `none`.
  private static func seconds(_ line: SSHConfig.Line) throws(HostError) -> Duration? {
    let value = line.arguments.first ?? ""
    if value.lowercased() == "none" { return nil }
    var total = 0
    var digits = ""
    for character in value.lowercased() {
      if character.isNumber {
        digits.append(character)
        continue
      }
      let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
      guard let unit = units[character], let number = Int(digits) else {
        throw problem(line, "'\(value)' is no time")
      }
      total += number * unit
      digits = ""
    }
    guard digits.isEmpty || Int(digits) != nil else { throw problem(line, "'\(value)' is no time") }
    return .seconds(total + (Int(digits) ?? 0))
  }

  private static func problem(
    _ line: SSHConfig.Line, _ message: String, help: String? = nil
  ) -> HostError {
    HostError(.unreachable, "\(line.file):\(line.line): \(message)", help: help)
  }
}

extension SSHSettings {
  fileprivate init(hostName: String, user: String, knownHostsFiles: [String]) {
    self.hostName = hostName
    self.user = user
    self.knownHostsFiles = knownHostsFiles
  }
}
