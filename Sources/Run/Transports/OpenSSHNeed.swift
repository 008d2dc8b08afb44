/// What libssh2 can't do and the system's own ssh can.
enum OpenSSHNeed: String {
  case certificate = "a certificate"
  case securityKey = "a key on a security token (FIDO)"
  case lockedKey = "an encrypted key that this libssh2 can't open"
  case kerberos = "GSSAPI (Kerberos)"

  /// What to do about it; the other transport is never chosen in silence.
  static let help = "set ansible_connection: openssh, which leaves connecting to the system's ssh"

  /// Why a public key can't be used by libssh2; nil where it can.
  init?(key: [UInt8]) {
    guard let type = SSHKey.type(of: key) else { return nil }
    if type.contains("-cert-v01@") {
      self = .certificate
    } else if type.hasPrefix("sk-") {
      self = .securityKey
    } else {
      return nil
    }
  }
}
