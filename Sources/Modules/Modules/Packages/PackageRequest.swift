internal import ModuleKit

/// A package as a task names it: `haproxy`, `kubelet=1.20.2*`, `libc6:i386`.
package struct PackageRequest: Hashable, Sendable {
  /// With the architecture, where one is given.
  package var name: String
  /// The version or a pattern of versions; nil where any will do.
  package var version: String?

  /// Reads `text`; nil where it asks for a range of versions or has no name.
  package init?(_ text: String) {
    if text.contains(where: { $0 == ">" || $0 == "<" || $0 == "~" && text.hasPrefix("~") }) {
      return nil
    }
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    name = parts.first.map { String($0).trimmed } ?? ""
    version = parts.count > 1 ? String(parts[1]).trimmed : nil
    if name.isEmpty || name.contains(where: \.isWhitespace) || name.hasPrefix("-") { return nil }
    if version?.isEmpty == true { return nil }
  }

  /// As apt-get takes it.
  package var word: String { version.map { "\(name)=\($0)" } ?? name }

  /// The name without its architecture.
  package var bareName: String {
    String(name.prefix { $0 != ":" })
  }

  /// Whether `installed` is the version that is asked for.
  package func accepts(_ installed: String) -> Bool {
    guard let version else { return true }
    return GlobPattern(version).matches(installed)
  }
}

/// A pattern with `*`, `?` and `[…]`, as shells and `fnmatch` have it.
package struct GlobPattern: Hashable, Sendable {
  private let pattern: [Character]

  package init(_ pattern: String) { self.pattern = Array(pattern) }

  /// Whether it fits the whole of `text`.
  package func matches(_ text: String) -> Bool { Self.fits(pattern[...], Array(text)[...]) }

  private static func fits(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool
  {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    switch first {
    case "*":
      return text.indices.contains { fits(rest, text[$0...]) } || fits(rest, text[text.endIndex...])
    case "?":
      return !text.isEmpty && fits(rest, text.dropFirst())
    case "[":
      guard let close = rest.dropFirst().firstIndex(of: "]"), let character = text.first else {
        return text.first == "[" && fits(rest, text.dropFirst())
      }
      var set = rest[rest.startIndex..<close]
      let isNegated = set.first == "!"
      if isNegated { set = set.dropFirst() }
      return contains(set, character) != isNegated
        && fits(pattern[(close + 1)...], text.dropFirst())
    default:
      return text.first == first && fits(rest, text.dropFirst())
    }
  }

  private static func contains(_ set: ArraySlice<Character>, _ character: Character) -> Bool {
    var index = set.startIndex
    while index < set.endIndex {
      if index + 2 < set.endIndex, set[index + 1] == "-" {
        if set[index]...max(set[index], set[index + 2]) ~= character { return true }
        index += 3
      } else {
        if set[index] == character { return true }
        index += 1
      }
    }
    return false
  }
}
