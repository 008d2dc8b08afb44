internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// Makes expressions of libyaml's events, as Ansible's loader makes data of them.
struct YAMLComposer {
  private let file: SourceFile
  private let events: YAMLEvents
  private let vault: VaultedScalars
  /// What all values carry: those of a vaulted file are secret.
  private let marks: Marks
  /// Whether numbers such as `1e3` are JSON's, which YAML 1.1 takes for text.
  var isJSON = false
  private let text: String
  /// The text's lines; only what blocks hold needs them.
  private lazy var lines = text.split(omittingEmptySubsequences: false) {
    $0 == "\n" || $0 == "\r\n"
  }
  private var anchors: [String: Anchored] = [:]
  private var depth = 0
  private(set) var warnings: [Diagnostic] = []

  private enum Anchored {
    case open
    case done(Expression)
  }

  init(file: SourceFile, text: String, vault: VaultedScalars, marks: Marks) {
    self.file = file
    self.vault = vault
    self.marks = marks
    events = YAMLEvents(text)
    self.text = text
  }

  /// All documents of the text, in order.
  mutating func documents() throws(Diagnostics) -> [Expression] {
    var documents: [Expression] = []
    while true {
      let event = try next()
      switch event.kind {
      case .streamEnd: return documents
      case .documentStart:
        anchors = [:]
        documents.append(try node(from: next(), isUnsafe: false))
      default: continue
      }
    }
  }

  private func next() throws(Diagnostics) -> YAMLEvents.Event {
    do throws(YAMLEvents.Problem) { return try events.next() } catch {
      throw Diagnostics(YAMLProblem(file: file).diagnostic(error))
    }
  }

  private mutating func node(
    from event: YAMLEvents.Event, isUnsafe: Bool
  ) throws(Diagnostics) -> Expression {
    if case .alias(let name) = event.kind { return try alias(name, event) }
    depth += 1
    defer { depth -= 1 }
    // Deeper nesting than anybody writes would exhaust the stack.
    if depth > 200 { throw failure("YAML: nested too deeply", event) }
    if let anchor = event.anchor { anchors[anchor] = .open }
    let isUnsafe = isUnsafe || event.tag == "!unsafe"
    let expression: Expression
    switch event.kind {
    case .scalar(let text, let style):
      expression = try scalar(text, style, event, isUnsafe: isUnsafe)
    case .sequenceStart: expression = try sequence(event, isUnsafe: isUnsafe)
    default: expression = try mapping(event, isUnsafe: isUnsafe)
    }
    if let anchor = event.anchor { anchors[anchor] = .done(expression) }
    return expression
  }

  private func alias(_ name: String, _ event: YAMLEvents.Event) throws(Diagnostics) -> Expression {
    switch anchors[name] {
    case .done(let expression): return expression
    case .open: throw failure("YAML: `*\(name)` stands inside what it refers to", event)
    case nil:
      let known = anchors.keys.sorted()
      let help = Suggestion.didYouMean(name, in: known) ?? "`&\(name)` must stand further up"
      throw failure("YAML: there is no anchor `&\(name)`", event, help: help)
    }
  }

  private mutating func sequence(
    _ start: YAMLEvents.Event, isUnsafe: Bool
  ) throws(Diagnostics) -> Expression {
    try check(start, is: ["seq"])
    var items: [Expression] = []
    while true {
      let event = try next()
      if case .end = event.kind { return .list(items, range(start.start, event.end)) }
      items.append(try node(from: event, isUnsafe: isUnsafe))
    }
  }

  // MARK: Mappings

  private mutating func mapping(
    _ start: YAMLEvents.Event, isUnsafe: Bool
  ) throws(Diagnostics) -> Expression {
    try check(start, is: ["map"])
    var own: OrderedDictionary<Value, Expression.Entry> = [:]
    var merged: [Expression] = []
    while true {
      let keyEvent = try next()
      if case .end = keyEvent.kind {
        return .dict(try merge(merged, own), range(start.start, keyEvent.end))
      }
      if case .scalar("<<", .plain) = keyEvent.kind, keyEvent.tag == nil {
        merged.append(try node(from: next(), isUnsafe: isUnsafe))
        continue
      }
      let key = try self.key(from: keyEvent)
      let value = try node(from: next(), isUnsafe: isUnsafe)
      let name = key.literalValue
      if let first = own[name] { warnDuplicate(key, first: first.key) }
      // Python's dict keeps the place of the first key and takes the value of the last.
      own[name] = Expression.Entry(key: key, value: value)
    }
  }

  private mutating func key(from event: YAMLEvents.Event) throws(Diagnostics) -> Expression {
    let key = try node(from: event, isUnsafe: true)
    guard case .literal = key else {
      throw Diagnostics(YAMLProblem(file: file).compositeKey(at: key.range))
    }
    // Only values are secret: the names of a vaulted file's variables may be shown.
    return .literal(key.literalValue, key.range)
  }

