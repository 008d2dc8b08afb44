import Hosts
import Synchronization

/// Hosts that are only in memory: things with values, which scripts of one line get and set.
///
/// They understand `get NAME`, `set NAME VALUE`, `say TEXT`, `fail TEXT`, `wait EVENT` and
/// `signal EVENT`; files that are asked about are absent.
final class SimulatedHosts: HostConnector {
  struct State {
    var things: [String: [String: String]] = [:]
    /// What came in, as `HOST: script`; a script of questions counts once, whatever is in it.
    var log: [String] = []
    /// How many scripts each host got.
    var roundTrips: [String: Int] = [:]
    var unreachable: Set<String> = []
    /// How many times more nobody gets through to a host.
    var refusals: [String: Int] = [:]
    /// The connection is lost with what begins so, by host, each once.
    var losses: [String: [Loss]] = [:]
    var closed: Set<String> = []
    var signalled: Set<String> = []
    var waiting: [String: [CheckedContinuation<Bool, Never>]] = [:]
    var running = 0
    var mostRunning = 0
  }

  /// A connection that is lost with one command.
  struct Loss: Sendable {
    var prefix: String
    /// Whether the host does it all the same.
    var isDone: Bool
  }

  private let state = Mutex(State())

  init(_ things: [String: [String: String]] = [:], unreachable: Set<String> = []) {
    state.withLock {
      $0.things = things
      $0.unreachable = unreachable
    }
  }

  /// What has come about so far.
  var now: State { state.withLock { $0 } }

  /// What a host was told to do, in order.
  func commands(of host: String) -> [String] {
    now.log.filter { $0.hasPrefix("\(host): ") }.map { String($0.dropFirst(host.count + 2)) }
  }

  func connect(to target: ConnectionTarget) async throws(HostError) -> any Host {
    let isRefused = state.withLock { state in
      if state.unreachable.contains(target.name) { return true }
      let refusals = state.refusals[target.name] ?? 0
      state.refusals[target.name] = max(0, refusals - 1)
      return refusals > 0
    }
    if isRefused { throw HostError(.unreachable, "no way to \(target.name)") }
    return SimulatedHost(name: target.name, all: self)
  }

  /// Loses a host's connection with the next command that begins so.
  func lose(_ host: String, with prefix: String, isDone: Bool) {
    state.withLock { $0.losses[host, default: []].append(Loss(prefix: prefix, isDone: isDone)) }
  }

  /// Refuses a host's next connections.
  func refuse(_ host: String, times: Int) { state.withLock { $0.refusals[host] = times } }

  /// Lets everybody go who waits for an event, now or later.
  func signal(_ event: String) {
    let waiters = state.withLock { state in
      state.signalled.insert(event)
      return state.waiting.removeValue(forKey: event) ?? []
    }
    for waiter in waiters { waiter.resume(returning: true) }
  }

  /// - Returns: false where the task was cancelled first.
  func wait(for event: String) async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state -> Bool? in
          if state.signalled.contains(event) { return true }
          if Task.isCancelled { return false }
          state.waiting[event, default: []].append(continuation)
          return nil
        }
        if let isOver { continuation.resume(returning: isOver) }
      }
    } onCancel: {
      let waiters = state.withLock { $0.waiting.removeValue(forKey: event) ?? [] }
      for waiter in waiters { waiter.resume(returning: false) }
    }
  }

  fileprivate func change<Result>(_ body: (inout State) -> Result) -> Result {
    state.withLock { body(&$0) }
  }
}

/// One of them.
private struct SimulatedHost: Host {
  let name: String
  let all: SimulatedHosts

  func read(_ script: String, as become: Become?) async throws(HostError) -> CommandOutput {
    all.change { state in
      state.roundTrips[name, default: 0] += 1
      let batch = BatchScript(script)
      for question in batch.questions { state.log.append("\(name): \(question)") }
      return batch.output(batch.questions.map { Self.answer($0, state.things[name] ?? [:]) })
    }
  }

