internal import CSSH2
internal import Hosts

/// Logs in: keys named for the host, keys of the agent, the usual keys, then the password.
///
/// A server counts each key that it refuses and hangs up after MaxAuthTries (6), so the order is by
/// likelihood, and the number of keys is limited.
struct Authentication {
  let connection: SSHConnection
  let settings: SSHSettings
  let password: String?
  let passphrase: String?
  let passphrases: Passphrases
  /// Where the usual keys are looked for.
  let homeFolder: String

  /// The most keys that are offered; one try is left to the password.
  private static let keyLimit = 5
  private static let keyLimitBeforePassword = 4
  private static let usualKeys = ["id_ed25519", "id_ecdsa", "id_rsa"]

  /// A way to prove a key.
  private enum Offer {
    case agent(SSHAgent, SSHAgent.Identity)
    case file(PrivateKeyFile)
  }

  /// What was tried, for the message.
  private final class Attempts {
    var tried: [String] = []
    var problems: [String] = []
    /// What only ssh itself can use.
    var needs: [OpenSSHNeed] = []

    func need(_ reason: OpenSSHNeed) {
      if !needs.contains(reason) { needs.append(reason) }
    }
  }

  func logIn() async throws(HostError) {
    let attempts = Attempts()
    do throws(TransportError) {
      guard let methods = try await connection.loginMethods(of: settings.user) else { return }
      for method in settings.authentications where methods.contains(method) {
        if try await logIn(by: method, attempts) { return }
      }
      throw refusal(attempts, methods)
    } catch {
      throw Self.broken(error, attempts)
    }
  }

  private func logIn(
    by method: String, _ attempts: Attempts
  ) async throws(TransportError) -> Bool {
    if method == "publickey" { return try await logInByKey(attempts) }
    guard let password else { return false }
    return try await logIn(method, attempts) { () async throws(TransportError) in
      if method == "password" {
        try await connection.logIn(settings.user, password: password)
      } else {
        try await connection.logIn(settings.user, answering: password)
      }
    }
  }

  private func logIn(
    _ name: String, _ attempts: Attempts, _ attempt: () async throws(TransportError) -> Void
  ) async throws(TransportError) -> Bool {
    attempts.tried.append(name)
    do throws(TransportError) {
      try await attempt()
      return true
    } catch {
      guard error.kind == .refused else { throw error }
      return false
    }
  }

  // MARK: Keys

  private func logInByKey(_ attempts: Attempts) async throws(TransportError) -> Bool {
    let limit = password == nil ? Self.keyLimit : Self.keyLimitBeforePassword
    for offer in offers(attempts).prefix(limit) {
      let done =
        switch offer {
        case .agent(let agent, let identity):
          try await logIn(Self.name(identity), attempts) { () async throws(TransportError) in
            try await connection.logIn(settings.user, signer: AgentSigner(agent, identity))
          }
        case .file(let file): try await logIn(by: file, attempts)
        }
      if done { return true }
    }
    return false
  }

  private func offers(_ attempts: Attempts) -> [Offer] {
    let agent = settings.agentSocket.map { SSHAgent(socket: $0) }
    var held = (agent?.identities() ?? []).filter { identity in
      guard let reason = OpenSSHNeed(key: identity.publicKey) else { return true }
      attempts.need(reason)
      return false
    }
    var offers: [Offer] = []
    // Last, since a person must be asked: one of the others may do.
    var locked: [Offer] = []
    func offer(_ path: String, isNamed: Bool) {
      let file: PrivateKeyFile
      do throws(HostError) { file = try PrivateKeyFile(path) } catch {
        if isNamed { attempts.problems.append(error.message) }
        return
      }
      if LocalFile.exists(path + "-cert.pub") { attempts.need(.certificate) }
      if let key = file.publicKey, let reason = OpenSSHNeed(key: key) {
        attempts.need(reason)
      } else if let agent, let index = held.firstIndex(where: { $0.publicKey == file.publicKey }) {
        offers.append(.agent(agent, held.remove(at: index)))
      } else if file.isEncrypted, passphrase == nil {
        locked.append(.file(file))
      } else {
        offers.append(.file(file))
      }
    }
    for path in settings.identityFiles ?? [] { offer(path, isNamed: true) }
    if let agent, !settings.identitiesOnly {
      for identity in held { offers.append(.agent(agent, identity)) }
      held = []
    }
    if settings.identityFiles == nil {
      for name in Self.usualKeys { offer("\(homeFolder)/.ssh/\(name)", isNamed: false) }
    }
    return offers + locked
  }

