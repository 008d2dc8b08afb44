package import Diagnostics
package import Values

/// Reads playbooks with all that they import, and what they include when that is reached.
package struct PlaybookReader: Sendable {
  package var files: any PlaybookSources
  package var modules: ModuleCatalog
  /// Where roles are looked for beside the playbook's own `roles/`.
  package var rolesPath: [String]
  /// `-e`: known before the run, so names of imported files may use them.
  package var extraVariables: [String: Value]

  package init(
    files: any PlaybookSources, modules: ModuleCatalog, rolesPath: [String] = [],
    extraVariables: [String: Value] = [:]
  ) {
    self.files = files
    self.modules = modules
    self.rolesPath = rolesPath
    self.extraVariables = extraVariables
  }

  /// The playbook in a file; throws everything that is wrong with it at once.
  package func read(_ path: String) throws(Diagnostics) -> Playbook {
    let reading = PlaybookReading(self)
    let plays = reading.readPlaybook(path)
    reading.checkNeeds(of: plays)
    try reading.failIfWrong()
    return Playbook(path: path, plays: plays)
  }

  /// What an `include_tasks` brings in, its file's name evaluated.
  package func includeTasks(
    _ file: String, for task: TaskDefinition, playFolder: String, asHandlers: Bool = false
  ) throws(Diagnostics) -> Inclusion {
    let reading = PlaybookReading(self)
    var context = TaskContext(include: task, playFolder: playFolder)
    context.isHandler = asHandlers
    let keywords = reading.appliedKeywords(of: task)
    let name = Located(file, at: task.action.range)
    let nodes = reading.readTaskFile(name, context: context) ?? []
    try reading.failIfWrong()
    var block = Block(nodes, role: task.role, at: task.range)
    block.keywords = keywords
    return Inclusion(tasks: [.block(block)], importedRoles: reading.importedRoles)
  }

  /// What an `include_role` brings in, its arguments evaluated.
  package func includeRole(
    _ role: String, parts: RoleParts, for task: TaskDefinition, playFolder: String
  ) throws(Diagnostics) -> Inclusion {
    let reading = PlaybookReading(self)
    let context = TaskContext(include: task, playFolder: playFolder)
    let keywords = reading.appliedKeywords(of: task)
    let name = Located(role, at: task.action.range)
    let uses = reading.useRole(
      name, parts: parts, terms: RoleTerms(keywords: keywords), at: task.range, isTask: true,
      context: context)
    try reading.failIfWrong()
    return Inclusion(
      tasks: uses.blocks,
      handlers: uses.flatMap(\.handlerNodes) + reading.importedHandlers,
      role: uses.last?.role, importedRoles: reading.importedRoles)
  }
}

extension [RoleUse] {
  /// The uses as blocks: the last is the role that was asked for, the others it depends on.
  var blocks: [TaskNode] {
    enumerated().map { .block($0.element.block(isDependency: $0.offset < count - 1)) }
  }
}

extension RoleUse {
  /// The use as a block, as `import_role` and `include_role` put it among tasks.
  func block(isDependency: Bool) -> Block {
    var block = Block(tasks, role: role, at: range)
    block.keywords = keywords
    block.parameters = parameters
    block.isDependency = isDependency
    block.dependents = dependents
    return block
  }

  /// The handlers with the use's keywords, but for those that only choose tasks.
  var handlerNodes: [TaskNode] {
    if handlers.isEmpty { return [] }
    var block = Block(handlers, role: role, at: range)
    block.keywords = keywords
    block.parameters = parameters
    block.keywords.when = []
    block.keywords.tags = []
    return [.block(block)]
  }
}
