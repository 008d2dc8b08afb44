internal import CCrypt

/// Hashes of passwords as `crypt` of the system's libcrypt makes them: `$1$`, `$5$`, `$6$`, `$2b$`.
///
/// Every Debian has the library: its `login` and PAM hash with it.
package enum PasswordHash {
  /// The hash of a password by a setting such as `$6$rounds=5000$salt`; nil where the setting is
  /// none that the library takes, or the password holds a zero byte.
  package static func crypt(_ password: [UInt8], setting: String) -> String? {
    if password.contains(0) { return nil }
    var data = crypt_data()
    let key = password.map { CChar(bitPattern: $0) } + [0]
    guard let result = crypt_r(key, setting, &data) else { return nil }
    let text = String(cString: result)
    // Failures are shown by a text that no hash begins with.
    return text.hasPrefix("*") ? nil : text
  }
}
