package import OrderedCollections
internal import Synchronization
package import Values

/// Facts of hosts that no play of the run has come to: hosts outside `--limit`, and those of later
/// plays. They are gathered when an expression asks for them, once a host.
///
/// Shared by all scopes of a run and read as it is at the moment, so that an expression that asked
/// finds its answer when it is evaluated again.
package final class FactsOnDemand: Sendable {
  /// What came of asking a host.
  package enum Answer: Sendable {
    /// Facts as modules name them.
    case gathered(OrderedDictionary<String, Value>)
    /// Why there are none, in words for people.
    case missing(String)
  }

  private let answers = Mutex<[String: Answer]>([:])

  package init() {}

  /// What came of asking a host; nil where it hasn't been asked.
  package subscript(host: String) -> Answer? {
    get { answers.withLock { $0[host] } }
    set { answers.withLock { $0[host] = newValue } }
  }
}

/// The hosts whose facts an expression turned out to need while it was evaluated.
///
/// Each step has its own: what it asked for is gathered, and the expression evaluated again.
package final class FactRequests: Sendable {
  private let hosts = Mutex<OrderedSet<String>>([])

  package init() {}

  /// Notes that a host's facts are needed.
  package func request(_ host: String) { hosts.withLock { _ = $0.append(host) } }

  /// The hosts asked for since the last call.
  package func take() -> [String] {
    hosts.withLock { hosts in
      defer { hosts = [] }
      return Array(hosts)
    }
  }
}
