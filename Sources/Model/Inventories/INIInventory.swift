internal import Diagnostics
internal import Documents
internal import OrderedCollections
internal import Templates
internal import Values

/// An inventory in Ansible's INI form.
struct INIInventory {
  private enum Section {
    case hosts(String)
    case children(String)
    case variables(String)
  }

  private let file: SourceFile
  private var inventory: Inventory
  private var section = Section.hosts("ungrouped")
  /// How many hosts the lines so far stand for.
  private var expanded = 0
  private var problems: [Diagnostic] = []
  /// Groups that a section itself declares; the others are only spoken of.
  private var declared: Set<String>
  private var mentions: [(group: String, section: String, range: SourceRange)] = []
  private var variables: OrderedDictionary<String, OrderedDictionary<String, Expression>> = [:]

  private init(_ inventory: Inventory, _ file: SourceFile) {
    self.file = file
    self.inventory = inventory
    declared = Set(inventory.groups.keys).union(["all", "ungrouped"])
  }

  /// Adds what a file says to an inventory.
  static func read(_ file: SourceFile, into inventory: inout Inventory) throws(Diagnostics) {
    var reader = INIInventory(inventory, file)
    // The reader's is the only one now: changing it copies nothing.
    inventory = Inventory()
    var number = 0
    for line in InventoryLines(file.text) where reader.expanded <= HostRange.limit {
      number += 1
      reader.read(line, number)
    }
    try reader.finish()
    inventory = reader.inventory
  }

  private mutating func read(_ raw: Substring, _ number: Int) {
    let indented = raw.drop(while: \.isWhitespace)
    let column = raw.unicodeScalars.count - indented.unicodeScalars.count + 1
    var line = indented
    while line.last?.isWhitespace == true { line.removeLast() }
    guard let first = line.first, first != "#", first != ";" else { return }
    let range = SourceRange(
      file: file, start: SourcePosition(line: number, column: column),
      end: SourcePosition(line: number, column: column + line.unicodeScalars.count))
    do throws(Diagnostics) {
      if first == "[", try readSection(line, range) { return }
      switch section {
      case .hosts(let group): try readHost(line, range, into: group)
      case .children(let group): try readChild(line, range, of: group)
      case .variables(let group): try readVariable(line, range, of: group)
      }
    } catch {
      problems += error.all
    }
  }

  // MARK: Sections

  /// Whether the line is a section's head: `[group]`, `[group:children]`, `[group:vars]`.
  private mutating func readSection(_ line: Substring, _ range: SourceRange) throws(Diagnostics)
    -> Bool
  {
    guard let close = line.firstIndex(of: "]") else { return false }
    let behind = line[line.index(after: close)...].drop(while: \.isWhitespace)
    guard behind.isEmpty || behind.hasPrefix("#") else {
      if line.last == "]" { throw badSection(line, range) }
      return false
    }
    let inner = line[line.index(after: line.startIndex)..<close]
    let parts = inner.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count < 3, !parts.contains(where: \.isEmpty), !inner.contains(where: \.isWhitespace)
    else {
      throw badSection(line, range)
    }
    let group = String(parts[0])
    switch parts.count == 1 ? "hosts" : parts[1] {
    case "hosts": section = .hosts(group)
    case "children": section = .children(group)
    case "vars":
      section = .variables(group)
      mentions.append((group, "vars", range))
      return true
    case let kind:
      throw failure(
        "`[\(inner)]`: there are no sections of the kind `\(kind)`", range,
        help: Suggestion.didYouMean(String(kind), in: ["hosts", "children", "vars"])
          ?? "write `[\(group)]`, `[\(group):children]` or `[\(group):vars]`")
    }
    declared.insert(group)
    inventory.addGroup(group, at: range)
    return true
  }

  private func badSection(_ line: Substring, _ range: SourceRange) -> Diagnostics {
    failure(
      "`\(line)` isn't a section", range,
      help: "write `[group]`, `[group:children]` or `[group:vars]`, without spaces")
  }

  // MARK: Lines

