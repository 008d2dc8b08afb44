import Diagnostics
import Documents
import Execution
import Hosts
import Inventories
import ModuleKit
import OrderedCollections
import Planning
import Playbooks
import Synchronization
import Templates
import Values
import Variables

/// A run from texts to events, as the program makes it, but with hosts of the test's choice.
struct Trial {
  var sources: any PlaybookSources
  /// Where `site.yml` is.
  var folder = "."
  /// Which file there.
  var playbook = "site.yml"
  /// An inventory's path, or names with commas.
  var inventory: String
  var mode = RunMode.apply
  var tags: [String] = []
  var skippedTags: [String] = []
  var limit: String?
  /// `-e`.
  var extra: OrderedDictionary<String, Expression> = [:]
  var forks = 50
  var connection = "ssh"
  /// `gathering` of ansible.cfg.
  var gathering = "implicit"
  var connector: any HostConnector
  /// More than one where a test looks at what people see.
  var reporters: [any Reporter] = []

  /// A playbook as text, with other files beside it.
  init(
    _ playbook: String, files: [String: String] = [:], on inventory: String = "a,b,c,",
    _ hosts: any HostConnector = SimulatedHosts()
  ) {
    sources = MemorySources(files.merging(["site.yml": playbook]) { $1 })
    self.inventory = inventory
    connector = hosts
  }

  /// The same as a plan.
  var planned: Trial {
    var trial = self
    trial.mode = .plan
    return trial
  }

  func run() async throws -> TrialRecord {
    let recorder = Recorder(also: reporters)
    let summary = try executor(recorder).run
    return TrialRecord(summary: await summary(), events: recorder.events)
  }

  /// The executor, ready to run.
  func executor(_ recorder: any Reporter) throws -> Executor {
    let redactor = Redactor()
    let inventories = InventoryReader()
    var inventory = try inventories.read([inventory])
    if folder.hasPrefix("/") {
      try inventories.addVariables(besidePlaybook: folder, to: &inventory)
    }
    var context = RunContext(playbookFolder: folder, workingFolder: "/")
    context.isCheckMode = mode == .plan
    context.limit = limit
    if !extra.isEmpty { context.extra = VariableLayer(.extra, extra, at: .synthesized("-e")) }
    context.tags = tags.isEmpty ? ["all"] : tags
    context.skippedTags = skippedTags
    var defaults = ConnectionDefaults()
    defaults.connection = connection
    let store = RunStore(
      inventory, context: context, defaults: defaults, reader: YAMLReader(), redactor: redactor)
    let registry = ModuleRegistry.trial
    let reader = PlaybookReader(files: sources, modules: Self.catalog)
    let builder = builder(for: store)
    let graph = try builder.build(reader.read(folder + "/" + playbook))
    for play in graph.plays { try store.prepare(play, prompts: answers(to: play.play)) }
    var options = RunOptions(mode: mode)
    options.forks = forks
    return Executor(
      graph: graph, builder: builder, options: options, registry: registry, connector: connector,
      reporter: recorder, redactor: redactor, variables: store,
      includes: PlaybookIncludes(reader, playFolder: folder)
    ) { search, scope in
      TaskFiles(search: search, scope: scope, passwords: VaultPasswords())
    }
  }

  /// Prompts are answered by their defaults, as where there is no terminal.
  private func answers(to play: Play) -> OrderedDictionary<String, Value> {
    var answers: OrderedDictionary<String, Value> = [:]
    for prompt in play.variablePrompts where extra[prompt.name] == nil {
      if case .literal(let value, _)? = prompt.defaultValue { answers[prompt.name] = value }
    }
    return answers
  }

  private func builder(for store: RunStore) -> GraphBuilder {
    let limit = limit
    return GraphBuilder(
      selection: TagSelection(only: tags, skipped: skippedTags),
      facts: FactGathering(policy: gathering),
      hosts: { (play) throws(Diagnostics) in
        try HostSelection(store: store, limit: limit).hosts(of: play)
      },
      batchSizes: { (play, count) throws(Diagnostics) in
        try HostSelection(store: store, limit: nil).batchSizes(of: play, count)
      })
  }

  static let catalog: ModuleCatalog = {
    let registry = ModuleRegistry.trial
    return ModuleCatalog(
      names: registry.names, isModule: { registry[$0] != nil },
      takesFreeForm: { registry[$0]?.documentation.freeForm != nil })
  }()
}

/// Files in a dictionary.
struct MemorySources: PlaybookSources {
  private let files: [String: String]

  init(_ files: [String: String]) { self.files = files }

  private func plain(_ path: String) -> String {
    path.hasPrefix("./") ? String(path.dropFirst(2)) : path
  }

  func isFile(_ path: String) -> Bool { files[plain(path)] != nil }

  func isFolder(_ path: String) -> Bool {
    files.keys.contains { $0.hasPrefix(plain(path) + "/") }
  }

  func names(in folder: String) -> [String] {
    let prefix = plain(folder) + "/"
    let inside = files.keys.filter { $0.hasPrefix(prefix) }
    return Set(inside.map { $0.dropFirst(prefix.count).prefix { $0 != "/" } })
      .map(String.init).sorted()
  }

  func readYAML(_ path: String) throws(Diagnostics) -> Expression {
    guard let text = files[plain(path)] else {
      throw Diagnostics(Diagnostic(.error, "there is no file \(path)"))
    }
    return try YAMLReader().read(path: path, text: text)
  }
}
