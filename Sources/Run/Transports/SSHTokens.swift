internal import Cryptography
internal import Hosts

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The person who connects, as options refer to him: `~`, `%u`, `%d`.
struct SSHPerson: Hashable, Sendable {
  var name: String
  var home: String

  /// The person who runs this program, with another home folder where tests want that.
  static func current(home: String) -> SSHPerson {
    SSHPerson(name: LocalUser.current.name, home: home)
  }

  /// A path with `~` or `~NAME` as a home folder.
  func expandingHome(_ path: String) -> String {
    guard path.hasPrefix("~") else { return path }
    let name = path.dropFirst().prefix { $0 != "/" }
    let rest = path.dropFirst(1 + name.count)
    if name.isEmpty { return home + rest }
    guard let entry = getpwnam(String(name)) else { return path }
    return String(cString: entry.pointee.pw_dir) + rest
  }
}

/// What `%h` and its like stand for (ssh_config(5), TOKENS).
struct SSHTokens {
  private var values: [Character: String]

  init(_ values: [Character: String]) { self.values = values }

  /// All that options and commands may refer to.
  init(
    host: String, original: String, port: Int, user: String, alias: String?, person: SSHPerson
  ) {
    let machine = Self.machineName
    let digest = SHA1.hex(machine + host + String(port) + user)
    values = [
      "C": digest, "L": String(machine.prefix { $0 != "." }), "d": person.home, "h": host,
      "i": String(getuid()), "j": "", "k": alias ?? original, "l": machine, "n": original,
      "p": String(port), "r": user, "u": person.name,
    ]
  }

  /// Only some of them, as HostName and ProxyCommand have it.
  func only(_ letters: String) -> SSHTokens {
    SSHTokens(values.filter { letters.contains($0.key) })
  }

  /// The text with each token's value in its place; a token that there isn't is an error.
  func expand(_ text: String, _ place: String) throws(HostError) -> String {
    guard text.contains("%") else { return text }
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "%" else {
        result.append(character)
        continue
      }
      guard let letter = rest.popFirst(), let value = letter == "%" ? "%" : values[letter] else {
        throw HostError(
          .unreachable, "\(place): '\(text)' has a % that stands for nothing",
          help: "write %% for a percent sign; see TOKENS in ssh_config(5)")
      }
      result += value
    }
    return result
  }

  /// The text with `${NAME}` replaced by the environment's values.
  static func expandingVariables(_ text: String, _ place: String) throws(HostError) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      let name = rest[start.upperBound...].prefix { $0 != "}" }
      rest = rest[name.endIndex...]
      guard rest.popFirst() == "}", let value = getenv(String(name)) else {
        throw HostError(.unreachable, "\(place): there is no environment variable '\(name)'")
      }
      result += String(cString: value)
    }
    return result + rest
  }

  private static var machineName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }
}