  private mutating func readHost(
    _ line: Substring, _ range: SourceRange, into group: String
  ) throws(Diagnostics) {
    var words = try split(line, range)[...]
    guard let first = words.popFirst() else { return }
    if first.text.hasSuffix(":") {
      throw failure(
        "a host can't end in `:`", range,
        help: "a port goes behind the colon; if this is YAML, name the file .yml")
    }
    var own: OrderedDictionary<String, Expression> = [:]
    let address = HostAddress(Substring(first.text))
    for word in words {
      guard let equals = word.text.firstIndex(of: "=") else {
        throw failure(
          "`\(word.text)` isn't a variable", place(range, word.column, word.text.count),
          help: "write `name=value`, with quotes around values with spaces")
      }
      let name = String(word.text[..<equals])
      let offset = name.unicodeScalars.count + 1
      let column = word.column + offset + (word.quoteColumn == word.column + offset ? 1 : 0)
      let text = String(word.text[word.text.index(after: equals)...])
      own[name] = value(text, at: place(range, column, text.unicodeScalars.count))
    }
    let names = try HostRange.expand(address.name, at: range)
    expanded += names.count
    // Many lines of large ranges would take for ever, even if each is within the limit.
    if expanded > HostRange.limit {
      throw failure("the file names too many hosts", range, help: "correct its ranges")
    }
    for name in names {
      inventory.addHost(name, port: address.port, to: group, at: range)
      inventory.add(VariableSet(own, at: range), toHost: name)
    }
  }

  private mutating func readChild(
    _ line: Substring, _ range: SourceRange, of group: String
  ) throws(Diagnostics) {
    let name = String(line.prefix { !$0.isWhitespace && $0 != "#" })
    let behind = line.dropFirst(name.count).drop(while: \.isWhitespace)
    guard !name.isEmpty, !name.contains("]"), !name.contains(":"),
      behind.isEmpty || behind.hasPrefix("#")
    else {
      throw failure("`\(line)` isn't a group's name", range, help: "write one group a line")
    }
    mentions.append((name, "children", range))
    try inventory.addChild(name, to: group, at: range)
  }

  private mutating func readVariable(
    _ line: Substring, _ range: SourceRange, of group: String
  ) throws(Diagnostics) {
    guard let equals = line.firstIndex(of: "=") else {
      throw failure("`\(line)` isn't a variable", range, help: "write `name=value`")
    }
    let left = line[..<equals]
    let name = String(left.reversed().drop(while: \.isWhitespace).reversed())
    let right = line[line.index(after: equals)...]
    let text = String(right.drop(while: \.isWhitespace))
    let column = 1 + line.unicodeScalars.count - text.unicodeScalars.count
    let expression = value(text, at: place(range, column, text.unicodeScalars.count))
    variables[group, default: [:]][name] = expression
  }

  /// A Python literal, or text.
  private func value(_ text: String, at range: SourceRange) -> Expression {
    guard let literal = PythonLiteral.value(text) else { return Expression(text: text, at: range) }
    return Expression(written: literal, at: range)
  }

  // MARK: The end

  private mutating func finish() throws(Diagnostics) {
    for (group, section, range) in mentions where !declared.contains(group) {
      let help =
        Suggestion.didYouMean(group, in: declared.sorted())
        ?? "add a section `[\(group)]`, even if it's empty"
      problems.append(
        Diagnostic(
          .error, "there is no group `\(group)` that `\(section)` could be of", at: range,
          help: help))
    }
    if !problems.isEmpty { throw Diagnostics(problems) }
    for (group, own) in variables {
      let place = own.values.first?.range ?? .synthesized("inventory")
      inventory.addGroup(group, at: place)
      try inventory.add(VariableSet(own, at: place), toGroup: group)
    }
  }

  // MARK: Places

  private func split(
    _ line: Substring, _ range: SourceRange
  ) throws(Diagnostics) -> [ShellWords.Word] {
    do throws(ShellWords.Problem) { return try ShellWords.split(line) } catch {
      switch error {
      case .openQuote(let column):
        throw failure(
          "a quote is opened and never closed", place(range, column, 1), help: "close the quote")
      case .trailingBackslash:
        throw failure("a backslash at the end of the line", range, help: "remove it, or double it")
      }
    }
  }

  /// A place in a line, by the column in its text without indentation.
  private func place(_ line: SourceRange, _ column: Int, _ length: Int) -> SourceRange {
    let start = line.start.column + column - 1
    return SourceRange(
      file: file, start: SourcePosition(line: line.start.line, column: start),
      end: SourcePosition(line: line.start.line, column: start + max(1, length)))
  }

  private func failure(_ message: String, _ range: SourceRange, help: String) -> Diagnostics {
    Diagnostics(Diagnostic(.error, message, at: range, help: help))
  }
}
