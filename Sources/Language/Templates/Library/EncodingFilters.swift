internal import Cryptography
internal import Diagnostics
internal import OrderedCollections
internal import Values

/// Filters that encode, hash and choose.
enum EncodingFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction(
      "b64encode", "encoding?", whole: { .string(Base64.encode(Array($0.text.utf8))) }),
    LibraryFunction(
      "b64decode", "encoding?",
      whole: { (call) throws(TemplateError) in
        guard let bytes = Base64.decode(call.text) else { throw call.failure("Incorrect padding") }
        return .string(String(decoding: bytes, as: UTF8.self))
      }),
    LibraryFunction(
      "hash", "hashtype?",
      whole: { (call) throws(TemplateError) in
        .string(try hash(call.text, call.text("hashtype") ?? "sha1"))
      }),
    LibraryFunction("md5", whole: { .string(MD5.hex($0.text)) }),
    LibraryFunction("sha1", whole: { .string(SHA1.hex($0.text)) }),
    LibraryFunction("checksum", whole: { .string(SHA1.hex($0.text)) }),
    LibraryFunction(
      "password_hash", "hashtype?", "salt?", "salt_size?", "rounds?", "ident?",
      whole: { (call) throws(TemplateError) in
        let type = call.text("hashtype") ?? "sha512"
        guard type == "sha512" || type == "sha256" else {
          throw call.failure("password_hash: `\(type)` isn't supported; use sha512 or sha256")
        }
        let crypt = SHACrypt(isLong: type == "sha512", rounds: try call.int("rounds"))
        return .string(try crypt.hash(call.text, salt: call.text("salt"))).marked(.secret)
      }),
    LibraryFunction(
      "quote", whole: { .string($0.input == .null ? "''" : quote($0.text)) }),
    LibraryFunction(
      "urlencode",
      whole: { (call) throws(TemplateError) in
        switch call.input {
        case .dict(let dict):
          return .string(
            dict.map { formEncoded($0.key) + "=" + formEncoded($0.value) }
              .joined(separator: "&"))
        case .list(let pairs):
          var parts: [String] = []
          for pair in pairs {
            guard let halves = try? pair.pythonItems() else {
              throw TemplateError(
                .type, "cannot unpack non-iterable \(pair.pythonTypeName) object")
            }
            parts.append(halves.map(formEncoded).joined(separator: "="))
          }
          return .string(parts.joined(separator: "&"))
        default: return .string(percentEncoded(call.input, keeps: "/"))
        }
      }),
    LibraryFunction(
      "urldecode",
      whole: { (call) throws(TemplateError) in
        guard call.input.isText else { throw call.missing("replace") }
        return .string(percentDecoded(call.text))
      }),
    LibraryFunction(
      "ternary", "true_val", "false_val", "none_val?",
      items: { (call) in
        if call.input == .null, let none = call["none_val"], none != .null { return none }
        return call.value(call.input.isTruthy ? "true_val" : "false_val")
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
    LibraryFunction(
      "random", "seed?", "start?", "step?",
      whole: { (call) throws(TemplateError) in
        var generator = SeededGenerator(call.text("seed"))
        if let end = call.input.pythonInt {
          let start = try call.int("start") ?? 0
          let step = try call.int("step") ?? 1
          guard step > 0, start < end else { throw call.failure("empty range for random") }
          let count = (end - start + step - 1) / step
          return .int(start + Int.random(in: 0..<count, using: &generator) * step)
        }
        let items = try call.items()
        guard let item = items.randomElement(using: &generator) else {
          throw TemplateError(.undefined, "No random item, sequence was empty.")
        }
        return item
      }),
    LibraryFunction(
      "shuffle", "seed?",
      whole: { (call) throws(TemplateError) in
        var generator = SeededGenerator(call.text("seed"))
        return .list(try call.items().shuffled(using: &generator))
      }),
    LibraryFunction(
      "unvault", "secret?", "vaultid?",
      whole: { (call) throws(TemplateError) in
        guard call.text.hasPrefix("$ANSIBLE_VAULT;") else { return call.input }
        return .string(try call.evaluator.session.resources.decrypt(call.text)).marked(.secret)
      }),
  ]

  private static func hash(_ text: String, _ type: String) throws(TemplateError) -> String {
    switch type {
    case "md5": return MD5.hex(text)
    case "sha1": return SHA1.hex(text)
    case "sha224": return SHA224.hex(text)
    case "sha256": return SHA256.hex(text)
    case "sha384": return SHA384.hex(text)
    case "sha512": return SHA512.hex(text)
    default:
      throw TemplateError(
        .other, "no hash `\(type)`", help: "use md5, sha1, sha224, sha256, sha384 or sha512")
    }
  }

  /// As Python's `shlex.quote`.
  static func quote(_ text: String) -> String {
    if text.isEmpty { return "''" }
    let isSafe = text.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil
          || "_@%+=:,./-".unicodeScalars.contains($0))
    }
    return isSafe ? text : "'" + text.replacing("'", with: "'\"'\"'") + "'"
  }

  private static func percentEncoded(_ value: Value, keeps: String) -> String {
    var result = ""
    for byte in PythonText.str(value).utf8 {
      let scalar = Unicode.Scalar(byte)
      let isSafe =
        byte < 128
        && (scalar.properties.isAlphabetic || (48...57).contains(byte)
          || ("_.-~" + keeps).unicodeScalars.contains(scalar))
      result += isSafe ? String(scalar) : "%" + Hexadecimal.encode([byte]).uppercased()
    }
    return result
  }

  private static func formEncoded(_ value: Value) -> String {
    percentEncoded(value, keeps: "").replacing("%20", with: "+")
  }

  private static func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let decoded = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self))
      {
        bytes += decoded
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? 32 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Numbers that a seed decides, or nobody can guess without one.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64?
  private var system = SystemRandomNumberGenerator()

  init(_ seed: String?) {
    state = seed.map { SHA256.hash($0).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
  }

  mutating func next() -> UInt64 {
    guard let current = state else { return system.next() }
    // SplitMix64.
    let next = current &+ 0x9E37_79B9_7F4A_7C15
    state = next
    var mixed = (next ^ (next >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
