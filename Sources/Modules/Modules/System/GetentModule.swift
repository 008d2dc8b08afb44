package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Reads the host's databases of users, groups, hosts, services, …
package struct GetentModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "getent", summary: "Reads the host's databases: passwd, group, hosts, services, …",
    notes: ["The entries become the variable `getent_DATABASE` among the host's facts."],
    arguments: [
      ArgumentSpecification("database", .string, "The database.", isRequired: true),
      ArgumentSpecification(
        "key", .string, "The entry; all of them where none is given.", default: ""),
      ArgumentSpecification("service", .string, "Where to look it up, such as `files`."),
      ArgumentSpecification("split", .string, "What is between the fields."),
      ArgumentSpecification(
        "fail_key", .boolean, "An entry that isn't there is a failure.", default: true),
    ], results: [("ansible_facts", "The entries, as lists of their fields, by key.")],
    example: """
      - name: Where does root live?
        ansible.builtin.getent:
          database: passwd
          key: root
      """)

  private let database: String
  private let key: String
  private let service: String?
  private let separator: String?
  private let failsWithoutKey: Bool

  package init(_ arguments: Arguments) throws(ArgumentError) {
    database = try arguments.requiredString("database")
    key = try arguments.string("key") ?? ""
    service = try arguments.string("service")
    let colons = ["passwd", "shadow", "group", "gshadow"].contains(database)
    separator = try arguments.string("split") ?? (colons ? ":" : nil)
    failsWithoutKey = try arguments.boolean("fail_key") ?? true
    if database.hasPrefix("-") || !database.allSatisfy({ $0.isLetter || $0.isNumber }) {
      throw ArgumentError(argument: "database", "`\(database)` is no database's name")
    }
  }

  package var probe: Probe<CommandOutput> {
    var words = ["getent"]
    if let service { words += ["-s", service] }
    words.append(database)
    if !key.isEmpty { words += ["--", key] }
    let subjects: [Subject]
    switch database {
    case "passwd", "shadow": subjects = [.user(key), .path("/etc/\(database)")]
    case "group", "gshadow": subjects = [.group(key), .path("/etc/\(database)")]
    default: subjects = [.path("/etc/\(database)")]
    }
    let question = Question(script: Shell.words(words), about: subjects, isObserved: true)
    return Probe(Query(question) { (output) throws(HostError) in output })
  }

  package func diff(from current: CommandOutput) -> Change {
    switch current.status {
    case 0: return found(entries(current.text))
    case 1: return .failed("Missing arguments, or database unknown.")
    case 2:
      if failsWithoutKey {
        return .failed("One or more supplied key could not be found in the database.")
      }
      return found([key: .null])
    case 3: return .failed("Enumeration not supported on this database.")
    default: return .failed("getent failed: \(current.complaint)")
    }
  }

  /// The fields after the first, by the first; entries with the same key are a list of lists.
  private func entries(_ text: String) -> OrderedDictionary<String, Value> {
    var seen: OrderedDictionary<String, [Value]> = [:]
    for line in text.split(separator: "\n") {
      let fields: [String]
      if let separator {
        fields = line.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
      } else {
        fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
      }
      guard let first = fields.first else { continue }
      seen[first, default: []].append(.strings(fields.dropFirst()))
    }
    return seen.mapValues { $0.count == 1 ? $0[0] : .list($0) }
  }

  private func found(_ entries: OrderedDictionary<String, Value>) -> Change {
    let facts: OrderedDictionary<String, Value> = ["getent_\(database)": .object(entries)]
    return Change(
      result: ["ansible_facts": .object(facts)],
      effects: [.facts(facts), .variables(facts, isCacheable: false)])
  }
}
