internal import Hosts

/// Asks a person for keys' passphrases: for each key once, and one after the other.
actor Passphrases {
  private let ask: (@Sendable (_ path: String) -> String?)?
  private var asked: [String: Task<String?, Never>] = [:]
  private var last: Task<String?, Never>?

  init(asking ask: (@Sendable (_ path: String) -> String?)?) { self.ask = ask }

  /// The passphrase of a key's file; nil where nobody can be asked, or nobody answers.
  func passphrase(for path: String) async -> String? {
    guard let ask else { return nil }
    if let task = asked[path] { return await task.value }
    let before = last
    let task = Task {
      _ = await before?.value
      return try? await NameLookup.waiting { () throws(HostError) in ask(path) }
    }
    asked[path] = task
    last = task
    return await task.value
  }
}
