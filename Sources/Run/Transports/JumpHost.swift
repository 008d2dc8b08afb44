internal import Hosts

/// `[user@]host[:port]`, as `-J` and ProxyJump have it; `ssh://` may stand before it.
struct JumpHost: Hashable {
  var user: String?
  var host: String
  var port: Int?

  init?(_ text: String) {
    var rest = text[...]
    if rest.hasPrefix("ssh://") { rest = rest.dropFirst(6) }
    if let at = rest.lastIndex(of: "@") {
      user = String(rest[..<at])
      rest = rest[rest.index(after: at)...]
    }
    if rest.first == "[", let end = rest.firstIndex(of: "]") {
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
    } else {
      // More than one colon is an IPv6 address without port.
      let colon = rest.count(where: { $0 == ":" }) == 1 ? rest.firstIndex(of: ":") : nil
      host = String(rest[..<(colon ?? rest.endIndex)])
      rest = rest[(colon ?? rest.endIndex)...]
    }
    if rest.first == ":" {
      guard let number = Int(rest.dropFirst()), (1...65535).contains(number) else { return nil }
      port = number
    } else if !rest.isEmpty {
      return nil
    }
    if host.isEmpty { return nil }
  }

  /// As ssh does, the jump host has its own settings; whether keys are checked is the target's.
  func target(
    from target: ConnectionTarget, _ settings: SSHSettings, through others: [String]
  ) -> ConnectionTarget {
    var jump = ConnectionTarget(name: host, address: host)
    jump.user = user
    jump.port = port
    jump.checksHostKey = target.checksHostKey
    jump.knownHostsFile = target.knownHostsFile
    jump.connectTimeout = target.connectTimeout
    if !others.isEmpty { jump.sshArguments = ["-J", others.joined(separator: ",")] }
    if let file = settings.configurationFile { jump.sshArguments += ["-F", file] }
    return jump
  }
}
