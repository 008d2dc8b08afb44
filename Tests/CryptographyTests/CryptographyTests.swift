import Cryptography
import Testing

/// Expected values are those of the RFCs and standards named at each test.
@Suite struct CryptographyTests {
  @Test(arguments: [
    // RFC 1321, A.5; FIPS 180-4's examples.
    ("MD5", "abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("SHA1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("SHA1", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("SHA256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "SHA512", "abc",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    ),
  ])
  func digestsAreTheStandards(name: String, text: String, expected: String) {
    let digests: [any Digest.Type] = [MD5.self, SHA1.self, SHA256.self, SHA512.self]
    let digest = digests.first { $0.name == name }
    #expect(digest?.hex(text) == expected)
  }

  @Test func piecesHashAsTheWhole() {
    var stream = DigestStream(SHA256.self)
    stream.update([UInt8](repeating: 1, count: 1000))
    stream.update([])
    stream.update([2])
    #expect(stream.finish() == SHA256.hash([UInt8](repeating: 1, count: 1000) + [2]))
  }

  /// RFC 2202 and RFC 4231, case 2.
  @Test func messagesAreAuthenticated() {
    let key = Array("Jefe".utf8)
    let message = Array("what do ya want for nothing?".utf8)
    #expect(
      Hexadecimal.encode(HMAC.sha1(key: key, message))
        == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
    #expect(
      Hexadecimal.encode(HMAC.sha256(key: key, message))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      Hexadecimal.encode(HMAC.sha512(key: key, message))
        == "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737")
    #expect(
      Hexadecimal.encode(HMAC.sha256(key: [], []))
        == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }

  /// RFC 7914, section 11.
  @Test func keysComeFromPasswords() {
    let key = PBKDF2.sha256(
      password: Array("passwd".utf8), salt: Array("salt".utf8), iterations: 1, length: 64)
    #expect(
      Hexadecimal.encode(key)
        == "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783")
  }

  /// NIST SP 800-38A, F.5.5.
  @Test func counterModeIsTheStandards() throws {
    let key = try #require(
      Hexadecimal.decode("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"))
    let iv = try #require(Hexadecimal.decode("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"))
    let plain = try #require(
      Hexadecimal.decode("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"))
    let cipher = try #require(AES256CTR.apply(key: key, iv: iv, plain))
    #expect(
      Hexadecimal.encode(cipher)
        == "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5")
    #expect(AES256CTR.apply(key: key, iv: iv, cipher) == plain)
    #expect(AES256CTR.apply(key: key, iv: iv, []) == [])
    #expect(AES256CTR.apply(key: [1], iv: iv, plain) == nil)
  }

  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func base64IsTheStandards(text: String, expected: String) {
    #expect(Base64.encode(Array(text.utf8)) == expected)
    #expect(Base64.decode(expected) == Array(text.utf8))
    #expect(Base64.decode(expected.filter { $0 != "=" }) == Array(text.utf8))
  }

  @Test func base64RefusesWhatIsNone() {
    for wrong in ["Z", "Zm9v!", "Zg=a", "Zm9v=", "====", "Zg==="] {
      #expect(Base64.decode(wrong) == nil, "\(wrong)")
    }
    #expect(Base64.decode("Zm9v\nYmFy\r\n") == Array("foobar".utf8))
    let all = (0...255).map { UInt8($0) }
    #expect(Base64.decode(Base64.encode(all)) == all)
  }

  @Test func hexadecimalGoesBothWays() {
    #expect(Hexadecimal.encode([0, 10, 255]) == "000aff")
    #expect(Hexadecimal.decode("000AfF") == [0, 10, 255])
    #expect(Hexadecimal.decode("0") == nil)
    #expect(Hexadecimal.decode("0g") == nil)
  }

  @Test func randomBytesDiffer() {
    #expect(SecureRandom.bytes(32).count == 32)
    #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    #expect(SecureRandom.hex(8).count == 16)
  }

  @Test func equalityLooksAtEveryByte() {
    #expect(ConstantTime.equal([1, 2], [1, 2]))
    #expect(!ConstantTime.equal([1, 2], [1, 3]))
    #expect(!ConstantTime.equal([1, 2], [1]))
    #expect(ConstantTime.equal([], []))
  }
}
