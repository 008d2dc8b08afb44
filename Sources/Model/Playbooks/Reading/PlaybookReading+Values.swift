internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// What a keyword's value may be.
extension PlaybookReading {
  /// The entries of a dictionary with text keys; nil, and reported, where it is something else.
  func mapping(_ expression: Expression, _ what: String, help: String? = nil) -> Mapping? {
    guard case .dict(let entries, let range) = expression else {
      report(
        "\(what) must be a dictionary, not \(kind(of: expression))", at: expression.range,
        help: help)
      return nil
    }
    var mapping = Mapping(entries: [], range: range)
    for entry in entries {
      if let key = plainText(entry.key) {
        mapping.entries.append(.init(key: key, keyRange: entry.key.range, value: entry.value))
      } else {
        report("a key of \(what) must be text, not \(kind(of: entry.key))", at: entry.key.range)
      }
    }
    return mapping
  }

  /// The items of a list; empty for nothing at all; nil, and reported, where it is something else.
  func items(_ expression: Expression, _ what: String, help: String? = nil) -> [Expression]? {
    switch expression {
    case .list(let items, _): return items
    case .literal(.null, _): return []
    default:
      report(
        "\(what) must be a list, not \(kind(of: expression))", at: expression.range, help: help)
      return nil
    }
  }

  /// A list, or one item that stands for a list of itself.
  func oneOrMore(_ expression: Expression) -> [Expression] {
    switch expression {
    case .list(let items, _): items
    case .literal(.null, _): []
    default: [expression]
    }
  }

  /// Text without templates; nil, and reported, where it is something else.
  func text(_ expression: Expression, _ what: String) -> String? {
    if let text = plainText(expression) { return text }
    if case .template = expression {
      report(
        "\(what) can't be a template: it is read before the run", at: expression.range,
        help: "write plain text")
    } else {
      report(
        "\(what) must be text, not \(kind(of: expression))", at: expression.range,
        help: "write one word or a quoted text")
    }
    return nil
  }

  /// Text that may hold templates; nil, and reported, where it is something else.
  func textExpression(_ expression: Expression, _ what: String) -> Expression? {
    switch expression {
    case .template:
      check(expression)
      return expression
    case .literal(.null, _): return nil
    // A vaulted text is secret, and stays so.
    case .literal(.marked(.string, _), _): return expression
    default:
      return text(expression, what).map { .literal(.string($0), expression.range) }
    }
  }

  /// A boolean as Ansible reads it; nil, and reported, where it is something else.
  func boolean(_ expression: Expression, _ what: String) -> Bool? {
    switch expression {
    case .literal(.bool(let flag), _): return flag
    case .literal(.int(0), _): return false
    case .literal(.int(1), _): return true
    case .literal(.string(let text), _):
      switch text.lowercased() {
      case "yes", "true", "on", "1", "y", "t": return true
      case "no", "false", "off", "0", "n", "f": return false
      default: break
      }
    default: break
    }
    report(
      "\(what) must be true or false, not \(shown(expression))", at: expression.range,
      help: "write `true` or `false`")
    return nil
  }

  /// A boolean, or a template that makes one.
  func booleanExpression(_ expression: Expression, _ what: String) -> Expression? {
    switch expression {
    case .template:
      check(expression)
      return expression
    case .literal(.null, _): return nil
    default: return boolean(expression, what).map { .literal(.bool($0), expression.range) }
    }
  }

  /// A number, or a template that makes one.
  func numberExpression(_ expression: Expression, _ what: String) -> Expression? {
    switch expression {
    case .template:
      check(expression)
      return expression
    case .literal(.null, _): return nil
    case .literal(.int, _), .literal(.float, _): return expression
    case .literal(.string(let text), let range):
      let trimmed = text.trimmingSpaces
      if let number = Int(trimmed) { return .literal(.int(number), range) }
      if let number = Double(trimmed) { return .literal(.float(number), range) }
    default: break
    }
    report(
      "\(what) must be a number, not \(shown(expression))", at: expression.range,
      help: "write a number, or a template that makes one")
    return nil
  }

  /// A list of texts, or one text; templates are refused.
  func texts(_ expression: Expression, _ what: String) -> [String] {
    oneOrMore(expression).compactMap { text($0, what) }
  }

  /// A variable's name; nil, and reported, where it can't be one.
  func variableName(_ expression: Expression, _ what: String) -> String? {
    guard let name = text(expression, what) else { return nil }
    return checkVariableName(name, what, at: expression.range) ? name : nil
  }

  /// Whether a name can be a variable's; reports it where it can't.
  func checkVariableName(_ name: String, _ what: String, at range: SourceRange) -> Bool {
    let isWord = name.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        || $0 == "_"
    }
    let startsWell = name.unicodeScalars.first.map { !("0"..."9").contains($0) } ?? false
    if isWord, startsWell, !Self.reservedNames.contains(name) { return true }
    report(
      "\(what) `\(name)` isn't a variable's name", at: range,
      help: Self.reservedNames.contains(name)
        ? "`\(name)` is a word of the template language"
        : "use letters, digits and underscores, and no digit in front")
    return false
  }

  /// Words of the expression language and of Python that can't name variables.
  private static let reservedNames: Set<String> = [
    "and", "or", "not", "in", "is", "if", "else", "elif", "for", "true", "false", "none", "True",
    "False", "None", "import", "from", "as", "class", "def", "del", "except", "finally", "global",
    "lambda", "pass", "raise", "return", "try", "while", "with", "yield", "assert", "break",
    "continue", "nonlocal", "async", "await",
  ]

  /// `vars:`; null is none. Files may hold names that only `vars['…']` can reach.
  func variables(
    _ expression: Expression, _ what: String, isFile: Bool = false
  ) -> OrderedDictionary<String, Expression> {
    if case .literal(.null, _) = expression { return [:] }
    guard
      let mapping = mapping(expression, what, help: "write `name: value` lines under it")
    else { return [:] }
    var variables: OrderedDictionary<String, Expression> = [:]
    for entry in mapping.entries {
      check(entry.value)
      if isFile || checkVariableName(entry.key, "the variable", at: entry.keyRange) {
        variables[entry.key] = entry.value
      }
    }
    return variables
  }

  /// What an expression is, for people.
  func kind(of expression: Expression) -> String {
    switch expression {
    case .template: "a template"
    case .list: "a list"
    case .dict: "a dictionary"
    case .literal(let value, _):
      switch value {
      case .null: "nothing"
      case .bool: "a boolean"
      case .int, .float: "a number"
      default: "text"
      }
    }
  }

  private func shown(_ expression: Expression) -> String {
    plainText(expression).map { "`\($0)`" } ?? kind(of: expression)
  }

  /// The text of a scalar without templates; nil for everything else.
  func plainText(_ expression: Expression) -> String? {
    guard case .literal(let value, _) = expression else { return nil }
    return scalarText(value)
  }

  /// Text, or a number or boolean as YAML's text.
  func scalarText(_ value: Value) -> String? {
    switch value {
    case .string(let text): text
    case .int(let number): String(number)
    case .float(let number): String(number)
    case .bool(let flag): flag ? "True" : "False"
    default: nil
    }
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmingSpaces: String {
    var slice = self[...]
    while let first = slice.first, first.isWhitespace { slice.removeFirst() }
    while let last = slice.last, last.isWhitespace { slice.removeLast() }
    return String(slice)
  }

  /// Without white space at the end.
  var trimmingSpacesAtEnd: String {
    var slice = self[...]
    while let last = slice.last, last.isWhitespace { slice.removeLast() }
    return String(slice)
  }
}
