package import OrderedCollections
package import Templates
package import Values

/// What a run learns of its hosts: facts, registered results, `set_fact`, `include_vars`.
///
/// A value: whoever copies it keeps what was known then. Copies are cheap for any number of hosts.
package struct RunVariables: Sendable {
  /// What is known of one host.
  package struct Entry: Sendable {
    /// Facts as modules name them: `ansible_distribution`, `packages`.
    package fileprivate(set) var facts: OrderedDictionary<String, Value> = [:]
    /// The dictionary `ansible_facts`: the same without `ansible_` before the names.
    package fileprivate(set) var factNamespace: OrderedDictionary<Value, Value> = [:]
    package fileprivate(set) var included: OrderedDictionary<String, Expression> = [:]
    package fileprivate(set) var set: OrderedDictionary<String, Value> = [:]
    /// Whether a play with this host has begun: from then on its facts are what that play gathers.
    package fileprivate(set) var isTargeted = false

    static let none = Entry()

    /// Adds facts as a module names them.
    mutating func add(_ added: OrderedDictionary<String, Value>) {
      for (name, value) in added {
        facts[name] = value
        let bare =
          name.hasPrefix("ansible_") && name != "ansible_local"
          ? String(name.dropFirst("ansible_".count)) : name
        factNamespace[.string(bare)] = value
      }
    }
  }

  // In buckets, so that a change copies a few hosts' entries and not all.
  private var buckets = [[String: Entry]](repeating: [:], count: 256)

  package init() {}

  /// What is known of a host.
  package subscript(host: String) -> Entry {
    buckets[Self.bucket(of: host)][host] ?? .none
  }

  /// Sets what `register:` names.
  package mutating func register(_ result: Value, as name: String, on host: String) {
    change(host) { $0.set[name] = result }
  }

  /// Sets variables by `set_fact`; cacheable ones are facts, too.
  package mutating func set(
    _ values: OrderedDictionary<String, Value>, on host: String, isCacheable: Bool = false
  ) {
    change(host) { $0.set.merge(values) { $1 } }
    if isCacheable { addFacts(values, on: host) }
  }

  /// Adds facts as a module returns them in `ansible_facts`.
  package mutating func addFacts(_ facts: OrderedDictionary<String, Value>, on host: String) {
    change(host) { $0.add(facts) }
  }

  /// Notes that a play with these hosts has begun.
  package mutating func target(_ hosts: [String]) {
    for host in hosts where !self[host].isTargeted { change(host) { $0.isTargeted = true } }
  }

  /// Adds what `include_vars` read.
  package mutating func include(
    _ variables: OrderedDictionary<String, Expression>, on host: String
  ) {
    change(host) { $0.included.merge(variables) { $1 } }
  }

  /// Forgets a host's facts: `meta: clear_facts`.
  package mutating func clearFacts(of host: String) {
    change(host) {
      $0.facts = [:]
      $0.factNamespace = [:]
    }
  }

  private mutating func change(_ host: String, _ body: (inout Entry) -> Void) {
    body(&buckets[Self.bucket(of: host)][host, default: .none])
  }

  private static func bucket(of host: String) -> Int {
    // FNV-1a; the standard library's hash would do, but is slower for short names.
    Int(host.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 } & 255)
  }
}
