internal import Cryptography
internal import Values

/// Lookups of secrets that the run makes.
enum SecretLookups {
  static let all: [Lookup] = [
    Lookup("run_secret") { (call) throws(TemplateError) in
      guard let name = call.texts.first else {
        throw TemplateError(.other, "run_secret needs the secret's name")
      }
      let count = call.options["bytes"]?.pythonInt ?? 32
      guard (1...4096).contains(count) else {
        throw TemplateError(.other, "run_secret: `bytes` is from 1 to 4096")
      }
      let text: String
      switch call.text("format") ?? "hex" {
      case "hex":
        text = Hexadecimal.encode(call.resources.runSecret(name, byteCount: count))
      case "base64": text = Base64.encode(call.resources.runSecret(name, byteCount: count))
      case "bootstrap_token":
        // kubeadm's: 6 and 16 of [a-z0-9]. One of 36 from four bytes has no bias worth the name.
        let bytes = call.resources.runSecret(name, byteCount: 22 * 4)
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        let letters = (0..<22).map { index in
          let word = bytes[(index * 4)..<(index * 4 + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
          return alphabet[Int(word % 36)]
        }
        text = String(letters[..<6]) + "." + String(letters[6...])
      case let other:
        throw TemplateError(
          .other, "run_secret: no format `\(other)`", help: "use hex, base64 or bootstrap_token")
      }
      return [.string(text).marked(.secret)]
    },
    Lookup("password") { (call) throws(TemplateError) in
      var values: [Value] = []
      for term in call.texts {
        values.append(try PasswordLookup(term, call).value(call.evaluator.session))
      }
      return values
    },
  ]
}
