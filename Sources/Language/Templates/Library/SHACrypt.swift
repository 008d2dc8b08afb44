internal import Cryptography

/// Hashes of passwords as `crypt` makes them: `$5$` and `$6$` (Ulrich Drepper's SHA-crypt).
struct SHACrypt {
  private let isLong: Bool
  private let rounds: Int?
  private static let alphabet = Array(
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  init(isLong: Bool, rounds: Int?) {
    self.isLong = isLong
    self.rounds = rounds.map { min(max($0, 1000), 999_999_999) }
  }

  /// The hash; without a salt a random one of 16 characters.
  func hash(_ password: String, salt: String?) throws(TemplateError) -> String {
    let salt = salt ?? String(SecureRandom.bytes(16).map { Self.alphabet[Int($0 & 63)] })
    guard salt.utf8.count <= 16, salt.allSatisfy({ Self.alphabet.contains($0) }) else {
      throw TemplateError(
        .other, "password_hash: a salt is up to 16 characters of a-z, A-Z, 0-9, `.` and `/`")
    }
    // passlib, which Ansible asks first, has these rounds and writes them down.
    let count = rounds ?? (isLong ? 656_000 : 535_000)
    if count > 5_000_000 { throw TemplateError(.limit, "password_hash: too many rounds") }
    let digest = digest(Array(password.utf8), Array(salt.utf8), count)
    let note = count == 5000 ? "" : "rounds=\(count)$"
    return (isLong ? "$6$" : "$5$") + note + salt + "$" + encode(digest)
  }

  private func sum(_ bytes: [UInt8]) -> [UInt8] {
    isLong ? SHA512.hash(bytes) : SHA256.hash(bytes)
  }

  private func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    var result: [UInt8] = []
    while result.count < count { result += bytes.prefix(count - result.count) }
    return result
  }

  private func digest(_ key: [UInt8], _ salt: [UInt8], _ rounds: Int) -> [UInt8] {
    let alternate = sum(key + salt + key)
    var start = key + salt + repeated(alternate, key.count)
    var length = key.count
    while length > 0 {
      start += length & 1 == 1 ? alternate : key
      length >>= 1
    }
    var result = sum(start)
    let keySum = sum([UInt8](repeatElement(key, count: key.count).joined()))
    let saltSum = sum([UInt8](repeatElement(salt, count: 16 + Int(result[0])).joined()))
    let (p, s) = (repeated(keySum, key.count), repeated(saltSum, salt.count))
    for round in 0..<rounds {
      var bytes = round & 1 == 1 ? p : result
      if round % 3 != 0 { bytes += s }
      if round % 7 != 0 { bytes += p }
      bytes += round & 1 == 1 ? result : p
      result = sum(bytes)
    }
    return result
  }

  /// Base 64 of its own, over bytes in an order of its own.
  private func encode(_ digest: [UInt8]) -> String {
    var text = ""
    func append(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ count: Int) {
      var bits = Int(a) << 16 | Int(b) << 8 | Int(c)
      for _ in 0..<count {
        text.append(Self.alphabet[bits & 63])
        bits >>= 6
      }
    }
    if isLong {
      for index in 0..<21 {
        let (a, b, c) = (index, index + 21, index + 42)
        switch index % 3 {
        case 0: append(digest[a], digest[b], digest[c], 4)
        case 1: append(digest[b], digest[c], digest[a], 4)
        default: append(digest[c], digest[a], digest[b], 4)
        }
      }
      append(0, 0, digest[63], 2)
    } else {
      for index in 0..<10 {
        let (a, b, c) = (index, index + 10, index + 20)
        switch index % 3 {
        case 0: append(digest[a], digest[b], digest[c], 4)
        case 1: append(digest[c], digest[a], digest[b], 4)
        default: append(digest[b], digest[c], digest[a], 4)
        }
      }
      append(0, digest[31], digest[30], 3)
    }
    return text
  }
}
