import Diagnostics
import OrderedCollections
import Playbooks
import Templates
import Values

/// A playbook as an indented text that tests can show in full.
struct PlaybookTree {
  private(set) var text = ""

  init(_ playbook: Playbook) {
    for play in playbook.plays { add(play) }
  }

  init(_ nodes: [TaskNode]) { add(nodes, 0) }

  private mutating func line(_ depth: Int, _ words: String) {
    text += String(repeating: "  ", count: depth) + words + "\n"
  }

  private mutating func add(_ play: Play) {
    line(0, "play \(play.name ?? "-") on \(play.hosts.shown)" + play.keywords.shown)
    if play.strategy != "linear" { line(1, "strategy \(play.strategy)") }
    if !play.serial.isEmpty { line(1, "serial \(play.serial.map(\.shown))") }
    if let needs = play.needs { line(1, "needs \(needs.map(\.content))") }
    for prompt in play.variablePrompts { line(1, "asks for \(prompt.name)") }
    section("pre_tasks", play.preTasks)
    for use in play.roles {
      var head = "role \(use.role.name)\(use.isRepeated ? " again" : "")"
      if !use.parameters.isEmpty { head += " \(use.parameters.shown)" }
      line(1, head + use.keywords.shown)
      if !use.role.defaults.isEmpty { line(2, "defaults \(use.role.defaults.shown)") }
      if !use.role.variables.isEmpty { line(2, "vars \(use.role.variables.shown)") }
      add(use.tasks, 2)
      if !use.handlers.isEmpty {
        line(2, "handlers")
        add(use.handlers, 3)
      }
    }
    section("tasks", play.tasks)
    section("post_tasks", play.postTasks)
    section("handlers", play.handlers)
  }

  private mutating func section(_ name: String, _ nodes: [TaskNode]) {
    if nodes.isEmpty { return }
    line(1, name)
    add(nodes, 2)
  }

  private mutating func add(_ nodes: [TaskNode], _ depth: Int) {
    for node in nodes {
      switch node {
      case .task(let task): add(task, depth)
      case .block(let block):
        let role = block.role.map { " of \($0.name)" } ?? ""
        line(depth, "block\(role)\(block.isDependency ? " it needs" : "")" + block.keywords.shown)
        add(block.tasks, depth + 1)
        for (name, nodes) in [("rescue", block.rescue), ("always", block.always)]
        where !nodes.isEmpty {
          line(depth, name)
          add(nodes, depth + 1)
        }
      }
    }
  }

  private mutating func add(_ task: TaskDefinition, _ depth: Int) {
    let name = task.name.map { "\($0.shown): " } ?? ""
    line(depth, "\(name)\(task.action.content) \(task.arguments.shown)" + task.keywords.shown)
    var words: [String] = []
    if let loop = task.loop { words.append("\(loop.shown)") }
    if let register = task.register { words.append("register \(register)") }
    for (name, list) in [
      ("until", task.until), ("changed_when", task.changedWhen), ("failed_when", task.failedWhen),
    ] where !list.isEmpty {
      words.append("\(name) \(list.map(\.text))")
    }
    for (name, value) in [
      ("retries", task.retries), ("delay", task.delay), ("async", task.asynchronous),
      ("poll", task.poll), ("delegate_to", task.delegateTo),
      ("delegate_facts", task.delegatesFacts),
    ] {
      if let value { words.append("\(name) \(value.shown)") }
    }
    if !task.notify.isEmpty { words.append("notify \(task.notify.map(\.shown))") }
    if !task.listen.isEmpty { words.append("listen \(task.listen)") }
    for word in words { line(depth + 1, word) }
  }
}

extension Expression {
  /// As written: templates in guillemets.
  var shown: String {
    switch self {
    case .literal(let value, _): value.debugDescription
    case .template(let template): "«\(template.text)»"
    case .list(let items, _): "[" + items.map(\.shown).joined(separator: ", ") + "]"
    case .dict(let entries, _): entries.shown
    }
  }
}

extension [Expression.Entry] {
  var shown: String {
    "{" + map { "\($0.key.shown): \($0.value.shown)" }.joined(separator: ", ") + "}"
  }
}

extension OrderedDictionary<String, Expression> {
  var shown: String { "{" + map { "\($0): \($1.shown)" }.joined(separator: ", ") + "}" }
}

extension TaskArguments {
  var shown: String {
    switch self {
    case .none: "-"
    case .dict(let entries): entries.shown
    case .freeForm(let text, let also): "free \(text.shown) \(also.shown)"
    case .template(let text, let also): "template \(text.shown) \(also.shown)"
    }
  }
}

extension Loop {
  var shown: String {
    var words = "\(kind) over \(items.shown) as \(variable)"
    if let indexVariable { words += " index \(indexVariable)" }
    if let label { words += " label \(label.shown)" }
    if let pause { words += " pause \(pause.shown)" }
    if isExtended { words += " extended" }
    if !holdsAllItems { words += " without all items" }
    if !breakWhen.isEmpty { words += " break_when \(breakWhen.map(\.text))" }
    return words
  }
}

extension Keywords {
  /// What is given, after a bar; empty where nothing is.
  var shown: String {
    var words: [String] = []
    if !variables.isEmpty { words.append("vars \(variables.shown)") }
    if !when.isEmpty { words.append("when \(when.map(\.text))") }
    if !tags.isEmpty { words.append("tags \(tags)") }
    for (name, value) in [
      ("become", become), ("become_user", becomeUser), ("become_method", becomeMethod),
      ("become_flags", becomeFlags), ("become_exe", becomeExecutable),
      ("connection", connection), ("remote_user", remoteUser), ("port", port), ("no_log", noLog),
      ("check_mode", checkMode), ("diff", diff), ("ignore_errors", ignoreErrors),
      ("ignore_unreachable", ignoreUnreachable), ("any_errors_fatal", anyErrorsFatal),
      ("run_once", runOnce), ("throttle", throttle), ("timeout", timeout),
    ] {
      if let value { words.append("\(name) \(value.shown)") }
    }
    if !environment.isEmpty { words.append("environment \(environment.map(\.shown))") }
    if !moduleDefaults.isEmpty { words.append("defaults \(moduleDefaults.map(\.shown))") }
    return words.isEmpty ? "" : " | " + words.joined(separator: ", ")
  }
}
