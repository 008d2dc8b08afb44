internal import Diagnostics

/// A place of a playbook that has keywords of its own.
enum KeywordPlace: String, CaseIterable {
  case play, block, task, handler
  case roleUse = "role"
  case playbookImport = "import_playbook"
  /// `include_tasks` and `include_role`: what they include may have more.
  case include
  case loopControl = "loop_control"

  /// With its article, for diagnostics.
  var title: String {
    switch self {
    case .play: "a play"
    case .block: "a block"
    case .task: "a task"
    case .handler: "a handler"
    case .roleUse: "a role"
    case .playbookImport: "`import_playbook`"
    case .include: "an include"
    case .loopControl: "`loop_control`"
    }
  }

  /// Every keyword that may stand here.
  var keywords: Set<String> {
    switch self {
    case .play: Self.base.subtracting(["when"]).union(Self.ofPlays)
    case .block: Self.base.union(["block", "rescue", "always", "notify"]).union(Self.delegation)
    case .task: Self.base.union(Self.ofTasks).union(Self.delegation)
    case .handler: Self.base.union(Self.ofTasks).union(Self.delegation).union(["listen"])
    case .roleUse: Self.base.union(["role"]).union(Self.delegation)
    case .playbookImport: Self.base.union(["import_playbook"])
    case .include: Self.ofIncludes
    case .loopControl:
      [
        "loop_var", "index_var", "label", "pause", "extended", "extended_allitems", "break_when",
      ]
    }
  }

  private static let base: Set<String> = [
    "name", "connection", "port", "remote_user", "vars", "module_defaults", "environment",
    "no_log", "run_once", "ignore_errors", "ignore_unreachable", "check_mode", "diff",
    "any_errors_fatal", "throttle", "timeout", "become", "become_user", "become_method",
    "become_flags", "become_exe", "tags", "collections", "when",
  ]
  private static let delegation: Set<String> = ["delegate_to", "delegate_facts"]
  private static let ofPlays: Set<String> = [
    "hosts", "gather_facts", "gather_subset", "gather_timeout", "vars_files", "vars_prompt",
    "roles", "pre_tasks", "tasks", "post_tasks", "handlers", "force_handlers",
    "max_fail_percentage", "serial", "strategy", "order", "id", "needs",
  ]
  private static let ofTasks: Set<String> = [
    "action", "local_action", "args", "async", "poll", "changed_when", "failed_when", "delay",
    "retries", "until", "loop", "loop_control", "notify", "register", "id", "needs",
  ]
  private static let ofIncludes: Set<String> = [
    "action", "args", "collections", "ignore_errors", "loop", "loop_control", "name", "no_log",
    "register", "run_once", "tags", "timeout", "vars", "when", "notify", "listen", "id", "needs",
  ]

  /// Keywords of Ansible that aren't supported: refused by name, with the reason.
  static let refused: [String: String] = [
    "debugger": "there is no task debugger",
    "fact_path": "local facts are read from /etc/ansible/facts.d only",
    "validate_argspec": "argument specifications aren't enforced",
  ]
}

extension PlaybookReading {
  /// Reports a key that has no meaning where it stands.
  func reportUnknown(_ entry: Mapping.Entry, in place: KeywordPlace) {
    if let reason = KeywordPlace.refused[entry.key] {
      report(
        "the keyword `\(entry.key)` isn't supported: \(reason)", at: entry.keyRange,
        help: "take it out")
      return
    }
    let elsewhere = KeywordPlace.allCases.filter {
      $0 != .include && $0.keywords.contains(entry.key)
    }
    if !elsewhere.isEmpty {
      report(
        "`\(entry.key)` can't stand in \(place.title)", at: entry.keyRange,
        help: "it is a keyword of \(elsewhere.map(\.title).joined(separator: ", "))")
      return
    }
    report(
      "unknown keyword `\(entry.key)` of \(place.title)", at: entry.keyRange,
      help: Suggestion.didYouMean(entry.key, in: place.keywords.sorted()))
  }
}
