internal import Diagnostics
internal import Templates
internal import Values

/// What a task gives to its module.
extension PlaybookReading {
  /// Reads the action's value and `args:` into the task's arguments.
  func readArguments(_ action: ActionUse, args: Mapping.Entry?, into task: inout TaskDefinition) {
    check(action.value)
    let name = action.name.content
    switch action.value {
    case .literal(.null, _): task.arguments = .none
    case .dict(let entries, _): task.arguments = .dict(entries)
    case .list(_, let range):
      report(
        "the arguments of `\(name)` must be a dictionary, not a list", at: range,
        help: "write its arguments as `key: value` lines under it")
    case .template(let template) where isSole(template) && !modules.takesText(name):
      task.arguments = .template(action.value, also: [])
    case .template, .literal: task.arguments = textArguments(action)
    }
    if let args { addArgs(args, to: &task) }
    checkVariables(of: task)
  }

  private func isSole(_ template: Template) -> Bool {
    let text = template.text.trimmingSpaces
    return text.hasPrefix("{{") && text.hasSuffix("}}")
      && !text.dropFirst(2).dropLast(2).contains("}}")
  }

  /// `module: text`: options as `key=value`, and bare text where the module takes it.
  private func textArguments(_ action: ActionUse) -> TaskArguments {
    guard let text = sourceText(action.value) else {
      report(
        "the arguments of `\(action.name.content)` must be a dictionary, not "
          + kind(of: action.value), at: action.value.range,
        help: "write its arguments as `key: value` lines under it")
      return .none
    }
    let range = action.value.range
    let name = action.name.content
    let isCommandLine = ModuleCatalog.commandLines.contains(ModuleCatalog.shortName(name))
    let words = KeyValueText(text) {
      !isCommandLine || ModuleCatalog.commandLineOptions.contains($0)
    }
    let entries = words.pairs.map { pair in
      Expression.Entry(
        key: .literal(.string(pair.key), range), value: Expression(text: pair.value, at: range))
    }
    if words.rest.trimmingSpaces.isEmpty { return entries.isEmpty ? .none : .dict(entries) }
    guard modules.takesText(name) else {
      report(
        "`\(name)` takes no bare text: `\(words.rest.trimmingSpaces)`", at: range,
        help: "write its arguments as `key: value` lines under it")
      return .none
    }
    let rest = words.rest == text ? action.value : Expression(text: words.rest, at: range)
    return .freeForm(rest, also: entries)
  }

  private func addArgs(_ args: Mapping.Entry, to task: inout TaskDefinition) {
    check(args.value)
    switch (args.value, task.arguments) {
    case (.literal(.null, _), _): break
    case (.dict(let entries, _), .none): task.arguments = .dict(entries)
    case (.dict(let entries, _), .dict(let own)):
      // The module's own win over `args:`, as in Ansible.
      task.arguments = .dict(entries.filter { !holds(own, $0.key) } + own)
    case (.dict(let entries, _), .freeForm(let text, let own)):
      task.arguments = .freeForm(text, also: entries.filter { !holds(own, $0.key) } + own)
    case (.dict(let entries, _), .template(let text, let own)):
      task.arguments = .template(text, also: own + entries)
    case (.template, .none): task.arguments = .template(args.value, also: [])
    case (.template, .dict(let own)): task.arguments = .template(args.value, also: own)
    case (.template, _):
      report(
        "`args` can't be a template beside bare text", at: args.value.range,
        help: "write its keys out")
    default:
      report(
        "`args` must be a dictionary, not \(kind(of: args.value))", at: args.value.range,
        help: "write `key: value` lines under it")
    }
  }

  private func holds(_ entries: [Expression.Entry], _ key: Expression) -> Bool {
    entries.contains { plainText($0.key) == plainText(key) }
  }

  /// `set_fact` defines variables: their names are checked where they are plain.
  private func checkVariables(of task: TaskDefinition) {
    guard task.shortAction == "set_fact", case .dict(let entries) = task.arguments else { return }
    for entry in entries {
      guard let name = plainText(entry.key), name != "cacheable", !name.contains("{{")
      else { continue }
      _ = checkVariableName(name, "the variable", at: entry.key.range)
    }
  }

  /// An argument as written; nil where the task doesn't give it.
  func argument(_ name: String, of task: TaskDefinition) -> Expression? {
    let entries: [Expression.Entry]
    switch task.arguments {
    case .none: return nil
    case .dict(let own): entries = own
    case .freeForm(_, let own), .template(_, let own): entries = own
    }
    return entries.first { plainText($0.key) == name }?.value
  }
}
