internal import Hosts

/// Paths on a host, as text: no look at any file system.
enum RemotePath {
  /// `name` in `folder`.
  static func join(_ folder: String, _ name: String) -> String {
    if name.hasPrefix("/") || folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// What follows the last slash, a final slash left aside.
  static func baseName(_ path: String) -> String {
    let bare = withoutFinalSlash(path)
    return bare.split(separator: "/").last.map(String.init) ?? bare
  }

  /// The folder that holds it; `.` for a bare name.
  static func parent(_ path: String) -> String {
    let bare = withoutFinalSlash(path)
    guard let slash = bare.lastIndex(of: "/") else { return "." }
    return slash == bare.startIndex ? "/" : String(bare[..<slash])
  }

  /// The folders above a path, the outermost first, without `/` and `.`.
  static func ancestors(of path: String) -> [String] {
    var ancestors: [String] = []
    var folder = parent(path)
    while folder != "/", folder != ".", folder != ".." {
      ancestors.insert(folder, at: 0)
      folder = parent(folder)
    }
    return ancestors
  }

  /// The path without slashes at its end; `/` stays.
  static func withoutFinalSlash(_ path: String) -> String {
    var bare = path[...]
    while bare.count > 1, bare.hasSuffix("/") { bare = bare.dropLast() }
    return String(bare)
  }

  /// A probe of a path in which `~`, `~user`, `$NAME` and `${NAME}` mean what the host says.
  ///
  /// Only such paths cost a round trip of their own.
  static func probe<State>(
    _ path: String, _ next: @escaping @Sendable (String) -> Probe<State>
  ) -> Probe<State> {
    guard let word = expansion(of: path) else { return next(path) }
    let query = Query<String>("printf %s \(word)", about: []) { (output) throws(HostError) in
      guard output.status == 0, !output.standardOutput.isEmpty else {
        throw HostError(.probeFailed, "can't tell what `\(path)` is: \(output.errorText)")
      }
      return output.text
    }
    return Probe(query).then { (path) throws(HostError) in next(path) }
  }

  /// A word of shell that expands to the path; nil where it holds nothing to expand.
  private static func expansion(of path: String) -> String? {
    guard path.hasPrefix("~") || path.contains("$") else { return nil }
    var word = ""
    var rest = path[...]
    if rest.hasPrefix("~") {
      let user = rest.dropFirst().prefix { $0 != "/" }
      let isName = user.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
      if isName {
        word = "~" + user
        rest = rest.dropFirst(1 + user.count)
      }
    }
    while let dollar = rest.firstIndex(of: "$") {
      if dollar > rest.startIndex { word += Shell.quote(String(rest[..<dollar])) }
      rest = rest[dollar...].dropFirst()
      let isBraced = rest.hasPrefix("{")
      let name = rest.dropFirst(isBraced ? 1 : 0).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      let end = rest.dropFirst((isBraced ? 1 : 0) + name.count)
      let isName = !name.isEmpty && name.allSatisfy(\.isASCII) && !name.first!.isNumber
      guard isName, !isBraced || end.hasPrefix("}") else {
        word += "'$'"
        continue
      }
      rest = isBraced ? end.dropFirst() : end
      // An unset name stays as it is written, as Python's expandvars leaves it.
      word += "\"${\(name)-\\$\(isBraced ? "{\(name)\\}" : String(name))}\""
    }
    return rest.isEmpty ? word : word + Shell.quote(String(rest))
  }
}
