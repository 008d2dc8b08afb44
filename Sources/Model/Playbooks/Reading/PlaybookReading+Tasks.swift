internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// Lists of tasks, and blocks.
extension PlaybookReading {
  /// A list of tasks and blocks.
  func readTasks(_ expression: Expression, _ what: String, context: TaskContext) -> [TaskNode] {
    let list = items(expression, what, help: "begin each task with `- name:`") ?? []
    return list.flatMap { readNode($0, context: context) }
  }

  /// A task, a block, or what an import stands for; nothing where it is wrong.
  private func readNode(_ expression: Expression, context: TaskContext) -> [TaskNode] {
    let place = context.isHandler ? "a handler" : "a task"
    guard
      let mapping = mapping(expression, place, help: "write `module:` with its arguments under it")
    else { return [] }
    if mapping["block"] != nil { return [.block(readBlock(mapping, context: context))] }
    for key in ["rescue", "always"] {
      if let entry = mapping[key] {
        report(
          "`\(key)` without a `block`", at: entry.keyRange,
          help: "put the tasks that it is for under `block:`")
        return []
      }
    }
    return readTask(mapping, context: context)
  }

  private func readBlock(_ mapping: Mapping, context: TaskContext) -> Block {
    var block = Block([], role: context.role, at: mapping.place)
    var inside = context
    for entry in mapping.entries {
      switch entry.key {
      case "block", "rescue", "always": break
      case "name": block.name = nameText(entry.value)
      case "notify": inside.notify = context.notify + notifications(entry.value)
      case "delegate_to": inside.delegateTo = textExpression(entry.value, "`delegate_to`")
      case "delegate_facts":
        inside.delegatesFacts = booleanExpression(entry.value, "`delegate_facts`")
      default:
        if !readShared(entry, into: &block.keywords, context: context) {
          reportUnknown(entry, in: .block)
        }
      }
    }
    inside.variables.merge(block.keywords.variables) { $1 }
    for entry in mapping.entries {
      switch entry.key {
      case "block": block.tasks = readTasks(entry.value, "`block`", context: inside)
      case "rescue": block.rescue = readTasks(entry.value, "`rescue`", context: inside)
      case "always": block.always = readTasks(entry.value, "`always`", context: inside)
      default: break
      }
    }
    return block
  }

  private func nameText(_ value: Expression) -> String? {
    if case .template(let template) = value {
      check(value)
      return template.text
    }
    return plainText(value)
  }

  /// `notify:`, one name or a list of them.
  func notifications(_ value: Expression) -> [Expression] {
    oneOrMore(value).compactMap { textExpression($0, "`notify`") }
  }

  private func readTask(_ mapping: Mapping, context: TaskContext) -> [TaskNode] {
    let before = diagnostics.count
    let (action, actionKeys) = self.action(in: mapping, context: context)
    var task = TaskDefinition(
      action: action?.name ?? Located("", at: mapping.place), arguments: .none,
      folder: context.folder, at: mapping.place)
    task.role = context.role
    task.notify = context.notify
    task.delegateTo = context.delegateTo
    task.delegatesFacts = context.delegatesFacts
    let isInclude = ["include_tasks", "include_role"].contains(task.shortAction)
    for entry in mapping.entries where !actionKeys.contains(entry.key) {
      if isInclude, !entry.key.hasPrefix("with_"),
        !KeywordPlace.include.keywords.contains(entry.key),
        KeywordPlace.handler.keywords.contains(entry.key)
      {
        report(
          "`\(entry.key)` can't stand beside `\(task.action.content)`", at: entry.keyRange,
          help: "put it under `apply:`, for the tasks that are included")
        continue
      }
      readTaskKeyword(entry, into: &task, context: context)
    }
    if let control = mapping["loop_control"] { readLoopControl(control.value, into: &task) }
    guard let action else { return [] }
    readArguments(action, args: mapping["args"], into: &task)
    if let localAction = mapping["local_action"] {
      task.delegateTo = .literal(.string("localhost"), localAction.keyRange)
    }
    if isInclude { checkInclude(task) }
    if diagnostics.count > before, !task.isImport { return [] }
    return task.isImport ? readImport(task, context: context) : [.task(task)]
  }

  private func readTaskKeyword(
    _ entry: Mapping.Entry, into task: inout TaskDefinition, context: TaskContext
  ) {
    let value = entry.value
    let what = "`\(entry.key)`"
    switch entry.key {
    case "name": task.name = textExpression(value, what)
    case "id": task.id = identifier(value)
    case "needs": task.needs = needs(value)
    case "action", "local_action", "args", "loop_control": break
    case "register": task.register = variableName(value, "the variable to register")
    case "until": task.until = conditions(value, what)
    case "changed_when": task.changedWhen = conditions(value, what)
    case "failed_when": task.failedWhen = conditions(value, what)
    case "retries": task.retries = numberExpression(value, what)
    case "delay": task.delay = numberExpression(value, what)
    case "async": task.asynchronous = numberExpression(value, what)
    case "poll": task.poll = numberExpression(value, what)
    case "notify": task.notify += notifications(value)
    case "listen" where context.isHandler: task.listen = texts(value, what)
    case "delegate_to": task.delegateTo = textExpression(value, what)
    case "delegate_facts": task.delegatesFacts = booleanExpression(value, what)
    case "loop": setLoop("loop", value, at: entry, in: &task)
    default:
      if entry.key.hasPrefix("with_") {
        readLookupLoop(entry, into: &task)
      } else if !readShared(entry, into: &task.keywords, context: context) {
        reportUnknown(entry, in: context.isHandler ? .handler : .task)
      }
    }
  }
}

extension TaskDefinition {
  /// Whether it stands for tasks that are read now.
  var isImport: Bool { ["import_tasks", "import_role"].contains(shortAction) }
}
