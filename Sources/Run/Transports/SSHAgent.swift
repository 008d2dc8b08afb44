internal import Hosts

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// A key that an agent or libcrypto signs with.
protocol Signer: AnyObject, Sendable {
  /// The public key as SSH sends it, its first string the name of the signature's algorithm.
  var publicKey: [UInt8] { get }
  /// The bare signature; nil where it can't be made.
  func sign(_ data: [UInt8]) -> [UInt8]?
}

/// ssh-agent, asked over its socket (draft-miller-ssh-agent).
struct SSHAgent {
  /// A key that the agent holds.
  struct Identity: Hashable {
    var publicKey: [UInt8]
    var comment: String
  }

  /// The path of the agent's socket.
  let socket: String

  private static let requestIdentities: UInt8 = 11
  private static let identitiesAnswer: UInt8 = 12
  private static let signRequest: UInt8 = 13
  private static let signResponse: UInt8 = 14
  private static let rsaSHA256: UInt32 = 2
  /// How long an agent may take; it may ask a person.
  private static let seconds = 30

  /// The keys that the agent holds; none where there is no agent.
  func identities() -> [Identity] {
    guard let answer = ask([Self.requestIdentities]), answer.first == Self.identitiesAnswer else {
      return []
    }
    var reader = SSHReader(Array(answer.dropFirst()))
    guard let count = reader.number(), count < 1000 else { return [] }
    var identities: [Identity] = []
    for _ in 0..<count {
      guard let key = reader.string(), let comment = reader.string() else { break }
      identities.append(
        Identity(publicKey: key, comment: String(decoding: comment, as: UTF8.self)))
    }
    return identities
  }

  /// The signature of `data` with the identity's key.
  func sign(_ data: [UInt8], with identity: Identity) -> [UInt8]? {
    var writer = SSHWriter()
    writer.byte(Self.signRequest)
    writer.string(identity.publicKey)
    writer.string(data)
    writer.number(SSHKey.type(of: identity.publicKey) == "ssh-rsa" ? Self.rsaSHA256 : 0)
    guard let answer = ask(writer.bytes), answer.first == Self.signResponse else { return nil }
    var reader = SSHReader(Array(answer.dropFirst()))
    guard let signature = reader.string() else { return nil }
    var parts = SSHReader(signature)
    _ = parts.string()
    return parts.string()
  }

  private func ask(_ message: [UInt8]) -> [UInt8]? {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: Self.seconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard connect(descriptor) else { return nil }
    var writer = SSHWriter()
    writer.string(message)
    guard
      send(descriptor, writer.bytes, writer.bytes.count, Int32(MSG_NOSIGNAL))
        == writer.bytes.count
    else { return nil }
    guard let head = receive(descriptor, 4) else { return nil }
    var reader = SSHReader(head)
    guard let length = reader.number(), length > 0, length <= 1 << 20 else { return nil }
    return receive(descriptor, Int(length))
  }

  private func connect(_ descriptor: Int32) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(socket.utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  private func receive(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var offset = 0
    while offset < count {
      let length = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress! + offset, count - offset, 0)
      }
      if length < 0, errno == EINTR { continue }
      guard length > 0 else { return nil }
      offset += length
    }
    return bytes
  }
}

/// A key in the agent.
final class AgentSigner: Signer {
  private let agent: SSHAgent
  private let identity: SSHAgent.Identity

  init(_ agent: SSHAgent, _ identity: SSHAgent.Identity) {
    self.agent = agent
    self.identity = identity
  }

  var publicKey: [UInt8] { RSAKey.renamed(identity.publicKey) }

  func sign(_ data: [UInt8]) -> [UInt8]? { agent.sign(data, with: identity) }
}
