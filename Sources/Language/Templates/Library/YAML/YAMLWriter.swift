internal import OrderedCollections
package import Values

/// Writes YAML as libyaml does for PyYAML's `dump`, with its line breaks and its quotes.
package struct YAMLWriter {
  /// Which collections stand in brackets.
  enum Flow {
    case never
    /// Those that hold no other.
    case leaves
    case always
  }

  var step = 2
  var width = 80
  var sortsKeys = true
  var flow = Flow.never
  /// A style for all scalars: a quote, `|` or `>`; nil for the quotes that each needs.
  var scalarStyle: Character?
  /// Whether every node has its tag and a line, as the YAML specification's canonical form.
  var isCanonical = false
  var isASCII = false

  private var text = ""
  private(set) var column = 0
  /// The margin of the collection that is being written; -1 outside of all.
  private var indent = -1
  private(set) var flowLevel = 0
  /// Whether the last thing written was white space, or what belongs to a margin.
  var endsInSpace = true
  var isInMargin = true
  /// Whether the last thing written was text whose last line breaks count.
  var isOpenEnded = false

  /// Whether `{"__ansible_vault": text}` is written as `!vault` text.
  package var writesVaults = false

  package init() {}

  /// The document, ended by a newline.
  package func text(
    _ value: Value, explicitStart: Bool = false, explicitEnd: Bool = false
  ) -> String {
    var writer = self
    return writer.document(value, explicitStart: explicitStart, explicitEnd: explicitEnd)
  }

  private mutating func document(
    _ value: Value, explicitStart: Bool, explicitEnd: Bool
  ) -> String {
    if explicitStart || isCanonical { indicator("---", needsSpace: true) }
    if isCanonical { margin() }
    node(value, Context())
    if column > 0 || text.isEmpty { lineBreak() }
    return explicitEnd || isOpenEnded ? text + "...\n" : text
  }

  /// Where a node stands.
  private struct Context {
    var isInMapping = false
    var isSimpleKey = false
  }

  private mutating func node(_ value: Value, _ context: Context) {
    switch value {
    case .list(let items), .tuple(let items):
      isFlow(value) ? flowList(items) : blockList(items, inMapping: context.isInMapping)
    case .dict(let dict) where writesVaults && dict.keys.elementsEqual(["__ansible_vault"]):
      vault(PythonText.str(dict.values[0]))
    case .dict(let dict): isFlow(value) ? flowDict(sorted(dict)) : blockDict(sorted(dict))
    default: scalar(value, isKey: context.isSimpleKey)
    }
  }

  private func isFlow(_ value: Value) -> Bool {
    if flowLevel > 0 || isCanonical { return true }
    switch (flow, value) {
    case (_, .list(let items)) where items.isEmpty, (_, .tuple(let items)) where items.isEmpty:
      return true
    case (_, .dict(let dict)) where dict.isEmpty: return true
    case (.always, _): return true
    case (.never, _): return false
    case (.leaves, .list(let items)), (.leaves, .tuple(let items)):
      return scalarStyle == nil && !items.contains(where: Self.isCollection)
    case (.leaves, .dict(let dict)):
      return scalarStyle == nil && !dict.values.contains(where: Self.isCollection)
    default: return false
    }
  }

  private static func isCollection(_ value: Value) -> Bool {
    switch value {
    case .list, .tuple, .dict: true
    default: false
    }
  }

  private func sorted(_ dict: Value.Dictionary) -> [(key: Value, value: Value)] {
    let entries = dict.map { (key: $0.key, value: $0.value) }
    guard sortsKeys else { return entries }
    // Keys that can't be compared stay as they are.
    return (try? Comparison.sorted(Array(dict.keys)) { $0 }.map { ($0, dict[$0] ?? .null) })
      ?? entries
  }

  // MARK: Collections

  mutating func deeper(
    isFlow: Bool, indentless: Bool = false, _ body: (inout YAMLWriter) -> Void
  ) {
    let outer = indent
    if indent < 0 { indent = isFlow ? step : 0 } else if !indentless { indent += step }
    body(&self)
    indent = outer
  }

  private mutating func blockList(_ items: [Value], inMapping: Bool) {
    deeper(isFlow: false, indentless: inMapping && !isInMargin) { writer in
      for item in items {
        writer.margin()
        writer.indicator("-", needsSpace: true, isMargin: true)
        writer.node(item, Context())
      }
    }
  }

  private mutating func blockDict(_ entries: [(key: Value, value: Value)]) {
    deeper(isFlow: false) { writer in
      for (key, value) in entries {
        writer.margin()
        if writer.isSimple(key) {
          writer.node(key, Context(isSimpleKey: true))
          writer.indicator(":", needsSpace: false)
        } else {
          writer.indicator("?", needsSpace: true, isMargin: true)
          writer.node(key, Context(isInMapping: true))
          writer.margin()
          writer.indicator(":", needsSpace: true, isMargin: true)
        }
        writer.node(value, Context(isInMapping: true))
      }
    }
  }

  private mutating func flowList(_ items: [Value]) {
    tag("seq")
    indicator("[", needsSpace: true, isSpace: true)
    deeper(isFlow: true) { writer in
      writer.flowLevel += 1
      for (index, item) in items.enumerated() {
        writer.separate(index)
        writer.node(item, Context())
      }
      writer.flowLevel -= 1
    }
    finish(items.isEmpty)
    indicator("]", needsSpace: false)
  }

  private mutating func flowDict(_ entries: [(key: Value, value: Value)]) {
    tag("map")
    indicator("{", needsSpace: true, isSpace: true)
    deeper(isFlow: true) { writer in
      writer.flowLevel += 1
      for (index, entry) in entries.enumerated() {
        writer.separate(index)
        if !writer.isCanonical, writer.isSimple(entry.key) {
          writer.node(entry.key, Context(isSimpleKey: true))
          writer.indicator(":", needsSpace: false)
        } else {
          writer.indicator("?", needsSpace: true)
          writer.node(entry.key, Context(isInMapping: true))
          if writer.isCanonical || writer.column > writer.width { writer.margin() }
          writer.indicator(":", needsSpace: true)
        }
        writer.node(entry.value, Context(isInMapping: true))
      }
      writer.flowLevel -= 1
    }
    finish(entries.isEmpty)
    indicator("}", needsSpace: false)
  }

  /// What stands between the items in brackets.
  private mutating func separate(_ index: Int) {
    if index > 0 { indicator(",", needsSpace: false) }
    if isCanonical || column > width { margin() }
  }

  /// What stands behind the last item in brackets.
  private mutating func finish(_ isEmpty: Bool) {
    guard isCanonical, !isEmpty else { return }
    indicator(",", needsSpace: false)
    margin()
  }

  /// The tag that each node has in the canonical form.
  mutating func tag(_ name: String) {
    if isCanonical { indicator("!!" + name, needsSpace: true) }
  }

  /// Whether a key may stand before its colon: on one line and not too long.
  private func isSimple(_ key: Value) -> Bool {
    let text = YAMLText(key, isASCII: isASCII)
    return !text.isMultiline && text.content.utf8.count <= 128
  }

  /// Vaulted text as a block of its own.
  private mutating func vault(_ text: String) {
    indicator("!vault |", needsSpace: true)
    deeper(isFlow: true) { writer in
      for line in text.split(separator: "\n") {
        writer.isInMargin = false
        writer.margin()
        for scalar in line.unicodeScalars { writer.put(scalar) }
      }
    }
    (endsInSpace, isInMargin) = (false, false)
  }

  // MARK: Characters

  mutating func put(_ scalar: Unicode.Scalar) {
    text.unicodeScalars.append(scalar)
    column += 1
  }

  mutating func lineBreak(_ scalar: Unicode.Scalar = "\n") {
    text.unicodeScalars.append(scalar)
    column = 0
  }

  /// Begins a line with the margin of the collection, unless the place is there already.
  mutating func margin() {
    let wanted = max(0, indent)
    if !isInMargin || column > wanted || column == wanted && !endsInSpace { lineBreak() }
    while column < wanted { put(" ") }
    (endsInSpace, isInMargin) = (true, true)
  }

  mutating func indicator(
    _ sign: String, needsSpace: Bool, isSpace: Bool = false, isMargin: Bool = false
  ) {
    if needsSpace, !endsInSpace { put(" ") }
    for scalar in sign.unicodeScalars { put(scalar) }
    endsInSpace = isSpace
    isOpenEnded = false
    isInMargin = isInMargin && isMargin
  }
}
