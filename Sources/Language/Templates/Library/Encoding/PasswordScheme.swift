internal import Cryptography
internal import Values

/// One of the ways to hash passwords, with passlib's names, rounds and demands.
struct PasswordScheme {
  private enum Kind {
    case md5
    case sha256
    case sha512
    case bcrypt
  }

  private let kind: Kind
  /// As it was given: an integer or text that is one.
  var rounds: Value?
  /// bcrypt's variant: `2a`, `2b` or `2y`.
  var ident: String?
  var saltSize: Int?

  private static let alphabet = Array(
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  /// bcrypt's digits have another order.
  private static let bcryptAlphabet = Array(
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

  init(_ name: String) throws(TemplateError) {
    switch name {
    case "md5", "md5_crypt": kind = .md5
    case "sha256", "sha256_crypt": kind = .sha256
    case "sha512", "sha512_crypt": kind = .sha512
    case "blowfish", "bcrypt": kind = .bcrypt
    default:
      throw TemplateError(
        .other,
        "\(name) is not in the list of supported passlib algorithms: md5, blowfish, sha256, sha512")
    }
  }

  private var name: String {
    switch kind {
    case .md5: "md5_crypt"
    case .sha256: "sha256_crypt"
    case .sha512: "sha512_crypt"
    case .bcrypt: "bcrypt"
    }
  }

  /// The hash; without a salt a random one.
  ///
  /// Its work counts as steps of the session: hashes are slow on purpose, and a loop may ask for many.
  func hash(
    _ password: String, salt: String?, _ session: Session
  ) throws(TemplateError) -> String {
    let setting: String
    let blocks = 1 + password.utf8.count / 64
    switch kind {
    case .md5:
      try session.step(by: 10 * blocks)
      setting = "$1$" + (try self.salt(salt, upTo: 8))
    case .sha256, .sha512:
      let isLong = kind == .sha512
      // passlib, which Ansible asks first, has these rounds and writes them down.
      let count = try count(isLong ? 656_000 : 535_000, 1000...999_999_999)
      if count > 5_000_000 { throw TemplateError(.limit, "password_hash: too many rounds") }
      try session.step(by: count / 100 * blocks)
      let note = count == 5000 ? "" : "rounds=\(count)$"
      setting = (isLong ? "$6$" : "$5$") + note + (try self.salt(salt, upTo: 16))
    case .bcrypt:
      let count = try count(12, 4...31)
      if count > 16 { throw TemplateError(.limit, "password_hash: too many rounds") }
      try session.step(by: 1 << count)
      let ident = ident ?? "2b"
      guard ["2a", "2b", "2y"].contains(ident) else {
        throw failure("bcrypt has no ident `\(ident)`: use 2a, 2b or 2y")
      }
      let digits = String(count)
      let cost = digits.utf8.count == 1 ? "0" + digits : digits
      setting = "$\(ident)$\(cost)$" + (try bcryptSalt(salt))
    }
    guard let hash = PasswordHash.crypt(Array(password.utf8), setting: setting) else {
      throw failure("\(name) doesn't allow NULL bytes in password")
    }
    return hash
  }

  /// A random salt.
  func newSalt() throws(TemplateError) -> String {
    kind == .bcrypt ? try bcryptSalt(nil) : try salt(nil, upTo: kind == .md5 ? 8 : 16)
  }

  /// The variant that is written down beside the salt.
  var standardIdent: String? { kind == .bcrypt ? "2b" : nil }

  private func failure(_ message: String) -> TemplateError {
    TemplateError(.other, "Could not hash the secret: \(message)")
  }

  private func count(_ standard: Int, _ range: ClosedRange<Int>) throws(TemplateError) -> Int {
    guard let rounds else { return standard }
    guard let count = rounds.pythonInt ?? rounds.text.flatMap({ PythonNumber.int($0, base: 10) })
    else {
      throw failure("invalid literal for int() with base 10: \(PythonText.repr(rounds))")
    }
    if count < range.lowerBound {
      throw failure(
        "\(name): min_desired_rounds (\(count)) is too low, must be at least \(range.lowerBound)")
    }
    if count > range.upperBound {
      throw failure(
        "\(name): min_desired_rounds (\(count)) is too high, must be at most \(range.upperBound)")
    }
    return count
  }

  private func salt(_ given: String?, upTo limit: Int) throws(TemplateError) -> String {
    guard let given else {
      let count = min(max(saltSize ?? limit, 1), limit)
      return String(SecureRandom.bytes(count).map { Self.alphabet[Int($0 & 63)] })
    }
    guard given.allSatisfy({ Self.alphabet.contains($0) }) else {
      throw failure("invalid characters in \(name) salt")
    }
    guard given.utf8.count <= limit else {
      throw failure("salt too large (\(name) requires <= \(limit) chars)")
    }
    return given
  }

  /// 22 digits, of the last of which only two bits count.
  private func bcryptSalt(_ given: String?) throws(TemplateError) -> String {
    var digits =
      given.map { Array($0) } ?? SecureRandom.bytes(22).map { Self.bcryptAlphabet[Int($0 & 63)] }
    guard digits.count == 22 else {
      throw failure("bcrypt's salt has 22 characters, not \(digits.count)")
    }
    guard digits.allSatisfy({ Self.bcryptAlphabet.contains($0) }),
      let last = Self.bcryptAlphabet.firstIndex(of: digits[21])
    else { throw failure("invalid characters in bcrypt salt") }
    digits[21] = Self.bcryptAlphabet[last & 0x30]
    return String(digits)
  }
}
