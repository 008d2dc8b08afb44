internal import Diagnostics
internal import Templates
internal import Values

/// `loop:`, `with_X:` and `loop_control:`.
extension PlaybookReading {
  /// Lookups that `with_X` may name.
  private static let loopLookups: Set<String> = [
    "items", "list", "flattened", "indexed_items", "dict", "sequence", "nested", "cartesian",
    "together", "subelements", "random_choice", "first_found", "file", "fileglob", "filetree",
    "lines", "inventory_hostnames", "template", "pipe", "env", "vars", "varnames", "password",
    "csvfile", "ini", "url", "unvault", "config",
  ]

  func setLoop(
    _ kind: String, _ value: Expression, at entry: Mapping.Entry, in task: inout TaskDefinition
  ) {
    check(value)
    if let loop = task.loop {
      report(
        "a task can't have both `\(loop.keyword)` and `\(entry.key)`", at: entry.keyRange,
        help: "keep one of them")
      return
    }
    if kind == "loop" {
      switch value {
      case .list, .template: break
      default:
        report(
          "`loop` must be a list, not \(self.kind(of: value))", at: value.range,
          help: "write `[…]`, or a template that makes a list")
        return
      }
    }
    task.loop = Loop(kind, over: value)
  }

  func readLookupLoop(_ entry: Mapping.Entry, into task: inout TaskDefinition) {
    let name = ModuleCatalog.shortName(String(entry.key.dropFirst("with_".count)))
    guard Self.loopLookups.contains(name) else {
      report(
        "unknown lookup `\(name)` in `\(entry.key)`", at: entry.keyRange,
        help: Suggestion.didYouMean(
          entry.key, in: Self.loopLookups.sorted().map { "with_" + $0 }))
      return
    }
    setLoop(name, entry.value, at: entry, in: &task)
  }

  func readLoopControl(_ value: Expression, into task: inout TaskDefinition) {
    guard let mapping = mapping(value, "`loop_control`") else { return }
    var loop = task.loop ?? Loop("loop", over: value)
    for entry in mapping.entries {
      let what = "`\(entry.key)`"
      switch entry.key {
      case "loop_var":
        loop.variable = variableName(entry.value, "the loop's variable") ?? loop.variable
      case "index_var": loop.indexVariable = variableName(entry.value, "the index's variable")
      case "label":
        check(entry.value)
        loop.label = entry.value
      case "pause": loop.pause = numberExpression(entry.value, what)
      case "extended": loop.isExtended = boolean(entry.value, what) ?? false
      case "extended_allitems": loop.holdsAllItems = boolean(entry.value, what) ?? true
      case "break_when": loop.breakWhen = conditions(entry.value, what)
      default: reportUnknown(entry, in: .loopControl)
      }
    }
    if task.loop != nil { task.loop = loop }
  }
}

extension Loop {
  /// The keyword that makes it.
  var keyword: String { kind == "loop" ? "loop" : "with_" + kind }
}
