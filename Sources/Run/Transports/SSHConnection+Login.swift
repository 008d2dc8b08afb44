internal import CSSH2

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

extension SSHConnection {
  /// A number that is no open file: libssh2 wants one and sets it non-blocking.
  private static let noSocket: Int32 = 0x7fff_ffff

  /// Exchanges keys; the host's key is of the first of `keyTypes` that it has.
  func shakeHands(preferring keyTypes: [String]) async throws(TransportError) {
    let all = [
      "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
      "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa",
    ]
    let known = keyTypes.flatMap { $0 == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", $0] : [$0] }
    let wanted = (known + all.filter { !known.contains($0) }).joined(separator: ",")
    // Names that this libssh2 doesn't have are dropped by it.
    _ = libssh2_session_method_pref(session.pointer, LIBSSH2_METHOD_HOSTKEY, wanted)
    try await operate { Int(libssh2_session_handshake($0, Self.noSocket)) }
  }

  /// The key that the host showed.
  func hostKey() -> [UInt8] {
    var length = 0
    var type: Int32 = 0
    guard let key = libssh2_session_hostkey(session.pointer, &length, &type) else { return [] }
    return Array(UnsafeRawBufferPointer(start: key, count: length))
  }

  /// The ways to log in that the host offers; nil if none is needed.
  func loginMethods(of user: String) async throws(TransportError) -> [String]? {
    while true {
      let list = libssh2_userauth_list(session.pointer, user, UInt32(user.utf8.count))
      flush()
      if let list { return String(cString: list).split(separator: ",").map(String.init) }
      if libssh2_userauth_authenticated(session.pointer) == 1 { return nil }
      guard libssh2_session_last_errno(session.pointer) == LIBSSH2_ERROR_EAGAIN else {
        throw noted(session.error(0))
      }
      try await nextInput()
    }
  }

  func logIn(_ user: String, password: String) async throws(TransportError) {
    try await operate {
      Int(
        libssh2_userauth_password_ex(
          $0, user, UInt32(user.utf8.count), password, UInt32(password.utf8.count), nil))
    }
  }

  /// Keyboard-interactive, where each hidden prompt gets the answer.
  func logIn(_ user: String, answering answer: String) async throws(TransportError) {
    session.buffers.answer = answer
    defer { session.buffers.answer = nil }
    try await operate {
      Int(
        libssh2_userauth_keyboard_interactive_ex(
          $0, user, UInt32(user.utf8.count), answerPrompts))
    }
  }

  /// A private key as its file has it.
  func logIn(_ user: String, key: [UInt8], passphrase: String?) async throws(TransportError) {
    try await operate { session in
      key.withUnsafeBytes { bytes in
        Int(
          libssh2_userauth_publickey_frommemory(
            session, user, user.utf8.count, nil, 0,
            bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, passphrase))
      }
    }
  }

  /// A key that somebody else signs with.
  func logIn(_ user: String, signer: any Signer) async throws(TransportError) {
    let box = SignerBox(signer)
    let publicKey = signer.publicKey
    try await operate { session in
      var abstract: UnsafeMutableRawPointer? = Unmanaged.passUnretained(box).toOpaque()
      return Int(
        libssh2_userauth_publickey(
          session, user, publicKey, publicKey.count, signData, &abstract))
    }
  }
}

/// Carries a signer through C.
private final class SignerBox {
  let signer: any Signer

  init(_ signer: any Signer) { self.signer = signer }
}

private typealias SignFunction =
  @convention(c) (
    OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
    UnsafeMutablePointer<Int>?, UnsafePointer<UInt8>?, Int,
    UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) -> Int32

private let signData: SignFunction = { _, signature, length, data, count, abstract in
  guard let box = abstract?.pointee,
    let made = Unmanaged<SignerBox>.fromOpaque(box).takeUnretainedValue().signer.sign(
      Array(UnsafeBufferPointer(start: data, count: count))),
    // libssh2 frees it.
    let copy = malloc(made.count)
  else { return -1 }
  copy.copyMemory(from: made, byteCount: made.count)
  signature?.pointee = copy.assumingMemoryBound(to: UInt8.self)
  length?.pointee = made.count
  return 0
}

private typealias AnswerFunction =
  @convention(c) (
    UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, Int32, Int32,
    UnsafePointer<LIBSSH2_USERAUTH_KBDINT_PROMPT>?,
    UnsafeMutablePointer<LIBSSH2_USERAUTH_KBDINT_RESPONSE>?,
    UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) -> Void

private let answerPrompts: AnswerFunction = { _, _, _, _, count, prompts, responses, abstract in
  guard let box = abstract?.pointee, let prompts, let responses else { return }
  let buffers = Unmanaged<SessionBuffers>.fromOpaque(box).takeUnretainedValue()
  for index in 0..<Int(count) {
    // A prompt that shows what is typed asks for no password.
    let answer = prompts[index].echo == 0 ? buffers.answer ?? "" : ""
    responses[index].text = strdup(answer)
    responses[index].length = UInt32(answer.utf8.count)
  }
}
