internal import CSSH2
internal import Hosts

/// Decides whether a host is the one that it should be.
struct HostKeyCheck {
  let settings: SSHSettings
  let known: KnownHosts

  /// The types to ask for first: those that the host is known by.
  var preferredTypes: [String] {
    let (host, port) = settings.knownHostName
    return known.keyTypes(of: host, port: port)
  }

  /// Throws unless the key is known, or need not be.
  func judge(_ key: [UInt8]) throws(HostError) {
    let (host, port) = settings.knownHostName
    let shown = "\(SSHKey.shortName(of: key)) \(SSHKey.fingerprint(of: key))"
    let name = KnownHosts.name(host, port: port)
    guard settings.hostKeyPolicy != .ignore else { return }
    try refuseIfListed(key, shown)
    switch known.verdict(on: key, of: host, port: port) {
    case .known: return
    case .changed(let file, let line):
      throw HostError(
        .unreachable,
        "the host key of \(name) has changed: it shows \(shown), but \(file):\(line) has another",
        help: "someone may be in between; if the host was set up anew, remove the old key: "
          + "ssh-keygen -R '\(name)' -f \(Shell.quote(file))")
    case .revoked(let file, let line):
      throw HostError(
        .unreachable, "the host key of \(name), \(shown), is revoked by \(file):\(line)",
        help: "don't trust this host; its key was given up")
    case .unknown:
      if settings.hostKeyPolicy == .acceptNew {
        try remember(key)
      } else {
        throw unknown(key, shown)
      }
    }
  }

  /// RevokedHostKeys: no host may show what is in it, and nothing is trusted where it can't be read.
  private func refuseIfListed(_ key: [UInt8], _ shown: String) throws(HostError) {
    guard let file = settings.revokedKeysFile else { return }
    let bytes: [UInt8]
    switch LocalFile.read(file) {
    case .success(let content): bytes = content
    case .failure(let error):
      throw HostError(.unreachable, "can't read RevokedHostKeys \(error)")
    }
    guard !bytes.starts(with: Array("SSHKRL".utf8)) else {
      throw HostError(
        .unreachable, "RevokedHostKeys \(file) is a binary list, which isn't supported",
        help: OpenSSHNeed.help)
    }
    if KnownHosts.isListed(key, in: String(decoding: bytes, as: UTF8.self)) {
      throw HostError(
        .unreachable, "the host key of \(place), \(shown), is revoked by \(file)",
        help: "don't trust this host; its key was given up")
    }
  }

  private var place: String {
    KnownHosts.name(settings.knownHostName.host, port: settings.knownHostName.port)
  }

  private func unknown(_ key: [UInt8], _ shown: String) -> HostError {
    let (host, port) = settings.knownHostName
    let name = KnownHosts.name(host, port: port)
    let file = settings.userKnownHostsFiles.first ?? "~/.ssh/known_hosts"
    let type = SSHKey.type(of: key)?.replacing("ssh-", with: "").prefix { $0 != "-" } ?? "ed25519"
    var message = "the host key of \(name) isn't known: \(shown)"
    if !preferredTypes.isEmpty {
      message += " (known are keys of the types \(preferredTypes.joined(separator: ", ")))"
    }
    if known.hasAuthority(for: host, port: port) {
      return HostError(
        .unreachable, message + ", and certificates of hosts are for ssh alone",
        help: OpenSSHNeed.help)
    }
    return HostError(
      .unreachable, message,
      help: "if that is the host's fingerprint, add this line to \(file): "
        + "\(KnownHosts.line(for: key, of: host, port: port)) (or run: ssh-keyscan -t \(type) "
        + "-p \(settings.port) \(settings.hostName) >> \(file))")
  }

  private func remember(_ key: [UInt8]) throws(HostError) {
    guard let file = settings.userKnownHostsFiles.first else { return }
    let (host, port) = settings.knownHostName
    let line = KnownHosts.line(for: key, of: host, port: port, hashed: settings.hashesKnownHosts)
    let old = LocalFile.text(file) ?? ""
    let start = old.isEmpty || old.hasSuffix("\n") ? "" : "\n"
    if let error = LocalFile.append(start + line + "\n", to: file) {
      throw HostError(.unreachable, "can't write down the new host key: \(error)")
    }
  }

  /// Whether a handshake may succeed later: only algorithms that don't fit stay as they are. A
  /// network that comes back may answer with anything else at first.
  static func mayPass(_ error: TransportError) -> Bool {
    error.code != LIBSSH2_ERROR_KEX_FAILURE
  }

  /// What a failed handshake means.
  func handshakeError(_ error: TransportError, at place: String) -> HostError {
    switch error.kind {
    case .droppedEarly:
      return HostError(
        .unreachable, "\(place) hung up before it said who it is",
        help: "sshd's MaxStartups may be too low for so many connections at once (--forks)")
    case .turnedAway where error.message.hasPrefix("Not allowed at this time"):
      return HostError(
        .unreachable, "\(place) turns this machine away: \(error.message)",
        help:
          "sshd from OpenSSH 9.8 on does so for a while after failed logins (PerSourcePenalties)")
    case .turnedAway:
      return HostError(
        .unreachable, "\(place) hung up before it said who it is: \(error.message)",
        help: "an SSH server introduces itself by a line that starts with SSH-")
    case .refused where error.code == LIBSSH2_ERROR_KEX_FAILURE:
      return HostError(
        .unreachable, "\(place) and this libssh2 have no algorithm in common: \(error.message)",
        help: Self.algorithms)
    case .lost where settings.proxyCommand == nil:
      // What a server does that finds no algorithm in common first.
      return HostError(
        .unreachable, "\(place) hung up while keys were exchanged: \(error.message)",
        help: Self.algorithms)
    default:
      return HostError(.unreachable, "no SSH connection to \(place): \(error.message)")
    }
  }

  /// What to look at where client and server don't find together.
  private static let algorithms =
    (SessionHandle.signsWithRSA
      ? "see Ciphers, MACs and HostKeyAlgorithms of the host's sshd"
      : "libssh2 before 1.11 needs an ed25519 or ECDSA host key, aes-ctr and hmac-sha2 (not -etm)")
    + "; or \(OpenSSHNeed.help)"
}
