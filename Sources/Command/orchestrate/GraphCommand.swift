import ArgumentParser
import Diagnostics
import Execution
import Graphs
import Planning
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
    if plays { return draw(graph.playGraph) { $0 } }
    return draw(graph.graph) { $0.description }
  }

  private func draw<Node>(_ graph: Graph<Node>, _ label: (Node) -> String) -> String {
    switch format {
    case .text: graph.text(label)
    case .dot: graph.dot(name: playbook, label)
    case .mermaid: graph.mermaid(label)
    }
  }
}
