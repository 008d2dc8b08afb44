internal import Diagnostics
internal import Templates
internal import Values

/// The module that a task names, with what it is given.
struct ActionUse {
  /// The task's key: the module's name, `action` or `local_action`.
  var key: String
  var name: Located<String>
  var value: Expression
}

extension PlaybookReading {
  /// The one action of a task. Where there is none or several it is reported, and `found` is nil;
  /// `keys` are those of the task that are no keywords, or reported already.
  func action(
    in mapping: Mapping, context: TaskContext
  ) -> (found: ActionUse?, keys: Set<String>) {
    let place: KeywordPlace = context.isHandler ? .handler : .task
    let keywords = place.keywords
    let others = mapping.entries.filter { entry in
      (!keywords.contains(entry.key) && !entry.key.hasPrefix("with_")
        && KeywordPlace.refused[entry.key] == nil)
        || entry.key == "action" || entry.key == "local_action"
    }
    let known = others.filter {
      modules.knows($0.key) || $0.key == "action" || $0.key == "local_action"
    }
    if known.count > 1 {
      report(
        "conflicting actions: `\(known[0].key)` and `\(known[1].key)`", at: known[1].keyRange,
        help: "make two tasks of it")
      return (nil, Set(known.map(\.key)))
    }
    if let entry = known.first { return (actionUse(entry), [entry.key]) }
    return (nil, reportMissingAction(mapping, others: others, place: place))
  }

  private func actionUse(_ entry: Mapping.Entry) -> ActionUse? {
    guard entry.key == "action" || entry.key == "local_action" else {
      return ActionUse(
        key: entry.key, name: Located(entry.key, at: entry.keyRange), value: entry.value)
    }
    let range = entry.value.range
    if case .dict(let entries, _) = entry.value {
      guard
        let module = entries.first(where: { plainText($0.key) == "module" }),
        let name = text(module.value, "`module`")
      else {
        report(
          "`\(entry.key)` must name its `module`", at: range, help: "add `module: name` to it")
        return nil
      }
      let rest = entries.filter { plainText($0.key) != "module" }
      return checked(
        ActionUse(
          key: entry.key, name: Located(name, at: module.value.range), value: .dict(rest, range)))
    }
    guard let text = sourceText(entry.value)?.trimmingSpaces, !text.isEmpty else {
      report(
        "`\(entry.key)` must name a module", at: range, help: "write `action: command ls`")
      return nil
    }
    let name = text.prefix { !$0.isWhitespace }
    let rest = text.dropFirst(name.count).trimmingSpaces
    return checked(
      ActionUse(
        key: entry.key, name: Located(String(name), at: range),
        value: rest.isEmpty ? .literal(.null, range) : Expression(text: rest, at: range)))
  }

  private func checked(_ action: ActionUse) -> ActionUse? {
    if modules.knows(action.name.content) { return action }
    reportUnknownModule(action.name)
    return nil
  }

  /// Says that a task has no action: most often the module's name is mistyped; returns its key.
  private func reportMissingAction(
    _ mapping: Mapping, others: [Mapping.Entry], place: KeywordPlace
  ) -> Set<String> {
    // What is a slip of a keyword is reported as one, with the task's other keys.
    let keywords = place.keywords.sorted()
    let modules = others.filter { entry in
      moduleSuggestion(entry.key) != nil
        || Suggestion.closest(to: entry.key, in: keywords) == nil
    }
    if let entry = modules.first ?? others.first {
      if KeywordPlace.play.keywords.union(KeywordPlace.block.keywords).contains(entry.key) {
        reportUnknown(entry, in: place)
        return [entry.key]
      }
      reportUnknownModule(Located(entry.key, at: entry.keyRange))
      return [entry.key]
    }
    report(
      "this task names no module", at: mapping.place,
      help: "add one: `command: …`, `copy:`, `include_tasks: …`")
    return []
  }

  /// The module that was probably meant; collections' names don't count.
  private func moduleSuggestion(_ name: String) -> String? {
    func last(_ name: String) -> String {
      name.split(separator: ".").last.map(String.init) ?? name
    }
    let candidates = modules.names.map(last) + ModuleCatalog.structural.sorted()
    return Suggestion.closest(to: last(name), in: candidates)
  }

  private func reportUnknownModule(_ name: Located<String>) {
    if ModuleCatalog.shortName(name.content) == "include" {
      report(
        "`include` isn't supported", at: name.range,
        help: "use `include_tasks`, `import_tasks` or `import_playbook`")
      return
    }
    let suggestion = moduleSuggestion(name.content).map { "did you mean `\($0)`?" }
    report(
      "unknown module `\(name.content)`", at: name.range,
      help: suggestion ?? "`orchestrate doc` lists the modules there are")
  }

  /// The text of a scalar, templates as written.
  func sourceText(_ expression: Expression) -> String? {
    if case .template(let template) = expression { return template.text }
    return plainText(expression)
  }
}
