package import Graphs
internal import OrderedCollections
package import Planning
internal import Values

/// How long a run's steps took: what its critical path is made of.
package struct StepTimes: Sendable {
  /// A step by its place in the playbook and its host.
  private struct Key: Hashable {
    var order: [Int]
    var host: String
  }

  private var seconds: [Key: Double] = [:]
  private var plays: [Key: Int] = [:]
  /// From the run's beginning to its end; nil where it never ended.
  package private(set) var wallTime: Double?

  /// Reads events as `--json` prints them, and as `StepTimeRecorder` keeps them; other lines are
  /// passed over.
  package init(events text: String) {
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("{") {
      guard let event = try? Value(json: String(line)) else { continue }
      switch event["event"]?.description {
      case "step":
        guard case .list(let order)? = event["order"], let host = event["host"]?.description,
          let time = Self.number(event["seconds"])
        else { continue }
        let key = Key(order: order.compactMap { Int($0.description) }, host: host)
        seconds[key, default: 0] += time
        plays[key] = event["play"].flatMap { Int($0.description) }
      case "ended": wallTime = Self.number(event["seconds"])
      default: continue
      }
    }
  }

  private static func number(_ value: Value?) -> Double? {
    switch value {
    case .float(let number)?: number
    case .int(let number)?: Double(number)
    default: nil
    }
  }

  package var isEmpty: Bool { seconds.isEmpty }

  /// The chain of steps that took longest, in the order that the graph says.
  ///
  /// Steps that came in while the run went on (handlers) count where their play's handlers run.
  package func criticalPath(of graph: Graph<Step>) -> (steps: [(Step, Double)], seconds: Double)? {
    var known: Set<Key> = []
    for step in graph.nodes {
      switch step {
      case .task(let task, let host): known.insert(Key(order: task.order, host: host))
      case .once(let task, let hosts):
        for host in hosts { known.insert(Key(order: task.order, host: host)) }
      default: continue
      }
    }
    var added: [Int: [String: Double]] = [:]
    for (key, time) in seconds where !known.contains(key) {
      if let play = plays[key] { added[play, default: [:]][key.host, default: 0] += time }
    }
    var times = [Double](repeating: 0, count: graph.count)
    var lastFlush: [Int: NodeID] = [:]
    for id in graph.ids {
      switch graph[id] {
      case .task(let task, let host):
        times[id.index] = seconds[Key(order: task.order, host: host)] ?? 0
      case .once(let task, let hosts):
        times[id.index] =
          hosts.compactMap { seconds[Key(order: task.order, host: $0)] }.max() ?? 0
      case .flush(let play, _, _, _): lastFlush[play] = id
      default: continue
      }
    }
    for (play, hosts) in added {
      if let id = lastFlush[play] { times[id.index] += hosts.values.max() ?? 0 }
    }
    guard let path = graph.criticalPath({ .seconds(times[$0.index]) }) else { return nil }
    let steps = path.nodes.filter { times[$0.index] > 0 }.map { (graph[$0], times[$0.index]) }
    return (steps, path.duration / .seconds(1))
  }
}
