internal import Hosts

/// ssh_config(5): options for hosts, where the first value of each option wins.
struct SSHConfig {
  /// One option, with the condition of the block that it stands in.
  struct Line: Hashable {
    /// All must match: an included file's conditions add to those of the block it's included in.
    var conditions: [Condition]
    /// In lower case.
    var keyword: String
    var arguments: [String]
    var file: String
    var line: Int
  }

  /// What decides whether a block is for a host.
  enum Condition: Hashable {
    /// `Host`: the name as it was given.
    case host([String])
    /// `Match`, its criteria in lower case, each with its patterns.
    case match([Criterion])
  }

  /// One criterion of a `Match`.
  struct Criterion: Hashable {
    var keyword: String
    var isNegated: Bool
    var patterns: String
  }

  private(set) var lines: [Line] = []

  init() {}

  /// Reads the files that there are; `~` is `home`.
  init(files: [String], home: String) throws(HostError) {
    for file in files {
      if let text = LocalFile.text(file) {
        try read(text, from: file, home: home, inside: [], depth: 0)
      }
    }
  }

  init(_ text: String, file: String = "ssh_config", home: String = "/root") throws(HostError) {
    try read(text, from: file, home: home, inside: [], depth: 0)
  }

  private mutating func read(
    _ text: String, from file: String, home: String, inside outer: [Condition], depth: Int
  ) throws(HostError) {
    var conditions = outer
    let rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, row) in rows.enumerated() {
      guard let (keyword, arguments) = try Self.words(row, "\(file):\(index + 1)") else { continue }
      switch keyword {
      case "host": conditions = outer + [.host(arguments)]
      case "match": conditions = outer + [.match(Self.criteria(arguments))]
      case "include":
        guard depth < 16 else {
          throw HostError(.unreachable, "\(file):\(index + 1): Include nests too deep")
        }
        for name in arguments {
          let path = Self.path(name, file: file, home: home)
          for included in LocalFile.matching(path) {
            guard let text = LocalFile.text(included) else { continue }
            try read(text, from: included, home: home, inside: conditions, depth: depth + 1)
          }
        }
      default:
        lines.append(
          Line(
            conditions: conditions, keyword: keyword, arguments: arguments, file: file,
            line: index + 1))
      }
    }
  }

  /// Relative names are those of the folder that the including file is in.
  private static func path(_ name: String, file: String, home: String) -> String {
    if name.hasPrefix("/") { return name }
    if name.hasPrefix("~/") { return home + name.dropFirst() }
    return file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/" + name
  }

  /// `Match` criteria: `all`, `canonical` and `final` stand alone, the others have patterns.
  private static func criteria(_ words: [String]) -> [Criterion] {
    var criteria: [Criterion] = []
    var words = words[...]
    while var word = words.popFirst()?.lowercased() {
      let isNegated = word.hasPrefix("!")
      if isNegated { word.removeFirst() }
      let stands = ["all", "canonical", "final"].contains(word)
      criteria.append(
        Criterion(
          keyword: word, isNegated: isNegated, patterns: stands ? "" : words.popFirst() ?? ""))
    }
    return criteria
  }

  /// `Keyword argument …` or `Keyword=argument`; quotes group, `#` begins a comment.
  static func words(
    _ row: some StringProtocol, _ place: String
  ) throws(HostError) -> (keyword: String, arguments: [String])? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = Substring(row)
    while let character = characters.popFirst() {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "\"" || (character == "'" && word == nil) {
        quote = character
        word = word ?? ""
      } else if character == "\\", let next = characters.first, "\"'\\ ".contains(next) {
        word = (word ?? "") + String(characters.removeFirst())
      } else if character.isWhitespace || (character == "=" && words.isEmpty) {
        if let ended = word { words.append(ended) }
        word = nil
        if words.count == 1 { characters = characters.drop { $0.isWhitespace || $0 == "=" } }
      } else if character == "#", word == nil {
        break
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else {
      throw HostError(.unreachable, "\(place): a quote isn't closed")
    }
    if let word { words.append(word) }
    guard let keyword = words.first else { return nil }
    return (keyword.lowercased(), Array(words.dropFirst()))
  }
}
