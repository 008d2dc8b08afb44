internal import Hosts

/// The words that `ssh` takes before the host's name, as options of ssh_config.
struct SSHArguments {
  private(set) var lines: [SSHConfigLine] = []
  /// `-F`
  private(set) var configurationFile: String?

  init(_ words: [String]) throws(HostError) {
    var words = words[...]
    var family: String?
    while let word = words.popFirst() {
      guard word.hasPrefix("-"), word.count > 1 else {
        throw HostError(
          .unreachable, "SSH argument '\(word)' isn't an option",
          help: "give options only in ansible_ssh_common_args and ansible_ssh_extra_args")
      }
      var letters = word.dropFirst()
      while let letter = letters.popFirst() {
        if Self.flags.contains(letter) { continue }
        if letter == "4" || letter == "6" {
          family = letter == "4" ? "inet" : "inet6"
          continue
        }
        guard Self.valued.contains(letter) else {
          throw HostError(
            .unreachable, "SSH argument '-\(letter)' isn't supported",
            help: "take it out of the host's SSH arguments, or set ansible_connection: openssh")
        }
        guard let value = letters.isEmpty ? words.popFirst() : String(letters) else {
          throw HostError(.unreachable, "SSH argument '-\(letter)' has no value")
        }
        letters = ""
        try take(letter, value)
      }
    }
    // These two win over the options, and the last of them over the first.
    if let family {
      lines.insert(SSHConfigLine("addressfamily", family, of: "the SSH arguments"), at: 0)
    }
  }

  /// Comfort and speed.
  private static let flags: Set<Character> = [
    "a", "A", "C", "k", "K", "M", "n", "q", "T", "t", "v", "x", "X", "Y",
  ]
  private static let valued: Set<Character> = [
    "o", "i", "p", "l", "J", "F", "b", "c", "m", "S", "E", "e", "D", "L", "R",
  ]

  private mutating func take(_ letter: Character, _ value: String) throws(HostError) {
    switch letter {
    case "o":
      let place = "SSH argument '-o \(value)'"
      guard let line = try SSHConfigLine(value, file: place, line: 0) else { return }
      lines.append(line)
    case "i": add("identityfile", value)
    case "p": add("port", value)
    case "l": add("user", value)
    case "J": add("proxyjump", value)
    case "b": add("bindaddress", value)
    case "c": add("ciphers", value)
    case "m": add("macs", value)
    case "F": configurationFile = value
    // Control socket, log file, escape character, forwardings: nothing that a host's state needs.
    default: break
    }
  }

  private mutating func add(_ keyword: String, _ value: String) {
    lines.append(SSHConfigLine(keyword, value, of: "the SSH arguments"))
  }
}
