package import Diagnostics
package import Graphs
internal import OrderedCollections
package import Playbooks
internal import Templates
internal import Values

/// Compiles a playbook: expand plays, batch serially, order within hosts, keep hosts in step, relax
/// by needs.
package struct GraphBuilder: Sendable {
  package var selection: TagSelection
  package var facts: FactGathering
  package let blocks: BlockCounter
  /// The hosts that a play's patterns and `--limit` choose, in the play's order.
  package var hosts: @Sendable (Play) throws(Diagnostics) -> [String]
  /// The sizes that `serial` gives for so many hosts; empty for one batch.
  package var batchSizes: @Sendable (Play, Int) throws(Diagnostics) -> [Int]

  package init(
    selection: TagSelection = TagSelection(), facts: FactGathering = FactGathering(),
    blocks: BlockCounter = BlockCounter(),
    hosts: @escaping @Sendable (Play) throws(Diagnostics) -> [String],
    batchSizes: @escaping @Sendable (Play, Int) throws(Diagnostics) -> [Int]
  ) {
    self.selection = selection
    self.facts = facts
    self.blocks = blocks
    self.hosts = hosts
    self.batchSizes = batchSizes
  }

  /// The whole playbook's graph.
  package func build(_ playbook: Playbook) throws(Diagnostics) -> TaskGraph {
    var graph = Graph<Step>()
    var plays: [CompiledPlay] = []
    var ends: [NodeID] = []
    var endsByID: [String: NodeID] = [:]
    for (index, play) in playbook.plays.enumerated() {
      let compiled = try compile(play, index: index, after: plays)
      let start = graph.add(.playStart(index))
      for node in predecessors(of: play, ends, endsByID) { graph.require(start, after: node) }
      let end = add(compiled, to: &graph, after: start)
      ends.append(end)
      if let id = play.id { endsByID[id] = end }
      plays.append(compiled)
    }
    return TaskGraph(plays: plays, graph: graph)
  }

  /// `needs:` names what must come first; without it a play waits for all that stand above it.
  private func predecessors(
    of play: Play, _ ends: [NodeID], _ endsByID: [String: NodeID]
  ) -> [NodeID] {
    guard let needs = play.needs else { return ends }
    return needs.compactMap { endsByID[$0.content] }
  }

  /// A play's hosts, batches and items.
  ///
  /// Hosts that nobody knows are no mistake where a play before may bring them in.
  ///
  /// - Parameter earlier: the plays before it in the playbook; none when it starts.
  package func compile(
    _ play: Play, index: Int, after earlier: [CompiledPlay] = []
  ) throws(Diagnostics) -> CompiledPlay {
    var chosen: [String] = []
    var isUnresolved = false
    do throws(Diagnostics) { chosen = try hosts(play) } catch {
      guard earlier.contains(where: \.changesInventory) else { throw error }
      isUnresolved = true
    }
    var expansion = PlayExpansion(
      play: play, index: index, selection: selection, facts: facts, prefix: [index],
      blocks: blocks)
    expansion.expandAll()
    let sizes = try batchSizes(play, chosen.count)
    try refuseTemplates(in: expansion.items)
    return CompiledPlay(
      play: play, index: index, hosts: chosen, batches: Self.split(chosen, by: sizes),
      items: expansion.items, handlers: expansion.handlers, isUnresolved: isUnresolved)
  }

  /// `run_once` and `throttle` shape the graph, so they must be known before the run.
  private func refuseTemplates(in items: [PlayItem]) throws(Diagnostics) {
    var problems: [Diagnostic] = []
    for case .task(let instance) in items {
      let keywords = instance.keywords
      for (name, value, isKnown) in [
        ("run_once", keywords.runOnce, keywords.runOnce?.literalBool != nil),
        ("throttle", keywords.throttle, keywords.throttle?.literalInt != nil),
      ] {
        guard let value, !isKnown else { continue }
        problems.append(
          Diagnostic(
            .error, "`\(name)` can't be a template", at: value.range,
            help: "write the value itself: the order of the run depends on it"))
      }
    }
    if !problems.isEmpty { throw Diagnostics(problems) }
  }

  /// Adds a play's steps behind its start, batch after batch, and answers with its end.
  package func add(
    _ compiled: CompiledPlay, to graph: inout Graph<Step>, after start: NodeID
  ) -> NodeID {
    var sequence = StepSequence(
      graph: graph, play: compiled.index, strategy: compiled.play.strategy)
    graph = Graph<Step>()
    var last = start
    for batch in compiled.batches where !batch.isEmpty {
      last = sequence.add(compiled.items, for: batch, after: last)
    }
    graph = sequence.graph
    let end = graph.add(.playEnd(compiled.index))
    graph.require(end, after: last)
    return end
  }

  /// The graph of lists of items, one after the other, that come in while the run goes on; its first
  /// node stands for where.
  package func inserted(
    _ additions: [(items: [PlayItem], hosts: [String])], play: Int, strategy: String
  ) -> Graph<Step> {
    var graph = Graph<Step>()
    var last = graph.add(.flush(play: play, hosts: [], order: []))
    var sequence = StepSequence(graph: graph, play: play, strategy: strategy)
    for (items, hosts) in additions { last = sequence.add(items, for: hosts, after: last) }
    return sequence.graph
  }

  /// The graph of a play's steps behind its start, for a play that was compiled anew.
  package func inserted(_ compiled: CompiledPlay) -> Graph<Step> {
    inserted(
      compiled.batches.map { (compiled.items, $0) }, play: compiled.index,
      strategy: compiled.play.strategy)
  }

  /// What an include brings, under what the including task inherits and says.
  package func expand(
    _ nodes: [TaskNode], handlers: [TaskNode], role: Role?, of including: TaskInstance,
    in play: Play, layers: TaskLayers, suborder: Int
  ) throws(Diagnostics) -> (items: [PlayItem], handlers: [HandlerDefinition]) {
    var expansion = PlayExpansion(
      play: play, index: including.play, selection: selection, facts: facts,
      prefix: including.order + [suborder], blocks: blocks)
    var keywords = including.keywords
    // `when` and loops of an include decide about the include itself; tags stay its own.
    keywords.when = []
    keywords.tags = []
    let inherited = PlayExpansion.Inherited(
      keywords: keywords, layers: layers, guards: including.guards,
      role: role ?? including.role, passes: including.passes,
      parents: role == nil ? including.parentRoles : including.parentsOfInner)
    expansion.expand(nodes, under: inherited)
    expansion.collect(handlers: handlers, under: inherited)
    try refuseTemplates(in: expansion.items)
    return (expansion.items, expansion.handlers)
  }

  /// The gathering of a host's facts out of the playbook's order, as a play would have it.
  ///
  /// - Parameter play: the play that says how the host is reached; nil where none is meant for it.
  package func gathering(for play: CompiledPlay?) -> TaskInstance {
    let play = play?.play
    let place = SourceRange.synthesized("facts")
    let task = FactGathering.task(
      of: play ?? Play(hosts: .literal("all", place), folder: ".", at: place))
    let outer = play?.keywords.withoutVariables ?? Keywords()
    return TaskInstance(
      order: [], definition: task, keywords: task.keywords.inheriting(from: outer), tags: [],
      guards: [], layers: TaskLayers(), role: nil, play: 0, kind: .gatherFacts)
  }

  /// The last size goes on for the rest, as Ansible's `serial` does.
  static func split(_ hosts: [String], by sizes: [Int]) -> [[String]] {
    guard !sizes.isEmpty, !hosts.isEmpty else { return hosts.isEmpty ? [] : [hosts] }
    var batches: [[String]] = []
    var rest = hosts[...]
    var index = 0
    while !rest.isEmpty {
      let size = max(1, sizes[min(index, sizes.count - 1)])
      batches.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
      index += 1
    }
    return batches
  }
}
