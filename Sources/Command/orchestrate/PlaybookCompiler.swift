import Diagnostics
import Execution
import ModuleKit
import Modules
import OrderedCollections
import Planning
import Playbooks
import Settings
import Templates
import Values
import Variables

/// A playbook from its file to the graph of its steps.
struct PlaybookCompiler {
  let reader: PlaybookReader
  private let playbook: Playbook
  private let selection: TagSelection
  private let facts: FactGathering
  private let limit: String?
  private let shard: Shard?
  private let blocks = BlockCounter()

  /// Reads the playbook; throws everything that is wrong with it.
  init(_ arguments: RunArguments, _ controller: Controller) throws(Diagnostics) {
    try self.init(
      arguments.playbook, tags: arguments.tags, skipped: arguments.skipTags,
      limit: arguments.inventory.limit, shard: try arguments.part(), controller)
  }

  init(
    _ path: String, tags: [String], skipped: [String], limit: String?, shard: Shard? = nil,
    _ controller: Controller
  ) throws(Diagnostics) {
    let registry = ShippedModules.registry
    let catalog = ModuleCatalog(
      names: registry.names, isModule: { registry[$0] != nil },
      takesFreeForm: { registry[$0]?.documentation.freeForm != nil })
    reader = PlaybookReader(
      files: LocalPlaybookSources(reader: controller.reader), modules: catalog,
      rolesPath: controller.settings.rolesPath)
    playbook = try reader.read(path)
    let errors = playbook.plays.flatMap { Unsupported.errors(in: $0) }
    if !errors.isEmpty { throw Diagnostics(errors) }
    selection = TagSelection(only: Self.split(tags), skipped: Self.split(skipped))
    facts = FactGathering(policy: controller.settings.gathering ?? "implicit")
    self.limit = limit
    self.shard = shard
  }

  /// The graph for a run's hosts, with what plays need before it: prompts and files of variables.
  func compile(for store: RunStore, _ controller: Controller) throws(Diagnostics) -> TaskGraph {
    _ = try HostSelection(store: store, limit: limit)
    let graph = try builder(for: store).build(playbook)
    var problems: [Diagnostic] = []
    for play in graph.plays {
      do throws(Diagnostics) {
        try store.prepare(play, prompts: try answers(to: play.play, controller))
      } catch {
        problems += error.all
      }
    }
    if !problems.isEmpty { throw Diagnostics(problems) }
    return graph
  }

  func builder(for store: RunStore) -> GraphBuilder {
    let (limit, shard) = (limit, shard)
    return GraphBuilder(
      selection: selection, facts: facts, blocks: blocks,
      hosts: { (play) throws(Diagnostics) in
        try HostSelection(store: store, limit: limit, shard: shard).hosts(of: play)
      },
      batchSizes: { (play, count) throws(Diagnostics) in
        try HostSelection(store: store, limit: nil).batchSizes(of: play, count)
      })
  }

  /// `vars_prompt`: asked once, unless `-e` gives the variable.
  private func answers(
    to play: Play, _ controller: Controller
  ) throws(Diagnostics) -> OrderedDictionary<String, Value> {
    var answers: OrderedDictionary<String, Value> = [:]
    for prompt in play.variablePrompts {
      if controller.extra?.names.contains(prompt.name) == true { continue }
      var text = Prompt.line("\(prompt.prompt): ", isPrivate: prompt.isPrivate)
      if text?.isEmpty ?? true, case .literal(let value, _)? = prompt.defaultValue {
        text = value.description
      }
      guard let text else {
        throw Diagnostics(
          Diagnostic(
            .error, "can't ask for `\(prompt.name)`: standard input is no terminal",
            at: prompt.range, help: "give it with -e \(prompt.name)=…"))
      }
      answers[prompt.name] = Value.string(text).marked(prompt.isPrivate ? .secret : [])
    }
    return answers
  }

  private static func split(_ lists: [String]) -> [String] {
    lists.flatMap { $0.split(separator: ",").map(String.init) }
  }
}
