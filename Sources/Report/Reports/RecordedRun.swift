package import Execution
internal import OrderedCollections
internal import Values

/// A run as its `--json` output tells of it.
package struct RecordedRun: Sendable {
  /// Why a text isn't a run's output.
  package struct Defect: Error, Hashable, Sendable {
    /// From 1; nil where the text as a whole is meant.
    package var line: Int?
    package var message: String
  }

  /// A step that failed, or whose host couldn't be reached.
  package struct Trouble: Hashable, Sendable {
    package var host: String
    package var task: String
    package var place: String
    package var message: String
  }

  package var summary: RunSummary
  package var troubles: [Trouble] = []
  /// The lines of its events but for the first and the last, as they were.
  package var events: [Substring] = []

  /// Reads events, one a line. What isn't an object is passed over: programs around the run may have
  /// said something, too.
  package init(_ text: String) throws(Defect) {
    var ended: RunSummary?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where line.hasPrefix("{") {
      guard let event = try? Value(json: String(line)) else {
        throw Defect(line: index + 1, message: "this is no event: the output is damaged")
      }
      switch event["event"]?.text {
      case "started": continue
      case "ended": ended = RunSummary(event)
      case "step":
        events.append(line)
        if let trouble = Trouble(event) { troubles.append(trouble) }
      default: events.append(line)
      }
    }
    guard let ended else {
      throw Defect(message: "the run hasn't come to its end: there is no event `ended`")
    }
    summary = ended
  }
}

extension RecordedRun.Trouble {
  /// Nil for a step that went well, or whose failure was ignored or rescued.
  fileprivate init?(_ event: Value) {
    guard let outcome = event["outcome"]?.text, ["failed", "unreachable"].contains(outcome) else {
      return nil
    }
    self.init(
      host: event["host"]?.text ?? "", task: event["task"]?.text ?? "",
      place: event["place"]?.text ?? "", message: event["message"]?.text ?? "")
  }
}

extension RunSummary {
  /// Several runs over parts of one inventory, as one run that took as long as the longest.
  package static func joining(_ parts: [RunSummary]) -> RunSummary? {
    guard var joined = parts.first else { return nil }
    var places: [String: Int] = [:]
    joined.hosts = []
    joined.lostHandlers = []
    for part in parts {
      joined.duration = max(joined.duration, part.duration)
      joined.isInterrupted = joined.isInterrupted || part.isInterrupted
      joined.lostHandlers += part.lostHandlers
      for (name, recap) in part.hosts {
        // This machine, say, may have had a play in each part.
        if let place = places[name] {
          joined.hosts[place].recap.add(recap)
        } else {
          places[name] = joined.hosts.count
          joined.hosts.append((name, recap))
        }
      }
    }
    return joined
  }

  /// An event `ended`; nil where it lacks what every run says.
  fileprivate init?(_ event: Value) {
    guard let mode = event["mode"]?.text.flatMap(RunMode.init(rawValue:)),
      case .dict(let hosts)? = event["hosts"]
    else { return nil }
    self.init(
      mode: mode,
      hosts: hosts.map { ($0.key.text ?? "", HostRecap($0.value)) },
      duration: .seconds(event["seconds"]?.number ?? 0),
      isInterrupted: event["interrupted"] == true,
      lostHandlers: (event["lost_handlers"]?.items ?? []).map {
        ($0["host"]?.text ?? "", $0["handler"]?.text ?? "")
      })
  }
}

extension HostRecap {
  private static let counts: [(String, any WritableKeyPath<HostRecap, Int> & Sendable)] = [
    ("ok", \.ok), ("changed", \.changed), ("skipped", \.skipped), ("deferred", \.deferred),
    ("failed", \.failed), ("ignored", \.ignored), ("rescued", \.rescued),
    ("unreachable", \.unreachable), ("round_trips", \.roundTrips), ("may_change", \.mayChange),
  ]

  fileprivate init(_ fields: Value) {
    self.init()
    for (name, count) in Self.counts {
      if case .int(let number)? = fields[name] { self[keyPath: count] = number }
    }
    hasFailed = fields["has_failed"] == true
    isLost = fields["is_lost"] == true
  }

  fileprivate mutating func add(_ other: HostRecap) {
    for (_, count) in Self.counts { self[keyPath: count] += other[keyPath: count] }
    hasFailed = hasFailed || other.hasFailed
    isLost = isLost || other.isLost
  }
}

extension Value {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }

  fileprivate var items: [Value]? { if case .list(let items) = self { items } else { nil } }

  fileprivate var number: Double? {
    switch self {
    case .int(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }
}
