internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

extension PlaybookReading {
  /// `roles:` of a play or `dependencies:` of a role.
  func readRoleUses(
    _ expression: Expression, inheriting outer: RoleTerms = RoleTerms(), context: TaskContext
  ) -> [RoleUse] {
    let list = items(expression, "a list of roles", help: "begin each role with `- role:`") ?? []
    return list.flatMap { item -> [RoleUse] in
      switch item {
      case .dict: return readRoleUse(item, inheriting: outer, context: context)
      case .list, .literal(.null, _):
        report(
          "a role must be text or a dictionary, not \(kind(of: item))", at: item.range,
          help: "write its name")
        return []
      default: break
      }
      guard
        let name = staticText(
          item, context: context, instead: "use `include_role` among the tasks")
      else { return [] }
      return useRole(
        name, parts: RoleParts(), terms: RoleTerms(), inheriting: outer, at: item.range,
        context: context)
    }
  }

  private func readRoleUse(
    _ item: Expression, inheriting outer: RoleTerms, context: TaskContext
  ) -> [RoleUse] {
    guard let mapping = mapping(item, "a role") else { return [] }
    guard let nameEntry = mapping["role"] ?? mapping["name"] else {
      report(
        "a role must have a `role:` with its name", at: mapping.place, help: "add `role: name`")
      return []
    }
    var terms = RoleTerms()
    var inside = context
    for entry in mapping.entries where entry.key != "role" && entry.key != "name" {
      switch entry.key {
      case "delegate_to": inside.delegateTo = textExpression(entry.value, "`delegate_to`")
      case "delegate_facts":
        inside.delegatesFacts = booleanExpression(entry.value, "`delegate_facts`")
      case "src", "scm", "version":
        // What ansible-galaxy fetched the role by.
        break
      default:
        if readShared(entry, into: &terms.keywords, context: context) { continue }
        readParameter(entry, into: &terms)
      }
    }
    inside.variables.merge(terms.variables) { $1 }
    guard
      let name = staticText(
        nameEntry.value, context: inside, instead: "use `include_role` among the tasks")
    else { return [] }
    return useRole(
      name, parts: RoleParts(), terms: terms, inheriting: outer, at: mapping.place,
      context: inside)
  }

  /// A key that is no keyword is a parameter of the role; what people take for keywords isn't.
  private func readParameter(_ entry: Mapping.Entry, into terms: inout RoleTerms) {
    let mistaken: Set<String> = [
      "loop", "loop_control", "register", "notify", "until", "hosts", "gather_facts",
      "vars_files", "tasks", "handlers", "roles", "debugger",
    ]
    if mistaken.contains(entry.key) {
      reportUnknown(entry, in: .roleUse)
      return
    }
    check(entry.value)
    if checkVariableName(entry.key, "the parameter", at: entry.keyRange) {
      terms.parameters[entry.key] = entry.value
    }
  }

  /// The role with what it depends on, in the order in which they run.
  func useRole(
    _ name: Located<String>, parts: RoleParts, terms own: RoleTerms,
    inheriting outer: RoleTerms = RoleTerms(), at range: SourceRange, isTask: Bool = false,
    context: TaskContext
  ) -> [RoleUse] {
    let terms = own.inheriting(from: outer)
    guard let folder = roleFolder(name, context: context) else { return [] }
    var inside = context
    // A role's folder is on the way: once more is a cycle, unless other tasks of it are meant.
    let step = folder + (parts.tasks == "main" ? "" : " (\(parts.tasks))")
    if context.chain.contains(step) {
      let way = (context.chain + [step]).joined(separator: " → ")
      report(
        "the role `\(name.content)` needs itself: \(way)", at: name.range,
        help: "take one of the dependencies out")
      return []
    }
    inside.chain.append(step)
    inside.variables.merge(terms.variables) { $1 }
    let meta = readMeta(folder)
    var dependencies: [RoleUse] = []
    if let expression = meta?["dependencies"]?.value {
      var around = inside
      around.folders = [folder]
      dependencies = readRoleUses(expression, inheriting: terms, context: around)
    }
    let identity = identity(folder, parts, own)
    let role =
      roles[identity]
      ?? readRole(
        name, folder, parts, meta: meta, dependencies: dependencies.map(\.role),
        identity: identity)
    roles[identity] = role
    inside.role = role
    let isRepeated = !isTask && !usedRoles.insert(identity).inserted && !role.allowsDuplicates
    for index in dependencies.indices { dependencies[index].dependents.append(role) }
    return dependencies + [
      RoleUse(
        role, keywords: terms.keywords, parameters: terms.parameters,
        tasks: readPart("tasks", parts.tasks, of: role, at: name.range, context: inside),
        handlers: readPart("handlers", parts.handlers, of: role, at: name.range, context: inside),
        isRepeated: isRepeated, at: range)
    ]
  }

  /// What tells two uses of a role apart: not what they inherit, nor what they become.
  private func identity(_ folder: String, _ parts: RoleParts, _ own: RoleTerms) -> String {
    let variables = own.variables.map { "\($0.key)=\($0.value.writtenText)" }
    let names = [folder, parts.tasks, parts.variables, parts.defaults, parts.handlers]
    return
      (names + variables.sorted() + ["|"] + own.keywords.when.map(\.text) + ["|"]
      + own.keywords.tags.sorted())
      .joined(separator: "\u{0}")
  }
}

/// What an entry of `roles:` or of `dependencies:` says beside the role's name.
struct RoleTerms {
  var keywords = Keywords()
  /// Bare parameters.
  var parameters: OrderedDictionary<String, Expression> = [:]

  /// `vars:` and parameters, which are the stronger.
  var variables: OrderedDictionary<String, Expression> {
    keywords.variables.merging(parameters) { $1 }
  }

  /// These terms as they hold for what depends on `outer`.
  func inheriting(from outer: RoleTerms) -> RoleTerms {
    RoleTerms(
      keywords: keywords.inheriting(from: outer.keywords),
      parameters: outer.parameters.merging(parameters) { $1 })
  }
}

extension Expression {
  /// What was written, in one line, to compare two expressions by.
  var writtenText: String {
    switch self {
    case .literal(let value, _): value.debugDescription
    case .template(let template): template.text
    case .list(let items, _): "[" + items.map(\.writtenText).joined(separator: ",") + "]"
    case .dict(let entries, _):
      "{"
        + entries.map { "\($0.key.writtenText):\($0.value.writtenText)" }.joined(separator: ",")
        + "}"
    }
  }
}
