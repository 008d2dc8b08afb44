internal import Hosts

/// The words that `ssh` takes before the host's name, as options of ssh_config.
struct SSHArguments {
  private(set) var lines: [SSHConfig.Line] = []
  /// `-F`
  private(set) var configurationFile: String?

  init(_ words: [String], of target: ConnectionTarget) throws(HostError) {
    var words = words[...]
    while let word = words.popFirst() {
      guard word.hasPrefix("-"), word.count > 1 else {
        throw HostError(
          .unreachable, "SSH argument '\(word)' isn't an option",
          help: "give options only in ansible_ssh_common_args and ansible_ssh_extra_args")
      }
      var letters = word.dropFirst()
      while let letter = letters.popFirst() {
        if Self.flags.contains(letter) { continue }
        guard Self.valued.contains(letter) else {
          throw HostError(
            .unreachable, "SSH argument '-\(letter)' isn't supported",
            help: "take it out of ansible_ssh_common_args and ansible_ssh_extra_args")
        }
        guard let value = letters.isEmpty ? words.popFirst() : String(letters) else {
          throw HostError(.unreachable, "SSH argument '-\(letter)' has no value")
        }
        letters = ""
        try take(letter, value)
      }
    }
  }

  /// Comfort and speed.
  private static let flags: Set<Character> = [
    "a", "A", "C", "k", "K", "n", "q", "T", "t", "v", "x",
  ]
  private static let valued: Set<Character> = ["o", "i", "p", "l", "J", "F"]

  private mutating func take(_ letter: Character, _ value: String) throws(HostError) {
    switch letter {
    case "o":
      let place = "SSH argument '-o \(value)'"
      guard let (keyword, arguments) = try SSHConfig.words(value, place) else { return }
      add(keyword, arguments)
    case "i": add("identityfile", [value])
    case "p": add("port", [value])
    case "l": add("user", [value])
    case "J": add("proxyjump", [value])
    default: configurationFile = value
    }
  }

  private mutating func add(_ keyword: String, _ arguments: [String]) {
    lines.append(
      SSHConfig.Line(
        conditions: [], keyword: keyword, arguments: arguments, file: "ansible_ssh_args",
        line: lines.count + 1))
  }
}
