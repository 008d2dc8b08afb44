internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// Playbooks and plays.
extension PlaybookReading {
  /// A playbook's plays, those of imported playbooks in their places.
  func readPlaybook(_ path: String, at range: SourceRange? = nil) -> [Play] {
    guard files.isFile(path) else {
      report("no playbook `\(path)`", at: range, help: "check the path")
      return []
    }
    return readPlays(path, imported: Keywords(), chain: [path])
  }

  private func readPlays(_ path: String, imported: Keywords, chain: [String]) -> [Play] {
    guard let document = document(path) else { return [] }
    guard case .list(let items, let range) = document else {
      report(
        "a playbook must be a list of plays, not \(kind(of: document))", at: document.range,
        help: "begin each play with `- hosts:`")
      return []
    }
    if items.isEmpty {
      report("this playbook has no plays", at: range, help: "begin one with `- hosts:`")
    }
    var plays: [Play] = []
    for item in items {
      guard let mapping = mapping(item, "a play", help: "begin it with `- hosts:`") else {
        continue
      }
      if let entry = importEntry(of: mapping) {
        plays += readImport(mapping, entry, path: path, imported: imported, chain: chain)
      } else if let play = readPlay(mapping, path: path, imported: imported) {
        plays.append(play)
      }
    }
    return plays
  }

  private func importEntry(of mapping: Mapping) -> Mapping.Entry? {
    mapping.entries.first { ModuleCatalog.shortName($0.key) == "import_playbook" }
  }

  private func readImport(
    _ mapping: Mapping, _ importEntry: Mapping.Entry, path: String, imported: Keywords,
    chain: [String]
  ) -> [Play] {
    var context = TaskContext(folder: FilePath.folder(of: path))
    context.variables = imported.variables
    var keywords = Keywords()
    for entry in mapping.entries where entry.key != importEntry.key && entry.key != "name" {
      if !readShared(entry, into: &keywords, context: context) {
        reportUnknown(entry, in: .playbookImport)
      }
    }
    context.variables = imported.variables.merging(keywords.variables) { $1 }
    guard
      let name = staticText(
        importEntry.value, context: context, instead: "use a plain path, or give the variable by -e"
      )
    else { return [] }
    let file = FilePath.join(context.folder, name.content)
    guard files.isFile(file) else {
      report("no playbook `\(name.content)` to import", at: name.range, help: "looked for \(file)")
      return []
    }
    if chain.contains(file) {
      report(
        "this playbook imports itself: \((chain + [file]).joined(separator: " → "))",
        at: name.range, help: "take one of the imports out")
      return []
    }
    return readPlays(
      file, imported: keywords.inheriting(from: imported), chain: chain + [file])
  }

  /// One play.
  private func readPlay(_ mapping: Mapping, path: String, imported: Keywords) -> Play? {
    let folder = FilePath.folder(of: path)
    let hosts = mapping["hosts"]?.value
    if hosts == nil {
      report(
        "a play must say which `hosts` it is for", at: mapping.place, help: "add `hosts: all`")
    }
    if let hosts { checkHosts(hosts) }
    var play = Play(
      hosts: hosts ?? .literal(.null, mapping.range), folder: folder, at: mapping.place)
    var context = TaskContext(folder: folder)
    context.variables = imported.variables
    context.chain = [path]
    if let entry = mapping["vars"] {
      // Read for the tags, which may use them; what is wrong with them is reported below.
      let before = diagnostics
      context.variables = variables(entry.value, "`vars`").merging(imported.variables) { $1 }
      diagnostics = before
    }
    for entry in mapping.entries where !Self.taskLists.contains(entry.key) {
      readPlayKeyword(entry, into: &play, context: context)
    }
    let own = play.keywords
    play.keywords = own.inheriting(from: imported)
    // The variables of an import win over those of the play that it imports, as in Ansible.
    play.keywords.variables = own.variables.merging(imported.variables) { $1 }
    context.variables = play.keywords.variables
    importedRoles = []
    privateRoles = []
    importedHandlers = []
    usedRoles = []
    for entry in mapping.entries { readTaskLists(entry, into: &play, context: context) }
    play.importedRoles = importedRoles
    play.privateRoles = privateRoles
    play.handlers += importedHandlers
    if let user = mapping["user"], mapping["remote_user"] != nil {
      report(
        "a play can't have both `user` and `remote_user`", at: user.keyRange,
        help: "keep `remote_user`")
    }
    return play
  }

  private static let taskLists: Set<String> = [
    "roles", "pre_tasks", "tasks", "post_tasks", "handlers", "hosts",
  ]

  private func readTaskLists(
    _ entry: Mapping.Entry, into play: inout Play, context: TaskContext
  ) {
    switch entry.key {
    case "roles": play.roles = readRoleUses(entry.value, context: context)
    case "pre_tasks": play.preTasks = readTasks(entry.value, "`pre_tasks`", context: context)
    case "tasks": play.tasks = readTasks(entry.value, "`tasks`", context: context)
    case "post_tasks": play.postTasks = readTasks(entry.value, "`post_tasks`", context: context)
    case "handlers":
      var inside = context
      inside.isHandler = true
      play.handlers = readTasks(entry.value, "`handlers`", context: inside)
    default: break
    }
  }

  private func checkHosts(_ hosts: Expression) {
    check(hosts)
    let isEmpty = oneOrMore(hosts).isEmpty || plainText(hosts)?.trimmingSpaces.isEmpty == true
    if isEmpty { report("`hosts` is empty", at: hosts.range, help: "write `hosts: all`") }
    if case .dict = hosts {
      report(
        "`hosts` must be text or a list, not a dictionary", at: hosts.range,
        help: "write `hosts: all`")
    }
  }

  private func readPlayKeyword(
    _ entry: Mapping.Entry, into play: inout Play, context: TaskContext
  ) {
    let value = entry.value
    let what = "`\(entry.key)`"
    switch entry.key {
    case "name": play.name = playName(value, context: context)
    case "id": play.id = identifier(value)
    case "needs": play.needs = needs(value)
    case "gather_facts": play.gathersFacts = booleanExpression(value, what)
    case "gather_subset":
      play.gatherSubset = texts(value, what).flatMap { $0.split(separator: ",").map(String.init) }
    case "gather_timeout": play.gatherTimeout = numberExpression(value, what)
    case "force_handlers": play.forceHandlers = boolean(value, what) ?? false
    case "max_fail_percentage": play.maxFailPercentage = numberExpression(value, what)
    case "serial": play.serial = oneOrMore(value).compactMap { batchSize($0) }
    case "strategy": play.strategy = strategy(value) ?? "linear"
    case "order": play.order = order(value)
    case "vars_files": play.variableFiles = variableFiles(value, context: context)
    case "vars_prompt": play.variablePrompts = variablePrompts(value)
    case "user": play.keywords.remoteUser = textExpression(value, what)
    case "when": reportUnknown(entry, in: .play)
    default:
      if !readShared(entry, into: &play.keywords, context: context) {
        reportUnknown(entry, in: .play)
      }
    }
  }

  /// The name, evaluated where that is possible before the run.
  private func playName(_ value: Expression, context: TaskContext) -> String? {
    if case .template(let template) = value {
      check(value)
      return evaluated(value, context: context).flatMap(scalarText) ?? template.text
    }
    return text(value, "`name`")
  }
}
