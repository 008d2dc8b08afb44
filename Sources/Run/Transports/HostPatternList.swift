/// The pattern lists of OpenSSH: `*` and `?`, alternatives, `!` to exclude.
enum HostPatternList {
  /// Whether one of the patterns matches and no negated one does.
  static func matches(
    _ patterns: some Sequence<Substring>, _ name: String, ignoringCase: Bool = true
  ) -> Bool {
    var found = false
    for pattern in patterns {
      if pattern.first == "!" {
        if glob(pattern.dropFirst(), name, ignoringCase: ignoringCase) { return false }
      } else if glob(pattern, name, ignoringCase: ignoringCase) {
        found = true
      }
    }
    return found
  }

  /// Whether one pattern with `*` and `?` matches the whole name.
  static func glob(
    _ pattern: some StringProtocol, _ name: some StringProtocol, ignoringCase: Bool = true
  ) -> Bool {
    let pattern = Array((ignoringCase ? pattern.lowercased() : String(pattern)).utf8)
    let name = Array((ignoringCase ? name.lowercased() : String(name)).utf8)
    var place = 0
    var index = 0
    // Where to go on after a mismatch: the last star, and what it has eaten so far.
    var star: (place: Int, index: Int)?
    while index < name.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, index)
        place += 1
      } else if place < pattern.count,
        pattern[place] == name[index] || pattern[place] == UInt8(ascii: "?")
      {
        place += 1
        index += 1
      } else if let last = star {
        star = (last.place, last.index + 1)
        place = last.place + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
