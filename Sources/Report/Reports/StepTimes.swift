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
  /// When steps ended, in seconds from the run's beginning; what `--json` prints has none.
  private var ends: [Key: Double] = [:]
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
        ends[key] = Self.number(event["at"])
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
  /// A host does one step after another: where plays run side by side, the order in which it did
  /// them counts like the graph's. Steps that came in while the run went on (handlers) count where
  /// their play's handlers run.
  package func criticalPath(of graph: Graph<Step>) -> (steps: [(Step, Double)], seconds: Double)? {
    let times = times(of: graph)
    let duration = { (id: NodeID) -> Duration in .seconds(times[id.index]) }
    let path = asRun(graph, times).criticalPath(duration) ?? graph.criticalPath(duration)
    guard let path else { return nil }
    let steps = path.nodes.filter { times[$0.index] > 0 }.map { (graph[$0], times[$0.index]) }
    return (steps, path.duration / .seconds(1))
  }

  /// What each node took, in seconds, by its index.
  private func times(of graph: Graph<Step>) -> [Double] {
    var times = [Double](repeating: 0, count: graph.count)
    var known: Set<Key> = []
    var lastFlush: [Int: NodeID] = [:]
    for id in graph.ids {
      let keys: [Key]
      switch graph[id] {
      case .task(let task, let host): keys = [Key(order: task.order, host: host)]
      case .once(let task, let hosts): keys = hosts.map { Key(order: task.order, host: $0) }
      case .flush(let play, _, _, _):
        lastFlush[play] = id
        continue
      default: continue
      }
      known.formUnion(keys)
      times[id.index] = keys.compactMap { seconds[$0] }.max() ?? 0
    }
    for (play, longest) in longestAdded(beside: known) {
      if let id = lastFlush[play] { times[id.index] += longest }
    }
    return times
  }

  /// By play, how long the host with the most of them was at steps that the graph hasn't.
  private func longestAdded(beside known: Set<Key>) -> [Int: Double] {
    var added: [Int: [String: Double]] = [:]
    for (key, time) in seconds where !known.contains(key) {
      if let play = plays[key] { added[play, default: [:]][key.host, default: 0] += time }
    }
    return added.compactMapValues { $0.values.max() }
  }

  /// The graph with the order in which each host did its steps.
  private func asRun(_ graph: Graph<Step>, _ times: [Double]) -> Graph<Step> {
    var done: [String: [(id: NodeID, end: Double)]] = [:]
    for id in graph.ids where times[id.index] >= Self.shortest {
      guard case .task(let task, let host) = graph[id],
        let end = ends[Key(order: task.order, host: host)]
      else { continue }
      done[host, default: []].append((id, end))
    }
    var graph = graph
    for steps in done.values {
      let steps = steps.sorted { $0.end < $1.end }
      for (first, then) in zip(steps, steps.dropFirst())
      where then.end - times[then.id.index] >= first.end - Self.shortest {
        graph.require(then.id, after: first.id)
      }
    }
    return graph
  }

  /// In seconds; what is shorter decides nothing.
  private static let shortest = 0.002
}
