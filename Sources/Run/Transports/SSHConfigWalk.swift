internal import Hosts

/// A walk through ssh_config(5) for one host: blocks that match give their options, in order.
///
/// As ssh does, a `Match` sees what the lines before it have set, `Match exec` runs only where
/// nothing else in its line has failed, and `Match final` asks for a second walk.
struct SSHConfigWalk {
  let files: SSHConfigFiles
  let person: SSHPerson
  /// What is set so far.
  var options: SSHOptions
  /// Whether a line asked for a second walk.
  private(set) var wantsFinalPass = false
  /// Whether a command of `Match exec` succeeds.
  var runs: (_ command: String, _ place: String) throws(HostError) -> Bool =
    LocalProgram.succeeds
  private var isFinalPass = false

  init(_ options: SSHOptions, files: SSHConfigFiles, person: SSHPerson) {
    self.options = options
    self.files = files
    self.person = person
  }

  private static let depthLimit = 16

  /// Walks through files, the first value of each option wins.
  mutating func run(_ sources: [SSHConfigFiles.Source]) throws(HostError) {
    for source in sources { try run(source) }
    guard wantsFinalPass || options.canonicalizes else { return }
    isFinalPass = true
    options.hostName = try options.resolvedHostName()
    for source in sources { try run(source) }
  }

  private mutating func run(_ source: SSHConfigFiles.Source) throws(HostError) {
    guard let lines = try files.lines(of: source.path, source) else { return }
    var isActive = true
    try walk(lines, source, isActive: &isActive, neverMatches: false, depth: 0)
  }

  private mutating func walk(
    _ lines: [SSHConfigLine], _ source: SSHConfigFiles.Source, isActive: inout Bool,
    neverMatches: Bool, depth: Int
  ) throws(HostError) {
    for line in lines {
      switch line.keyword {
      case "host":
        guard !line.arguments.isEmpty else { throw line.problem("Host names no pattern") }
        isActive =
          !neverMatches
          && HostPatternList.matches(
            line.arguments.map { $0[...] }, options.originalHost, ignoringCase: false)
      case "match": isActive = try matches(line) && !neverMatches
      case "include":
        try include(
          line, source, isActive: isActive, neverMatches: neverMatches || !isActive, depth: depth)
      default: if isActive { try options.take(line) }
      }
    }
  }

  private mutating func include(
    _ line: SSHConfigLine, _ source: SSHConfigFiles.Source, isActive: Bool, neverMatches: Bool,
    depth: Int
  ) throws(HostError) {
    guard depth < Self.depthLimit else { throw line.problem("Include nests too deep") }
    guard !line.arguments.isEmpty else { throw line.problem("Include names no file") }
    for name in line.arguments {
      let home = person.expandingHome(name)
      for path in files.matching(home.hasPrefix("/") ? home : "\(source.folder)/\(home)") {
        guard let lines = try files.lines(of: path, source) else { continue }
        // Its blocks are its own: behind it, the including block goes on.
        var inner = isActive
        try walk(
          lines, source, isActive: &inner, neverMatches: neverMatches, depth: depth + 1)
      }
    }
  }

  // MARK: Match

  private mutating func matches(_ line: SSHConfigLine) throws(HostError) -> Bool {
    var text = line.rest[...]
    var result = true
    var count = 0
    var isAlone = false
    while !text.isEmpty, text.first != "#" {
      guard var word = SSHConfigLine.delimited(&text)?.lowercased() else {
        throw line.problem("a quote isn't closed")
      }
      if isAlone { throw line.problem("'all' stands alone in a Match") }
      let isNegated = word.hasPrefix("!")
      if isNegated { word.removeFirst() }
      count += 1
      let holds: Bool
      switch word {
      case "all":
        guard !isNegated else { throw line.problem("'all' can't be negated") }
        (holds, isAlone) = (true, true)
      case "canonical": holds = isFinalPass
      case "final":
        wantsFinalPass = true
        holds = isFinalPass
      default:
        guard let patterns = SSHConfigLine.delimited(&text), !patterns.isEmpty else {
          throw line.problem("'\(word)' has nothing to match")
        }
        holds = try self.holds(word, patterns, line, isDecided: !result)
      }
      if holds == isNegated { result = false }
    }
    guard count > 0 else { throw line.problem("Match has no criterion") }
    return result
  }

  private func holds(
    _ word: String, _ patterns: String, _ line: SSHConfigLine, isDecided: Bool
  ) throws(HostError) -> Bool {
    let list = patterns.split(separator: ",")
    switch word {
    case "host": return HostPatternList.matches(list, try options.resolvedHostName())
    case "originalhost": return HostPatternList.matches(list, options.originalHost)
    case "user":
      return HostPatternList.matches(list, options.user ?? person.name, ignoringCase: false)
    case "localuser": return HostPatternList.matches(list, person.name, ignoringCase: false)
    case "tagged": return HostPatternList.matches(list, options.tag ?? "", ignoringCase: false)
    case "exec":
      if isDecided { return false }
      let tokens = try options.tokens(person)
      return try runs(try tokens.expand(patterns, line.place), line.place)
    default:
      throw line.problem(
        "'\(word)' in a Match isn't supported",
        help: "use host, originalhost, user, localuser, tagged, exec, final or all; "
          + "or ansible_connection: openssh, which leaves the configuration to ssh")
    }
  }
}
