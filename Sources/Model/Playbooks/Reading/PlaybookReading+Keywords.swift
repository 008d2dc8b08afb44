internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// The keywords that plays, roles, blocks and tasks share.
extension PlaybookReading {
  /// Reads an entry that any place may have; false where it isn't such a one.
  func readShared(
    _ entry: Mapping.Entry, into keywords: inout Keywords, context: TaskContext
  ) -> Bool {
    let value = entry.value
    let what = "`\(entry.key)`"
    switch entry.key {
    case "vars": keywords.variables.merge(variables(value, what)) { $1 }
    case "when": keywords.when += conditions(value, what)
    case "tags": keywords.tags += tags(value, context: context)
    case "environment": keywords.environment += dictionaries(value, what)
    case "module_defaults": keywords.moduleDefaults += dictionaries(value, what)
    case "collections": break
    default: return readScalar(entry, what, into: &keywords)
    }
    return true
  }

  private func readScalar(
    _ entry: Mapping.Entry, _ what: String, into keywords: inout Keywords
  ) -> Bool {
    let value = entry.value
    switch entry.key {
    case "become": keywords.become = booleanExpression(value, what)
    case "become_user": keywords.becomeUser = textExpression(value, what)
    case "become_method": keywords.becomeMethod = textExpression(value, what)
    case "become_flags": keywords.becomeFlags = textExpression(value, what)
    case "become_exe": keywords.becomeExecutable = textExpression(value, what)
    case "connection": keywords.connection = textExpression(value, what)
    case "remote_user": keywords.remoteUser = textExpression(value, what)
    case "port": keywords.port = numberExpression(value, what)
    case "no_log": keywords.noLog = booleanExpression(value, what)
    case "check_mode": keywords.checkMode = booleanExpression(value, what)
    case "diff": keywords.diff = booleanExpression(value, what)
    case "ignore_errors": keywords.ignoreErrors = booleanExpression(value, what)
    case "ignore_unreachable": keywords.ignoreUnreachable = booleanExpression(value, what)
    case "any_errors_fatal": keywords.anyErrorsFatal = booleanExpression(value, what)
    case "run_once": keywords.runOnce = booleanExpression(value, what)
    case "throttle": keywords.throttle = numberExpression(value, what)
    case "timeout": keywords.timeout = numberExpression(value, what)
    default: return false
    }
    return true
  }

  /// `when:` and its kin: a condition or a list of them.
  func conditions(_ expression: Expression, _ what: String) -> [Condition] {
    oneOrMore(expression).compactMap { condition($0, what) }
  }

  private func condition(_ expression: Expression, _ what: String) -> Condition? {
    let range = expression.range
    switch expression {
    case .literal(.string(let text), _) where text.trimmingSpaces.isEmpty:
      report("\(what) is empty", at: range, help: "write an expression, or take it out")
      return nil
    case .literal(.string(let text), _):
      let template = Template(text, at: range, options: .condition)
      check(.template(template))
      return Condition(text: text, expression: .template(template), at: range)
    case .literal(.null, _): return nil
    case .literal(.bool, _):
      return Condition(text: plainText(expression) ?? "", expression: expression, at: range)
    case .template(let template): return bracedCondition(template, what)
    default:
      report(
        "\(what) must be a condition, not \(kind(of: expression))", at: range,
        help: "write an expression such as `a == b`, or a list of them")
      return nil
    }
  }

  /// A condition in `{{ }}` is taken as it is meant; braces inside of one would hide a mistake.
  private func bracedCondition(_ template: Template, _ what: String) -> Condition? {
    let text = template.text.trimmingSpaces
    let isSole =
      text.hasPrefix("{{") && text.hasSuffix("}}") && text.count >= 4
      && !text.dropFirst(2).dropLast(2).contains("{{")
      && !text.dropFirst(2).dropLast(2).contains("}}")
    guard isSole else {
      report(
        "\(what) is an expression already, and can't hold `{{ }}`", at: template.range,
        help: "write the variables without braces: `\(what.filter { $0 != "`" }): a == b`")
      return nil
    }
    check(.template(template))
    return Condition(text: text, expression: .template(template), at: template.range)
  }

  /// `tags:`: texts or a list of them, each possibly with commas.
  func tags(_ expression: Expression, context: TaskContext) -> [String] {
    var tags: [String] = []
    for item in oneOrMore(expression) {
      var texts: [String] = []
      if case .template = item, case .list(let items)? = evaluated(item, context: context) {
        texts = items.compactMap(scalarText)
      } else if let text = staticText(
        item, context: context, instead: "tags choose tasks before the run: use plain text")
      {
        texts = text.content.split(separator: ",").map(String.init)
      }
      for name in texts.map(\.trimmingSpaces) where !name.isEmpty && !tags.contains(name) {
        tags.append(name)
      }
    }
    return tags
  }

  /// A dictionary, a template that makes one, or a list of these.
  private func dictionaries(_ expression: Expression, _ what: String) -> [Expression] {
    oneOrMore(expression).compactMap { item in
      check(item)
      switch item {
      case .dict, .template: return item
      case .literal(.null, _): return nil
      default:
        report(
          "\(what) must be a dictionary, not \(kind(of: item))", at: item.range,
          help: "write `name: value` lines under it")
        return nil
      }
    }
  }
}
