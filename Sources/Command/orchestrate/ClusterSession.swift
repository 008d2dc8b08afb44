import Diagnostics
import Documents
import Execution
import Hosts
import Inspection
import Labs
import Layouts
import ModuleKit
import Modules
import Planning
import Playbooks
import Templates
import Transports
import Values
import Variables

/// A cluster as its inventory describes it, and the connections to its hosts.
struct ClusterSession: Sendable {
  let layout: Layout
  let redactor: Redactor
  private let ways: [String: Way]
  private let pool: ConnectionPool

  /// How a host is reached, and as whom it is asked.
  private struct Way: Sendable {
    var target: ConnectionTarget
    var become: Become?
  }

  /// Reads inventory and playbook; in the lab, goes on inside of its network.
  ///
  /// - Parameter arguments: with a limit they are refused: only all hosts make a cluster.
  init(_ arguments: ClusterArguments) throws(Diagnostics) {
    ProcessLimits.prepare()
    if arguments.inventory.limit != nil {
      throw Diagnostics(
        Diagnostic(.error, "--limit makes no sense here", help: "a cluster is seen as a whole"))
    }
    let controller = try Controller(arguments.inventory, playbook: arguments.playbook)
    var defaults = try arguments.connection.defaults(over: controller.settings)
    defaults.becomes = true
    let context = RunContext(
      playbookFolder: Controller.absolute(Controller.folder(of: arguments.playbook)),
      workingFolder: Controller.absolute("."))
    if arguments.usesLab {
      let store = controller.store(context, defaults)
      defaults.lab = try Self.enterLab(
        LabSpecification(of: store, source: controller.sources[0]))
    }
    let store = controller.store(context, defaults)
    let compiler = try PlaybookCompiler(
      arguments.playbook, tags: [], skipped: [], limit: nil, controller)
    let graph = try compiler.compile(for: store, controller)
    let reading = ClusterReading(store: store, graph: graph, playbook: arguments.playbook)
    layout = try reading.layout()
    ways = try reading.ways(to: layout.hosts).mapValues { Way(target: $0, become: $1) }
    redactor = controller.redactor
    var options = TransportOptions()
    options.commandTimeout = .seconds(60)
    options.reconnectTime = .zero
    options.askForPassphrase = { Prompt.line("Passphrase for \($0): ", isPrivate: true) }
    pool = ConnectionPool(Connector(options))
  }

  /// Goes into a lab that runs: an empty one is nothing to look at.
  private static func enterLab(
    _ specification: LabSpecification
  ) throws(Diagnostics) -> LabAccess {
    do throws(LabError) {
      guard try Lab.running(named: specification.name) != nil else {
        throw LabError(
          .wrongState, "no lab \(specification.name) is running: begin with `orchestrate lab up`")
      }
      return try LabSession.enter(specification).access
    } catch {
      throw Diagnostics(Diagnostic(.error, "the lab: \(error)"))
    }
  }

  func close() async { await pool.closeAll() }

  /// Looks at all hosts, so many at the same time.
  func inspect(atOnce width: Int = .max) async -> ClusterHealth {
    let layout = layout
    var health = ClusterHealth(layout: layout, seen: [:])
    await withTaskGroup(of: (String, Result<HostObservation, HostError>).self) { group in
      var waiting = layout.hosts[...]
      func begin() {
        guard let host = waiting.popFirst() else { return }
        group.addTask {
          do throws(HostError) {
            let probe = HostInspection(of: host, in: layout).probe
            return (host.name, .success(try await ask(probe, of: host.name)))
          } catch {
            return (host.name, .failure(error))
          }
        }
      }
      for _ in layout.hosts.prefix(width) { begin() }
      for await (name, result) in group {
        switch result {
        case .success(let seen): health.seen[name] = seen
        case .failure(let error): health.unreachable[name] = error.message
        }
        begin()
      }
    }
    return health
  }

  /// Asks a host what a probe wants to know.
  func ask<State>(_ probe: Probe<State>, of name: String) async throws(HostError) -> State {
    var probe = probe
    let way = try way(to: name)
    let host = try await pool.host(way.target)
    while true {
      let batch = QuestionBatch(probe.questions)
      let output = try await host.read(batch.script, as: way.become)
      switch try probe.resolve(try batch.answers(in: output)) {
      case .state(let state): return state
      case .ask(let next): probe = next
      }
    }
  }

  /// Runs a command on a host; `localhost` is this machine.
  func run(
    _ script: String, on name: String, timeout: Duration
  ) async throws(HostError) -> CommandOutput {
    let way = try way(to: name)
    let host = try await pool.host(way.target)
    return try await host.run(
      Command(script, timeout: timeout, isContained: true), as: way.become)
  }

  /// Forgets a connection, so that the next use makes a new one.
  func forget(_ name: String) async {
    if let way = try? way(to: name) { await pool.reset(way.target) }
  }

  private func way(to name: String) throws(HostError) -> Way {
    if let way = ways[name] { return way }
    if name == "localhost" {
      var target = ConnectionTarget(name: name, address: name)
      target.connection = "local"
      return Way(target: target, become: nil)
    }
    throw HostError(.unreachable, "there is no host `\(name)` in the cluster")
  }
}
