internal import Synchronization

/// What PBKDF2 makes of a vault password and a text's salt: slow by design, 10,000 rounds.
struct VaultKeys: Sendable {
  var cipher: [UInt8]
  var authentication: [UInt8]
  var iv: [UInt8]

  init(password: [UInt8], salt: [UInt8]) {
    let all = PBKDF2.sha256(password: password, salt: salt, iterations: 10_000, length: 80)
    cipher = Array(all[0..<32])
    authentication = Array(all[32..<64])
    iv = Array(all[64..<80])
  }
}

/// Keys that were worked out once: a file read again, such as `vars_files` of several plays, costs
/// nothing.
package final class VaultKeyCache: Sendable {
  private struct Source: Hashable {
    var password: [UInt8]
    var salt: [UInt8]
  }

  private let known = Mutex<[Source: VaultKeys]>([:])

  package init() {}

  func keys(password: [UInt8], salt: [UInt8]) -> VaultKeys {
    let source = Source(password: password, salt: salt)
    if let keys = known.withLock({ $0[source] }) { return keys }
    // Outside of the lock: others may work out theirs meanwhile.
    let keys = VaultKeys(password: password, salt: salt)
    known.withLock { $0[source] = keys }
    return keys
  }
}