  private func logIn(
    by file: PrivateKeyFile, _ attempts: Attempts
  ) async throws(TransportError) -> Bool {
    var passphrase = passphrase
    if file.isEncrypted, passphrase == nil {
      passphrase = await passphrases.passphrase(for: file.path)
      guard passphrase != nil else {
        attempts.problems.append("\(file.path) is encrypted and no passphrase is given")
        return false
      }
    }
    if file.isRSA != false, let key = file.rsa(passphrase: passphrase) {
      return try await logIn(file.path, attempts) { () async throws(TransportError) in
        try await connection.logIn(settings.user, signer: key)
      }
    }
    if file.isRSA == true, !SessionHandle.signsWithRSA {
      if file.isEncrypted, file.format == .openSSH { attempts.need(.lockedKey) }
      attempts.problems.append(
        file.isEncrypted && file.format == .openSSH
          ? "\(file.path) is an encrypted RSA key, which this libssh2 can't use: add it to the "
            + "agent (ssh-add), or use an ed25519 key"
          : "\(file.path) can't be opened: wrong passphrase")
      return false
    }
    attempts.tried.append(file.path)
    do throws(TransportError) {
      try await connection.logIn(settings.user, key: file.content, passphrase: passphrase)
      return true
    } catch {
      guard error.kind == .refused else { throw error }
      // These two come from the server; what else fails is in the file.
      if error.code != LIBSSH2_ERROR_AUTHENTICATION_FAILED,
        error.code != LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED
      {
        // Authenticated ciphers came to libssh2 with 1.11, and not all of them.
        if file.cipher?.contains("@") == true { attempts.need(.lockedKey) }
        attempts.problems.append(
          file.isEncrypted
            ? "\(file.path) can't be opened: wrong passphrase, or the cipher "
              + "\(file.cipher ?? "it has") is one that this libssh2 doesn't know"
            : "\(file.path) can't be opened: \(error.message)")
      }
      return false
    }
  }

  private static func name(_ identity: SSHAgent.Identity) -> String {
    "agent key \(SSHKey.shortName(of: identity.publicKey)) \(identity.comment)"
  }

  // MARK: Messages

  /// Thrown as a transport error so that one `catch` words both; nothing was lost.
  private func refusal(_ attempts: Attempts, _ methods: [String]) -> TransportError {
    var message = "login as \(settings.user) was refused"
    message +=
      attempts.tried.isEmpty
      ? "; nothing to try" : "; tried \(attempts.tried.joined(separator: ", "))"
    message += " (the host takes \(methods.joined(separator: ", ")))"
    if !attempts.problems.isEmpty { message += "; " + attempts.problems.joined(separator: "; ") }
    if !settings.passedOver.isEmpty {
      message += "; not supported and passed over: "
      message += settings.passedOver.joined(separator: ", ")
    }
    if !settings.certificateFiles.isEmpty { attempts.need(.certificate) }
    if methods.contains("gssapi-with-mic") { attempts.need(.kerberos) }
    if !attempts.needs.isEmpty {
      message += "; not tried: \(attempts.needs.map(\.rawValue).joined(separator: ", "))"
    }
    return TransportError(.refused, message)
  }

  private static func broken(_ error: TransportError, _ attempts: Attempts) -> HostError {
    if error.kind == .refused {
      var help = "check ansible_user, ansible_ssh_private_key_file and ansible_password"
      if !attempts.needs.isEmpty { help += ", or " + OpenSSHNeed.help }
      return HostError(.unreachable, error.message, help: help)
    }
    var message = "login failed: \(error.message)"
    if !attempts.tried.isEmpty { message += "; tried \(attempts.tried.joined(separator: ", "))" }
    return HostError(
      .unreachable, message,
      help: error.message.contains("Too many authentication failures")
        ? "name the host's key in ansible_ssh_private_key_file, or set IdentitiesOnly yes" : nil)
  }
}
