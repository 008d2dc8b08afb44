internal import Diagnostics
internal import OrderedCollections
internal import Playbooks
internal import Templates
internal import Values

/// Makes a play's sections one list of task instances and flush points.
struct PlayExpansion {
  let play: Play
  let index: Int
  let selection: TagSelection
  let facts: FactGathering
  /// The order's head: included tasks come behind the task that includes them.
  var prefix: [Int]
  var next = 0
  var items: [PlayItem] = []
  var handlers: [HandlerDefinition] = []
  /// Blocks are numbered through the run.
  var blocks: BlockCounter

  /// What a nested node inherits.
  struct Inherited {
    var keywords: Keywords
    var layers: TaskLayers
    var guards: [BlockGuard]
    var role: Role?
    var passes: [RolePass] = []
    var parents: [Role] = []
    var dependents: [Role] = []
  }

  mutating func expandAll() {
    let top = Inherited(
      keywords: play.keywords.withoutVariables, layers: TaskLayers(), guards: [], role: nil)
    if let gather = facts.task(for: play) {
      append(gather, under: top, kind: .gatherFacts)
    }
    expand(play.preTasks, under: top)
    if !play.preTasks.isEmpty { flush() }
    for use in play.roles { expand(use, under: top) }
    expand(play.tasks, under: top)
    flush()
    expand(play.postTasks, under: top)
    if !play.postTasks.isEmpty { flush() }
    collect(handlers: play.handlers, under: top)
  }

  mutating func expand(_ use: RoleUse, under outer: Inherited) {
    var inner = outer
    inner.keywords = use.keywords.withoutVariables.inheriting(from: outer.keywords)
    // Stronger than the role's own variables, weaker than its blocks'.
    inner.layers.block.merge(use.keywords.variables) { $1 }
    inner.layers.roleParameters.merge(use.parameters) { $1 }
    inner.role = use.role
    inner.dependents = use.dependents
    inner.passes.append(pass(of: use.role, isSkippable: true))
    expand(use.tasks, under: inner)
    collect(handlers: use.handlers, under: inner)
  }

  mutating func expand(_ nodes: [TaskNode], under outer: Inherited) {
    for node in nodes {
      switch node {
      case .task(let task): append(task, under: outer, kind: .task)
      case .block(let block): expand(block, under: outer)
      }
    }
  }

  private mutating func expand(_ block: Block, under outer: Inherited) {
    var inner = outer
    inner.keywords = block.keywords.withoutVariables.inheriting(from: outer.keywords)
    inner.layers.block.merge(block.keywords.variables) { $1 }
    inner.layers.roleParameters.merge(block.parameters) { $1 }
    if let role = block.role {
      inner.role = role
      if !block.isDependency, role !== outer.role { inner.parents = outer.parentsOfInner }
      inner.dependents = block.dependents
      inner.passes.append(pass(of: role, isSkippable: block.isDependency))
    }
    let number = blocks.next()
    let hasRescue = !block.rescue.isEmpty
    if block.rescue.isEmpty, block.always.isEmpty {
      expand(block.tasks, under: inner)
      return
    }
    for (section, nodes) in [
      (BlockGuard.Section.main, block.tasks), (.rescue, block.rescue), (.always, block.always),
    ] {
      var part = inner
      part.guards.append(BlockGuard(block: number, section: section, hasRescue: hasRescue))
      expand(nodes, under: part)
    }
  }

  private mutating func append(
    _ task: TaskDefinition, under outer: Inherited, kind: TaskInstance.Kind
  ) {
    let keywords = task.keywords.withoutVariables.inheriting(from: outer.keywords)
    if task.action.content.hasSuffix("meta"), task.metaAction == "flush_handlers" {
      if selection.includes(keywords.tags) || keywords.tags.isEmpty { flush() }
      return
    }
    guard selection.includes(keywords.tags) else { return }
    var layers = outer.layers
    layers.task = task.keywords.variables
    items.append(
      .task(
        TaskInstance(
          order: nextOrder(), definition: task, keywords: keywords, tags: keywords.tags,
          guards: outer.guards, layers: layers, role: task.role ?? outer.role, play: index,
          kind: kind, passes: outer.passes, parentRoles: outer.parents,
          dependentRoles: outer.dependents)))
  }

  private func pass(of role: Role, isSkippable: Bool) -> RolePass {
    RolePass(
      identity: role.identity, number: blocks.next(),
      isSkippable: isSkippable && !role.allowsDuplicates)
  }

  /// Adds a list of handlers.
  mutating func collect(handlers nodes: [TaskNode], under outer: Inherited) {
    collect(nodes, under: outer, list: blocks.next())
  }

  private mutating func collect(_ nodes: [TaskNode], under outer: Inherited, list: Int) {
    for node in nodes {
      switch node {
      case .task(let task):
        let keywords = task.keywords.withoutVariables.inheriting(from: outer.keywords)
        var layers = outer.layers
        layers.task = task.keywords.variables
        handlers.append(
          HandlerDefinition(
            definition: task, keywords: keywords, tags: keywords.tags, layers: layers,
            role: task.role ?? outer.role, list: list))
      case .block(let block):
        var inner = outer
        inner.keywords = block.keywords.withoutVariables.inheriting(from: outer.keywords)
        inner.layers.block.merge(block.keywords.variables) { $1 }
        inner.layers.roleParameters.merge(block.parameters) { $1 }
        collect(block.tasks, under: inner, list: list)
      }
    }
  }

  private mutating func flush() { items.append(.flush(order: nextOrder())) }

  private mutating func nextOrder() -> [Int] {
    next += 1
    return prefix + [next]
  }
}

extension Keywords {
  /// The same without variables, which have levels of their own.
  var withoutVariables: Keywords {
    var keywords = self
    keywords.variables = [:]
    return keywords
  }
}

extension TaskDefinition {
  /// What a `meta` task does.
  package var metaAction: String? {
    switch arguments {
    case .freeForm(let text, _), .template(let text, _): text.literalString
    case .dict(let entries):
      entries.first { $0.key.literalString == "free_form" }?.value.literalString
    case .none: nil
    }
  }

  /// Whether it brings in tasks when it is reached.
  package var isInclude: Bool {
    switch action.content {
    case "include_tasks", "include_role", "ansible.builtin.include_tasks",
      "ansible.builtin.include_role":
      true
    default: false
    }
  }
}

extension PlayExpansion.Inherited {
  /// The roles around one that is included or imported here, the nearest first.
  var parentsOfInner: [Role] { (role.map { [$0] } ?? []) + parents }
}
