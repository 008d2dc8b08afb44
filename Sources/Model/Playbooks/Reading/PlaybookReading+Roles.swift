internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// Two uses of a role with equal keys are one role, and run once in a play.
struct RoleKey: Hashable {
  var folder: String
  var parts: RoleParts
  /// Parameters, conditions and tags as text.
  var parameters: String
}

extension PlaybookReading {
  /// `roles:` of a play or `dependencies:` of a role.
  func readRoleUses(
    _ expression: Expression, inheriting outer: Keywords = Keywords(), context: TaskContext
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
        name, parts: RoleParts(), keywords: outer, at: item.range, context: context)
    }
  }

  private func readRoleUse(
    _ item: Expression, inheriting outer: Keywords, context: TaskContext
  ) -> [RoleUse] {
    guard let mapping = mapping(item, "a role") else { return [] }
    guard let nameEntry = mapping["role"] ?? mapping["name"] else {
      report(
        "a role must have a `role:` with its name", at: mapping.place, help: "add `role: name`")
      return []
    }
    var keywords = Keywords()
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
        if readShared(entry, into: &keywords, context: context) { continue }
        readParameter(entry, into: &keywords)
      }
    }
    inside.variables.merge(keywords.variables) { $1 }
    guard
      let name = staticText(
        nameEntry.value, context: inside, instead: "use `include_role` among the tasks")
    else { return [] }
    return useRole(
      name, parts: RoleParts(), keywords: keywords.inheriting(from: outer), at: mapping.place,
      context: inside)
  }

  /// A key that is no keyword is a parameter of the role; what people take for keywords isn't.
  private func readParameter(_ entry: Mapping.Entry, into keywords: inout Keywords) {
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
      keywords.variables[entry.key] = entry.value
    }
  }

  /// The role with what it depends on, in the order in which they run.
  func useRole(
    _ name: Located<String>, parts: RoleParts, keywords: Keywords, at range: SourceRange,
    context: TaskContext
  ) -> [RoleUse] {
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
    inside.variables.merge(keywords.variables) { $1 }
    let meta = readMeta(folder)
    var dependencies: [RoleUse] = []
    if let expression = meta?["dependencies"]?.value {
      var around = inside
      around.folders = [folder]
      dependencies = readRoleUses(expression, inheriting: keywords, context: around)
    }
    let key = RoleKey(
      folder: folder, parts: parts, parameters: describe(keywords))
    let role =
      roles[key]
      ?? readRole(
        name, folder, parts, meta: meta, dependencies: dependencies.map(\.role))
    roles[key] = role
    inside.role = role
    let repeated =
      !usedRoles.insert(ObjectIdentifier(role)).inserted && !role.allowsDuplicates
    return dependencies + [
      RoleUse(
        role, keywords: keywords,
        tasks: readPart("tasks", parts.tasks, of: role, at: name.range, context: inside),
        handlers: readPart("handlers", parts.handlers, of: role, at: name.range, context: inside),
        isRepeated: repeated, at: range)
    ]
  }

  private func describe(_ keywords: Keywords) -> String {
    let variables = keywords.variables.map { "\($0.key)=\($0.value.writtenText)" }
    let conditions = keywords.when.map(\.text)
    return (variables.sorted() + ["|"] + conditions + ["|"] + keywords.tags.sorted())
      .joined(separator: "\u{0}")
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
