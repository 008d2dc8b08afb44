internal import Cryptography
internal import Values

/// The lookup `password`: a random password, kept in a file of the controller.
struct PasswordLookup {
  private let path: String
  private var length = 20
  private var characters = Self.alphabet(["ascii_letters", "digits", ".,:-_"])
  private var scheme: String?
  private var ident: String?
  private var seed: Value?

  /// What a term asks for: `path length=15 chars=ascii_letters,digits`, or options beside it.
  init(_ term: String, _ call: LookupCall) throws(TemplateError) {
    var options: [String: Value] = call.options
    var words: [Substring] = []
    for word in term.split(separator: " ") {
      let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if halves.count == 2, !words.isEmpty {
        options[String(halves[0])] = .string(String(halves[1]))
      } else {
        words.append(word)
      }
    }
    path = words.joined(separator: " ")
    let known = ["length", "chars", "encrypt", "ident", "seed"]
    let unknown = options.keys.filter { !known.contains($0) }.sorted()
    guard unknown.isEmpty else {
      throw TemplateError(
        .other,
        "Unrecognized parameter(s) given to password lookup: \(unknown.joined(separator: ", "))")
    }
    func text(_ name: String) -> String? {
      options[name].flatMap { $0 == .null ? nil : PythonText.str($0.unmarkedDeeply()) }
    }
    if let given = text("length") {
      guard let length = Int(given), (0...100_000).contains(length) else {
        throw TemplateError(
          .other, "Invalid value provided for 'integer': \(PythonText.repr(given))",
          help: "`length` is a number of characters")
      }
      self.length = length
    }
    if let chars = options["chars"]?.unmarked() {
      characters = Self.alphabet(
        chars.sequence.map { $0.map(PythonText.str) } ?? Self.split(PythonText.str(chars)))
    }
    guard !characters.isEmpty else {
      throw TemplateError(.other, "the lookup `password` has no characters to choose from")
    }
    let scheme = text("encrypt")
    self.scheme = ["", "False", "false", "no"].contains(scheme ?? "") ? nil : scheme
    ident = text("ident")
    seed = text("seed").map { .string($0) }
  }

  /// `abc,,digits`: a comma twice is one of the characters.
  private static func split(_ text: String) -> [String] {
    var parts = PythonString.replace(text, ",,", ",", count: -1).split(separator: ",")
      .map(String.init)
    if text.contains(",,") { parts.insert(",", at: 0) }
    return parts
  }

  /// Python's names of sets of characters, or characters; quotes are left out.
  private static func alphabet(_ parts: [String]) -> [Unicode.Scalar] {
    let lower = "abcdefghijklmnopqrstuvwxyz"
    let upper = lower.uppercased()
    let digits = "0123456789"
    let punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    let sets = [
      "ascii_letters": lower + upper, "ascii_lowercase": lower, "ascii_uppercase": upper,
      "digits": digits, "hexdigits": digits + "abcdefABCDEF", "octdigits": "01234567",
      "punctuation": punctuation, "whitespace": " \t\n\r\u{0B}\u{0C}",
      "printable": digits + lower + upper + punctuation + " \t\n\r\u{0B}\u{0C}",
    ]
    return parts.map { sets[$0] ?? $0 }.joined().unicodeScalars.filter { $0 != "\"" && $0 != "'" }
  }

  // MARK: The password

  private func random() -> String {
    var random = PythonRandom(seed: seed.flatMap { $0 == "" ? nil : $0 })
    return String(
      String.UnicodeScalarView((0..<length).map { _ in characters[random.below(characters.count)] })
    )
  }

  /// The password, or its hash; unknown in a plan where it would have to be made.
  func value(_ session: Session) throws(TemplateError) -> Value {
    let content: String
    if path == "/dev/null" {
      content = try updated(nil)
    } else {
      let found = try session.resources.privateFile(path) { (text) throws(TemplateError) in
        try updated(text)
      }
      guard let found else {
        return .unknown(Unknown(origin: "lookup('password', '\(path)')")).marked(.secret)
      }
      content = found
    }
    let (password, salt, kept) = Self.parse(content)
    guard let scheme else { return .string(password).marked(.secret) }
    if let ident, let kept, ident != kept {
      throw TemplateError(
        .other, "The ident parameter provided (\(ident)) does not match the stored one (\(kept)).",
        help: "remove `\(path)` to make another password")
    }
    var hashing = try PasswordScheme(scheme)
    hashing.ident = ident ?? kept
    return .string(try hashing.hash(password, salt: salt, session)).marked(.secret)
  }

  /// What the file must hold: the password, and a salt once a hash was asked for.
  private func updated(_ text: String?) throws(TemplateError) -> String {
    let (password, salt, kept) = text.map(Self.parse) ?? (random(), nil, nil)
    guard let scheme else { return text ?? password + "\n" }
    if salt != nil, let text { return text }
    let made = try PasswordScheme(scheme).newSalt()
    let standard = try PasswordScheme(scheme).standardIdent
    let name = ident ?? kept ?? standard
    return "\(password) salt=\(made)" + (name.map { " ident=\($0)" } ?? "") + "\n"
  }

  /// `password salt=… ident=…`, as Ansible writes it.
  private static func parse(_ text: String) -> (String, salt: String?, ident: String?) {
    var line = PythonString.strip(text, "\n", left: false)[...]
    func take(_ mark: String) -> String? {
      guard let range = PythonString.lastRange(of: mark, in: String(line)) else { return nil }
      let found = line[range.upperBound...]
      guard !found.contains(" ") else { return nil }
      let value = String(found)
      line = line[..<range.lowerBound]
      return value
    }
    let ident = take(" ident=")
    let salt = take(" salt=")
    return (String(line), salt, ident)
  }
}
