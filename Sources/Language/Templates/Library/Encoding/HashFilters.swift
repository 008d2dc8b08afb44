internal import Cryptography
internal import Values

/// Filters that hash.
enum HashFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "hash", "hashtype?",
      whole: { (call) throws(TemplateError) in
        let type = call.text("hashtype") ?? "sha1"
        guard let digest = digests[type] else {
          throw TemplateError(
            .other, "unsupported hash type \(type)",
            help: "use " + digests.keys.sorted().joined(separator: ", "))
        }
        return .string(digest.hex(call.text))
      }),
    LibraryFunction("md5", whole: { .string(MD5.hex($0.text)) }),
    LibraryFunction("sha1", whole: { .string(SHA1.hex($0.text)) }),
    LibraryFunction("checksum", whole: { .string(SHA1.hex($0.text)) }),
    LibraryFunction(
      "password_hash", "hashtype?", "salt?", "salt_size?", "rounds?", "ident?",
      whole: { (call) throws(TemplateError) in
        guard case .string(let password) = call.input else {
          throw TemplateError(
            .type, "secret must be unicode or bytes, not \(call.input.pythonTypeName)")
        }
        var scheme = try PasswordScheme(call.text("hashtype") ?? "sha512")
        scheme.rounds = call["rounds"].flatMap { $0 == .null ? nil : $0 }
        scheme.ident = call.text("ident")
        scheme.saltSize = try call.int("salt_size")
        let hash = try scheme.hash(password, salt: call.text("salt"), call.evaluator.session)
        return .string(hash).marked(.secret)
      }),
    LibraryFunction(
      "to_uuid", "namespace?",
      whole: { (call) throws(TemplateError) in
        let namespace = call.text("namespace") ?? "361E6D51-FAEC-444A-9079-341386DA8E2E"
        guard let bytes = Hexadecimal.decode(namespace.replacing("-", with: "")), bytes.count == 16
        else { throw call.failure("Invalid value '\(namespace)' for 'namespace'") }
        var digest = Array(SHA1.hash(bytes + Array(call.text.utf8)).prefix(16))
        digest[6] = digest[6] & 0x0F | 0x50
        digest[8] = digest[8] & 0x3F | 0x80
        let digits = Array(Hexadecimal.encode(digest))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return .string(parts.joined(separator: "-"))
      }),
  ]

  private static let digests: [String: any Digest.Type] = [
    "md5": MD5.self, "sha1": SHA1.self, "sha224": SHA224.self, "sha256": SHA256.self,
    "sha384": SHA384.self, "sha512": SHA512.self, "sha3_224": SHA3224.self,
    "sha3_256": SHA3256.self, "sha3_384": SHA3384.self, "sha3_512": SHA3512.self,
    "blake2b": BLAKE2b.self, "blake2s": BLAKE2s.self,
  ]
}