  private static func answer(_ question: String, _ things: [String: String]) -> CommandOutput {
    let words = question.split(separator: " ").map(String.init)
    switch words.first {
    case "get": return CommandOutput(things[words[1]] ?? "")
    case "file": return CommandOutput("absent\n")
    case "echo": return CommandOutput(words.dropFirst().joined(separator: " ") + "\n")
    default: return CommandOutput(status: 127, "", standardError: "not understood: \(question)")
    }
  }

  func run(_ command: Command, as become: Become?) async throws(HostError) -> CommandOutput {
    let words = command.script.split(separator: " ").map(String.init)
    all.change { state in
      state.roundTrips[name, default: 0] += 1
      state.log.append("\(name): \(command.script)")
      state.running += 1
      state.mostRunning = max(state.mostRunning, state.running)
    }
    defer { all.change { $0.running -= 1 } }
    let loss = all.change { state in
      let index = state.losses[name]?.firstIndex { command.script.hasPrefix($0.prefix) }
      return index.flatMap { state.losses[name]?.remove(at: $0) }
    }
    if let loss, !loss.isDone { throw HostError(.connectionLost, "gone away") }
    let output = try await perform(command, words)
    if loss != nil { throw HostError(.connectionLost, "gone away") }
    return output
  }

  private func perform(
    _ command: Command, _ words: [String]
  ) async throws(HostError) -> CommandOutput {
    if command.script.contains("restart-it") {
      all.change { state in
        state.things[name, default: [:]]["boot", default: "1"] += "1"
        state.refusals[name] = 2
      }
      throw HostError(.connectionLost, "gone away")
    }
    let rest = words.dropFirst().joined(separator: " ")
    switch words.first {
    case "set":
      all.change {
        $0.things[name, default: [:]][words[1]] = words.dropFirst(2).joined(separator: " ")
      }
    case "get": return CommandOutput(all.now.things[name]?[words[1]] ?? "")
    case "say": return CommandOutput(rest + "\n")
    case "fail": return CommandOutput(status: 1, "", standardError: rest)
    case "lose": throw HostError(.connectionLost, "gone away")
    case "signal": all.signal(rest)
    case "wait":
      guard await all.wait(for: rest) else { throw HostError(.cancelled, "cancelled") }
    case "yield": for _ in 0..<20 { await Task.yield() }
    default: return CommandOutput(status: 127, "", standardError: "not understood: \(rest)")
    }
    return CommandOutput()
  }

  func upload(
    _ content: FileContent, to path: String, as become: Become?
  ) async throws(HostError) {
    throw HostError(.actionFailed, "simulated hosts take no uploads")
  }

  func close() async { _ = all.change { $0.closed.insert(name) } }
}

/// The script of a `QuestionBatch`, taken apart.
struct BatchScript {
  private let nonce: String
  let questions: [String]

  init(_ script: String) {
    let marks = ["\nq ", "\np "]
    let starts = marks.compactMap { script.firstRange(of: $0)?.upperBound }
    let nonce = starts.min().map { String(script[$0...].prefix { $0 != "." }) } ?? ""
    self.nonce = nonce
    var questions: [String] = []
    var rest = script[...]
    while let start = marks.compactMap({ rest.firstRange(of: "\($0)\(nonce).") }).min(by: {
      $0.lowerBound < $1.lowerBound
    }) {
      let isCall = rest[start].hasPrefix("\np")
      rest = rest[start.upperBound...].drop { $0 != " " }.dropFirst()
      questions.append(isCall ? String(rest.prefix { $0 != "\n" }) : Self.word(rest))
    }
    self.questions = questions
  }

  /// The first word, without its quotes.
  private static func word(_ text: Substring) -> String {
    guard text.first == "'" else { return String(text.prefix { $0 != "\n" }) }
    let escaped = text.dropFirst().replacing("'\\''", with: "\0")
    return String(escaped.prefix { $0 != "'" }).replacing("\0", with: "'")
  }

  /// What the shell would say.
  func output(_ answers: [CommandOutput]) -> CommandOutput {
    var whole = CommandOutput()
    for (index, answer) in answers.enumerated() {
      whole.standardOutput += answer.standardOutput + "\n\(nonce).\(index) \(answer.status)\n".utf8
      whole.standardError += answer.standardError + "\n\(nonce).\(index)\n".utf8
    }
    return whole
  }
}
