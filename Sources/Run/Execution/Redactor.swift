internal import OrderedCollections
internal import Synchronization
package import Values

/// Takes secrets out of every text before it is shown.
///
/// Marks keep secrets out where values are ours; this is for what comes back from hosts: a command
/// that prints its password, an error message that quotes a line of a configuration.
package final class Redactor: Sendable {
  private struct State {
    var known: Set<String> = []
    /// The longest first, so that a secret that holds another isn't left half shown.
    var byLength: [String] = []
  }

  private let secrets = Mutex(State())

  /// Shorter secrets would blot out ordinary words.
  private static let shortest = 4

  package init() {}

  /// Remembers every secret text in a value.
  package func learn(from value: Value) {
    guard value.marksDeeply.contains(.secret) else { return }
    var found: [String] = []
    Self.collect(value, isSecret: false, into: &found)
    secrets.withLock { state in
      let new = found.filter { state.known.insert($0).inserted }
      guard !new.isEmpty else { return }
      state.byLength = state.known.sorted { $0.utf8.count > $1.utf8.count }
    }
  }

  /// The text with `(secret)` in place of every secret in it.
  package func redact(_ text: String) -> String {
    let known = secrets.withLock { $0.byLength }
    guard !known.isEmpty else { return text }
    var result = text
    for secret in known where result.contains(secret) {
      result = result.replacing(secret, with: "(secret)")
    }
    return result
  }

  /// The value with the same done to every text in it.
  package func redact(_ value: Value) -> Value {
    switch value {
    case .string(let text): .string(redact(text))
    case .list(let items), .tuple(let items): .list(items.map { redact($0) })
    case .dict(let dict):
      .object(
        .init(
          dict.map { (redact($0.key.description), redact($0.value)) }, uniquingKeysWith: { $1 }))
    case .marked(_, let marks) where marks.contains(.secret): .string("(secret)")
    case .marked(let inner, _): redact(inner)
    default: value
    }
  }

  private static func collect(_ value: Value, isSecret: Bool, into found: inout [String]) {
    switch value {
    case .marked(let inner, let marks):
      collect(inner, isSecret: isSecret || marks.contains(.secret), into: &found)
    case .string(let text) where isSecret:
      if text.count >= shortest { found.append(text) }
      // A secret of several lines is often printed line by line.
      if text.contains("\n") {
        found += text.split(separator: "\n").map(String.init).filter { $0.count >= 8 }
      }
    case .list(let items):
      for item in items { collect(item, isSecret: isSecret, into: &found) }
    case .dict(let dict):
      for (key, item) in dict {
        collect(key, isSecret: isSecret, into: &found)
        collect(item, isSecret: isSecret, into: &found)
      }
    default: break
    }
  }
}
