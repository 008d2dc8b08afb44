import ArgumentParser
import Diagnostics
import Execution
import Graphs
import Planning
import Reports
import Variables

/// `orchestrate graph`: what comes after what.
struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Draw the steps of a playbook and their order.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, dot, mermaid }

  @Argument(help: "The playbook.") var playbook: String
  @OptionGroup var inventory: InventoryArguments
  @Option(name: [.customShort("t"), .long], help: "Only tasks with one of these tags.")
  var tags: [String] = []
  @Option(name: .customLong("skip-tags"), help: "Leave out tasks with one of these tags.")
  var skipTags: [String] = []
  @Option(help: "text, dot or mermaid.") var format = Format.text
  @Flag(help: "Draw plays rather than every step.") var plays = false
  @Flag(help: "Show which steps decided how long the last apply took, and for how long.")
  var criticalPath = false
  @Option(name: .customLong("run"), help: "For --critical-path: another apply's --json output.")
  var record: String?

  func run() async throws {
    do throws(Diagnostics) {
      TextFile.standardOutput(try drawing())
    } catch {
      for diagnostic in error.all { Controller.show(diagnostic) }
      throw ExitStatus.failure.exitCode
    }
  }

  private func drawing() throws(Diagnostics) -> String {
    let controller = try Controller(inventory, playbook: playbook)
    let compiler = try PlaybookCompiler(
      playbook, tags: tags, skipped: skipTags, limit: inventory.limit, controller)
    let context = RunContext(
      playbookFolder: Controller.absolute(Controller.folder(of: playbook)),
      workingFolder: Controller.absolute("."))
    let store = controller.store(context, ConnectionDefaults())
    let graph = try compiler.compile(for: store, controller)
    if criticalPath { return try path(through: graph, controller) }
    if plays { return draw(graph.playGraph) { $0 } }
    return draw(graph.graph) { $0.description }
  }

  /// The critical path of a run that was, beside the time that it took.
  private func path(
    through graph: TaskGraph, _ controller: Controller
  ) throws(Diagnostics) -> String {
    let file = record ?? RunRecord.path(playbook: playbook, sources: controller.sources)
    let times = StepTimes(events: file.flatMap(TextFile.read) ?? "")
    guard !times.isEmpty, let path = times.criticalPath(of: graph.graph) else {
      throw Diagnostics(
        Diagnostic(
          .error, "no apply of this playbook and inventory has left its times",
          help: "apply it first, or name an apply's --json output with --run"))
    }
    var text = ""
    for (step, seconds) in path.steps where seconds >= 0.005 {
      let time = DrillReport.seconds(seconds)
      text += String(repeating: " ", count: max(0, 10 - time.count)) + "\(time)  \(step)\n"
    }
    text += "critical path \(DrillReport.seconds(path.seconds))"
    if let wall = times.wallTime, path.seconds > 0 {
      let ratio = Int((wall / path.seconds * 100).rounded())
      text += ", the run took \(DrillReport.seconds(wall)): "
      text += "\(ratio / 100).\(ratio % 100 < 10 ? "0" : "")\(ratio % 100) times that"
    }
    return text + "\n"
  }

  private func draw<Node>(_ graph: Graph<Node>, _ label: (Node) -> String) -> String {
    switch format {
    case .text: graph.text(label)
    case .dot: graph.dot(name: playbook, label)
    case .mermaid: graph.mermaid(label)
    }
  }
}
