package import Diagnostics
internal import Documents
package import OrderedCollections
internal import RegularExpressions

/// Which hosts are meant: `web:&bay:!web3`, `db[0:2]`, `*.example`, `~web\d+`, `@file`.
package struct HostPattern: Sendable {
  /// One piece of a pattern.
  struct Term {
    enum Kind { case union, intersection, exclusion }

    var kind: Kind
    var text: Substring
    /// The choice among what matched, as `[0]`, `[1:3]` or `[-1]` make it.
    var slice: HostSlice?
  }

  /// The hosts that a pattern chose, and what is to be said of it.
  package struct Selection: Sendable {
    package var hosts: OrderedSet<String> = []
    /// Names that there are none of: errors, or warnings where they make no difference.
    package var diagnostics: [Diagnostic] = []
  }

  private let terms: [Term]
  private let range: SourceRange

  /// The pattern of a text; several of them may be separated by commas or colons.
  ///
  /// `@file` stands for the lines of a file, which `--limit` may name.
  package init(_ text: String, at range: SourceRange) throws(Diagnostics) {
    self.range = range
    var terms: [Term] = []
    for piece in Self.pieces(text) {
      guard piece.hasPrefix("@") else {
        terms.append(Term(piece))
        continue
      }
      let path = String(piece.dropFirst())
      for line in try DocumentFile.text(path).split(whereSeparator: \.isNewline) {
        let name = line.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
        if name.isEmpty || name.hasPrefix("#") { continue }
        terms += Self.pieces(String(name)).map { Term($0) }
      }
    }
    // Whatever their order: first the unions, then what they have in common, then exclusions.
    let unions = terms.filter { $0.kind == .union }
    self.terms =
      (unions.isEmpty && !terms.isEmpty ? [Term("all")] : unions)
      + terms.filter { $0.kind == .intersection } + terms.filter { $0.kind == .exclusion }
  }

  /// A pattern in pieces: at commas, or without any at colons outside of brackets.
  private static func pieces(_ text: String) -> [Substring] {
    let parts = text.split(separator: ",")
    return parts.flatMap { part -> [Substring] in
      let bare = part.drop(while: \.isWhitespace)
      guard let end = bare.lastIndex(where: { !$0.isWhitespace }) else { return [] }
      return parts.count == 1 ? splitAtColons(bare[...end]) : [bare[...end]]
    }
  }

  private static func splitAtColons(_ text: Substring) -> [Substring] {
    // Neither an IPv6 address nor a host with its port is a list.
    let isIPv6 =
      text.filter { $0 == ":" }.count > 1 && text.allSatisfy { $0.isHexDigit || $0 == ":" }
    if isIPv6 || HostAddress(text).port != nil { return [text] }
    var pieces: [Substring] = []
    var depth = 0
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case ":" where depth <= 0:
        pieces.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    pieces.append(text[start...])
    return pieces.filter { !$0.isEmpty }
  }

  // MARK: Matching

  /// The hosts of an inventory that the pattern means, in the order of its pieces.
  ///
  /// A piece that names nothing is an error among the diagnostics; a warning where it only excludes
  /// or is a wildcard. `localhost` is there even if no inventory names it.
  package func hosts(in inventory: Inventory, _ tree: GroupTree) -> Selection {
    var selection = Selection()
    for term in terms {
      let found = match(term, inventory, tree, &selection.diagnostics)
      switch term.kind {
      case .union: selection.hosts.formUnion(found)
      case .intersection: selection.hosts.formIntersection(found)
      case .exclusion: selection.hosts.subtract(found)
      }
    }
    return selection
  }

  private func match(
    _ term: Term, _ inventory: Inventory, _ tree: GroupTree, _ diagnostics: inout [Diagnostic]
  ) -> OrderedSet<String> {
    let name = String(term.text)
    // A host wins over a group of its name, but where it is excluded, as in Ansible.
    let isHost = inventory.hosts[name] != nil
    if isHost, term.slice == nil, term.kind == .union || inventory.groups[name] == nil {
      return [name]
    }
    if term.slice == nil, Self.isLocalhost(name),
      let twin = Self.localhosts.first(where: { inventory.hosts[$0] != nil })
    {
      return [twin]
    }
    var found: OrderedSet<String> = []
    var isKnown = false
    do throws(RegularExpressionError) {
      let test = try self.test(name)
      for group in inventory.groups.keys where try test(group) {
        isKnown = true
        found.formUnion(tree.hosts(of: group))
      }
      if !isKnown || Self.isGlob(name) {
        for host in inventory.hosts.keys where try test(host) {
          isKnown = true
          found.append(host)
        }
      }
    } catch {
      // Whoever can't be told to match must not be taken for one who doesn't.
      diagnostics.append(refusal(of: name, error))
      return []
    }
    if !isKnown, Self.isLocalhost(name) { return [name] }
    if !isKnown { diagnostics.append(missing(term, inventory)) }
    return term.slice?.apply(to: found) ?? found
  }

  /// What a name has to be to match.
  private func test(
    _ name: String
  ) throws(RegularExpressionError) -> (String) throws(RegularExpressionError) -> Bool {
    guard Self.isGlob(name) else { return { $0 == name } }
    let pattern = name.hasPrefix("~") ? String(name.dropFirst()) : Glob.regularExpression(name)
    let expression = try RegularExpression(pattern)
    return { (text) throws(RegularExpressionError) in
      try expression.prefixMatch(in: text) != nil
    }
  }

  private func refusal(of name: String, _ error: RegularExpressionError) -> Diagnostic {
    error.kind == .limit
      ? Diagnostic(
        .error, "`\(name)` takes too long to compare with a name", at: range,
        help: "write it simpler: without repetitions in repetitions, such as `(a+)+`")
      : Diagnostic(
        .error, "`\(name)` isn't a regular expression: \(error)", at: range,
        help: "correct it; it is one of Python's")
  }

  private static func isGlob(_ name: String) -> Bool {
    name.hasPrefix("~") || name.contains { "*?[".contains($0) }
  }

  /// The names under which this machine is there without any inventory.
  package static func isLocalhost(_ name: String) -> Bool { localhosts.contains(name) }

  private static let localhosts = ["127.0.0.1", "localhost", "::1"]

  private func missing(_ term: Term, _ inventory: Inventory) -> Diagnostic {
    let name = String(term.text)
    if Self.isGlob(name) || term.kind == .exclusion {
      return Diagnostic(.warning, "`\(name)` matches no host and no group", at: range)
    }
    let groups = Array(inventory.groups.keys).filter { $0 != "all" && $0 != "ungrouped" }
    if name.contains(":") {
      return Diagnostic(
        .error, "there is no host or group `\(name)` in the inventory", at: range,
        help: "separate names either by commas or by colons, not by both")
    }
    let names = groups + Array(inventory.hosts.keys)
    return Diagnostic(
      .error, "there is no host or group `\(name)` in the inventory", at: range,
      help: Suggestion.didYouMean(name, in: names) ?? Self.listing(of: inventory))
  }

  /// What there is to choose from, for whoever chose nothing.
  package static func listing(of inventory: Inventory) -> String {
    if inventory.hosts.isEmpty { return "the inventory is empty: give one with -i" }
    let groups = inventory.groups.keys.filter { $0 != "all" && $0 != "ungrouped" }
    let shown = groups.sorted().prefix(12).joined(separator: ", ")
    let more = groups.count > 12 ? ", …" : ""
    let hosts = "\(inventory.hosts.count) host\(inventory.hosts.count == 1 ? "" : "s")"
    return groups.isEmpty
      ? "it has \(hosts) and no groups" : "it has \(hosts) and the groups \(shown)\(more)"
  }
}

extension HostPattern.Term {
  init(_ piece: Substring) {
    switch piece.first {
    case "!": (kind, text) = (.exclusion, piece.dropFirst())
    case "&": (kind, text) = (.intersection, piece.dropFirst())
    default: (kind, text) = (.union, piece)
    }
    text = text.drop(while: \.isWhitespace)
    if !text.hasPrefix("~"), let (name, slice) = HostSlice.split(text) {
      text = name
      self.slice = slice
    }
  }
}
