internal import Cryptography

/// The keys that hosts are known by (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
struct KnownHosts {
  /// One key in one line of a file.
  struct Entry: Hashable {
    enum Marker: Hashable {
      case revoked
      case certificateAuthority
    }

    var marker: Marker?
    var hosts: Substring
    /// `ssh-ed25519`, …
    var type: String
    var key: [UInt8]
    var file: String
    /// From 1.
    var line: Int
  }

  /// What the files say about a host's key.
  enum Verdict: Hashable {
    case known
    /// The host is known by another key of the same type, there.
    case changed(file: String, line: Int)
    /// This key must not be trusted.
    case revoked(file: String, line: Int)
    case unknown
  }

  private let files: [KnownHostsFile]

  init(_ files: [KnownHostsFile]) { self.files = files }

  init(_ text: String, file: String) { files = [KnownHostsFile(text, path: file)] }

  /// The entries for a name, in the order of files and lines.
  private func entries(for name: String) -> [Entry] { files.flatMap { $0.entries(for: name) } }

  /// What the files say about `key`, which `host` showed at `port`.
  func verdict(on key: [UInt8], of host: String, port: Int) -> Verdict {
    let verdict = verdict(on: key, named: Self.name(host, port: port))
    // As ssh does: a line without port serves for any, but only to trust.
    if verdict == .unknown, port != 22, self.verdict(on: key, named: host.lowercased()) == .known {
      return .known
    }
    return verdict
  }

  private func verdict(on key: [UInt8], named name: String) -> Verdict {
    var verdict = Verdict.unknown
    let type = SSHKey.type(of: key)
    for entry in entries(for: name) {
      switch entry.marker {
      case .revoked:
        if entry.key == key { return .revoked(file: entry.file, line: entry.line) }
      case .certificateAuthority: continue
      case nil:
        if entry.key == key {
          verdict = .known
        } else if verdict == .unknown, SSHKey.type(of: entry.key) == type {
          verdict = .changed(file: entry.file, line: entry.line)
        }
      }
    }
    return verdict
  }

  /// The types of the keys that a host is known by, to be asked for first.
  func keyTypes(of host: String, port: Int) -> [String] {
    var types: [String] = []
    for name in Set([Self.name(host, port: port), host.lowercased()]) {
      for entry in entries(for: name) where entry.marker == nil {
        if let type = SSHKey.type(of: entry.key), !types.contains(type) { types.append(type) }
      }
    }
    return types
  }

  /// Whether a host may show a certificate in place of a known key.
  func hasAuthority(for host: String, port: Int) -> Bool {
    let name = Self.name(host, port: port)
    return entries(for: name).contains { $0.marker == .certificateAuthority }
  }

  /// Whether a list of public keys, one a line as in `.pub` files, has the key.
  static func isListed(_ key: [UInt8], in text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      guard !line.hasPrefix("#") else { return false }
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      return words.contains { Base64.decode($0) == key }
    }
  }

  /// How a host is called in the files: its name in lower case, with the port unless that's 22.
  static func name(_ host: String, port: Int) -> String {
    port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
  }

  /// A line that makes a key known.
  static func line(for key: [UInt8], of host: String, port: Int, hashed: Bool = false) -> String {
    var name = name(host, port: port)
    if hashed {
      let salt = SecureRandom.bytes(20)
      let hash = HMAC.sha1(key: salt, Array(name.utf8))
      name = "|1|\(Base64.encode(salt))|\(Base64.encode(hash))"
    }
    return "\(name) \(SSHKey.type(of: key) ?? "ssh-ed25519") \(Base64.encode(key))"
  }
}
