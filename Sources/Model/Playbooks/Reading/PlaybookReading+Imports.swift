internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// `import_tasks` and `import_role`: read now, in the place of the task.
extension PlaybookReading {
  /// What an import stands for.
  func readImport(_ task: TaskDefinition, context: TaskContext) -> [TaskNode] {
    if let loop = task.loop {
      report(
        "`\(task.action.content)` can't have a `\(loop.keyword)`: it is read before the run",
        at: task.range,
        help: "use `\(task.action.content.replacing("import", with: "include"))`")
      return []
    }
    var inside = context
    inside.variables.merge(task.keywords.variables) { $1 }
    inside.notify = task.notify
    inside.delegateTo = task.delegateTo
    inside.delegatesFacts = task.delegatesFacts
    return task.shortAction == "import_tasks"
      ? importTasks(task, context: inside) : importRole(task, context: inside)
  }

  private func importTasks(_ task: TaskDefinition, context: TaskContext) -> [TaskNode] {
    checkArguments(of: task, allowed: ["file"])
    guard let name = fileArgument(of: task) else { return [] }
    guard
      let file = staticText(
        name, context: context, instead: "use `include_tasks`, which is read when it is reached"),
      let nodes = readTaskFile(file, context: context)
    else { return [] }
    var block = Block(nodes, role: context.role, at: task.range)
    block.keywords = task.keywords
    return [.block(block)]
  }

  /// Checks what an include names, which is read when it is reached.
  func checkInclude(_ task: TaskDefinition) {
    if case .template = task.arguments { return }
    if task.shortAction == "include_tasks" {
      checkArguments(of: task, allowed: ["file", "apply"])
      _ = fileArgument(of: task)
    } else {
      checkArguments(of: task, allowed: Self.roleArguments.union(["apply"]))
      checkRoleName(of: task)
    }
    _ = appliedKeywords(of: task)
  }

  /// The role that `import_role` or `include_role` names; nil, and reported, where it names none.
  @discardableResult
  private func checkRoleName(of task: TaskDefinition) -> Expression? {
    if let name = argument("name", of: task) ?? argument("role", of: task) { return name }
    report(
      "`\(task.action.content)` must name a role", at: task.action.range,
      help: "write `name:` with the role's name under it")
    return nil
  }

  /// The file that `import_tasks` or `include_tasks` names.
  private func fileArgument(of task: TaskDefinition) -> Expression? {
    if case .freeForm(let text, _) = task.arguments { return text }
    if let file = argument("file", of: task) { return file }
    report(
      "`\(task.action.content)` must name a file", at: task.action.range,
      help: "write `\(task.action.content): tasks.yml`")
    return nil
  }

  /// The tasks of a file, looked for beside the one that names it; nil, and reported, if not there.
  func readTaskFile(_ name: Located<String>, context: TaskContext) -> [TaskNode]? {
    var places = context.folders.map { FilePath.join($0, name.content) }
    if let role = context.role {
      let inTasks = FilePath.join(role.folder, context.isHandler ? "handlers" : "tasks")
      places.append(FilePath.join(inTasks, name.content))
      places.append(FilePath.join(role.folder, name.content))
    }
    places.append(FilePath.join(FilePath.join(context.playFolder, "tasks"), name.content))
    places.append(FilePath.join(context.playFolder, name.content))
    places = places.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    guard let path = places.first(where: files.isFile) else {
      report(
        "no file of tasks `\(name.content)`", at: name.range,
        help: "looked for \(places.joined(separator: ", "))")
      return nil
    }
    if context.chain.contains(path) {
      report(
        "this file imports itself: \((context.chain + [path]).joined(separator: " → "))",
        at: name.range, help: "take one of the imports out, or use `include_tasks` with a `when`")
      return nil
    }
    guard let document = document(path) else { return nil }
    var inside = context
    inside.chain.append(path)
    let folder = FilePath.folder(of: path)
    inside.folders = [folder] + context.folders.filter { $0 != folder }
    return readTasks(document, "a file of tasks", context: inside)
  }

  private func importRole(_ task: TaskDefinition, context: TaskContext) -> [TaskNode] {
    checkArguments(of: task, allowed: Self.roleArguments)
    guard let nameExpression = checkRoleName(of: task) else { return [] }
    let instead = "use `include_role`, which is read when it is reached"
    guard let name = staticText(nameExpression, context: context, instead: instead) else {
      return []
    }
    var parts = RoleParts()
    for name in Self.partArguments {
      guard let value = argument(name, of: task),
        let text = staticText(value, context: context, instead: instead)
      else { continue }
      parts.set(name, to: text.content)
    }
    let uses = useRole(
      name, parts: parts, terms: RoleTerms(keywords: task.keywords), at: task.range,
      isTask: true, context: context)
    let isPublic = argument("public", of: task).flatMap { boolean($0, "`public`") } ?? true
    if isPublic { importedRoles += uses.map(\.role) } else { privateRoles += uses.map(\.role) }
    importedHandlers += uses.flatMap(\.handlerNodes)
    return uses.blocks
  }

  private static let partArguments = [
    "tasks_from", "vars_from", "defaults_from", "handlers_from",
  ]
  static let roleArguments: Set<String> = [
    "name", "role", "tasks_from", "vars_from", "defaults_from", "handlers_from",
    "allow_duplicates", "public", "rolespec_validate",
  ]

  /// Reports arguments that an include or import doesn't have.
  func checkArguments(of task: TaskDefinition, allowed: Set<String>) {
    guard case .dict(let entries) = task.arguments else { return }
    for entry in entries {
      guard let name = plainText(entry.key), !allowed.contains(name) else { continue }
      report(
        "unknown argument `\(name)` of `\(task.action.content)`", at: entry.key.range,
        help: Suggestion.didYouMean(name, in: allowed.sorted())
          ?? "it takes \(allowed.sorted().joined(separator: ", "))")
    }
  }

  /// What an include gives to the tasks that it brings in: its variables, and `apply:`.
  func appliedKeywords(of task: TaskDefinition) -> Keywords {
    var keywords = Keywords()
    keywords.variables = task.keywords.variables
    guard let apply = argument("apply", of: task),
      let mapping = mapping(apply, "`apply`")
    else { return keywords }
    for entry in mapping.entries {
      if !readShared(entry, into: &keywords, context: TaskContext(folder: task.folder)) {
        reportUnknown(entry, in: .block)
      }
    }
    return keywords
  }
}