  private mutating func warnDuplicate(_ key: Expression, first: Expression) {
    warnings.append(
      Diagnostic(
        .warning, "the key `\(key.literalValue)` is given twice; the last one counts",
        at: key.range, help: "remove one of them",
        notes: [Located("first given here", at: first.range)]))
  }

  /// Puts the entries of `<<` before a mapping's own, which override them.
  private func merge(
    _ merged: [Expression], _ own: OrderedDictionary<Value, Expression.Entry>
  ) throws(Diagnostics) -> [Expression.Entry] {
    if merged.isEmpty { return Array(own.values) }
    var all: OrderedDictionary<Value, Expression.Entry> = [:]
    for source in merged {
      switch source {
      case .dict(let entries, _): for entry in entries { all[entry.key.literalValue] = entry }
      case .list(let sources, _):
        // Of several, the earlier wins.
        for source in sources.reversed() {
          guard case .dict(let entries, _) = source else { throw notMergeable(source) }
          for entry in entries { all[entry.key.literalValue] = entry }
        }
      default: throw notMergeable(source)
      }
    }
    for (name, entry) in own { all[name] = entry }
    return Array(all.values)
  }

  private func notMergeable(_ source: Expression) -> Diagnostics {
    Diagnostics(
      Diagnostic(
        .error, "YAML: `<<` takes a dictionary or a list of dictionaries", at: source.range,
        help: "write `<<: *name` with an anchor `&name` on a dictionary"))
  }

  // MARK: Scalars

  private mutating func scalar(
    _ text: String, _ style: YAMLEvents.ScalarStyle, _ event: YAMLEvents.Event, isUnsafe: Bool
  ) throws(Diagnostics) -> Expression {
    let range = textRange(event, style)
    if event.tag == "!vault" || event.tag == "!vault-encrypted" {
      return vault.expression(text, at: range)
    }
    do throws(YAMLScalar.Problem) {
      let value = try value(of: text, style, tag: event.tag)
      if let value { return .literal(value.marked(marks), range) }
    } catch {
      throw failure("YAML: " + error.message, event, help: error.help)
    }
    if isUnsafe { return .literal(.string(text).marked(marks), range) }
    return Expression(text: text, at: range, marks: marks)
  }

  /// The value that the tag or the form of a scalar gives it; nil for text.
  private func value(
    of text: String, _ style: YAMLEvents.ScalarStyle, tag: String?
  ) throws(YAMLScalar.Problem) -> Value? {
    guard let tag, tag != "!unsafe" else {
      if style != .plain { return nil }
      if let value = try YAMLScalar.resolve(text) { return value }
      return isJSON ? YAMLScalar.jsonFloat(text) : nil
    }
    return try YAMLScalar.resolve(text, as: tag)
  }

  /// Where the text of a scalar begins: behind a quote, or below the `|` of a block.
  private mutating func textRange(
    _ event: YAMLEvents.Event, _ style: YAMLEvents.ScalarStyle
  ) -> SourceRange {
    switch style {
    case .plain: return range(event.start, event.end)
    case .singleQuoted, .doubleQuoted:
      let start = SourcePosition(line: event.start.line, column: event.start.column + 1)
      let end = SourcePosition(line: event.end.line, column: max(1, event.end.column - 1))
      return range(start, end)
    case .literal, .folded:
      var line = event.start.line + 1
      let last = min(event.end.line, lines.count)
      while line < last, lines[line - 1].allSatisfy(\.isWhitespace) { line += 1 }
      let blanks = line <= lines.count ? lines[line - 1].prefix { $0 == " " }.count : 0
      return range(SourcePosition(line: line, column: blanks + 1), event.end)
    }
  }

  // MARK: Places

  private func check(_ event: YAMLEvents.Event, is allowed: [String]) throws(Diagnostics) {
    guard let tag = event.tag, tag != "!unsafe" else { return }
    let name = tag.replacing(YAMLScalar.tagPrefix, with: "")
    if name != tag, allowed.contains(name) { return }
    throw failure(
      "YAML: the tag `\(YAMLScalar.written(tag))` isn't supported here", event,
      help: "remove the tag")
  }

  private func range(_ start: SourcePosition, _ end: SourcePosition) -> SourceRange {
    SourceRange(file: file, start: start, end: end)
  }

  private func failure(
    _ message: String, _ event: YAMLEvents.Event, help: String? = nil
  ) -> Diagnostics {
    Diagnostics(Diagnostic(.error, message, at: range(event.start, event.end), help: help))
  }
}

extension Expression {
  /// The value of a literal; null for anything else.
  var literalValue: Value {
    if case .literal(let value, _) = self { return value.unmarked() }
    return .null
  }

  /// The expression for text, with marks on whatever it gives.
  init(text: String, at range: SourceRange, marks: Marks) {
    let plain = Expression(text: text, at: range)
    switch plain {
    case _ where marks.isEmpty: self = plain
    case .template:
      var options = TemplateOptions.playbook
      options.marks = marks
      self = .template(Template(text, at: range, options: options))
    default: self = .literal(.string(text).marked(marks), range)
    }
  }
}
