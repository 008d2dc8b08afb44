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

  private var inventory: Inventory
  private var section = Section.hosts("ungrouped")
  /// How many hosts the lines so far stand for.
  private var expanded = 0
  private var problems: [Diagnostic] = []
  /// Groups that a section itself declares; the others are only spoken of.
  private var declared: Set<String>
  private var mentions: [(group: String, section: String, range: SourceRange)] = []
  private var variables: OrderedDictionary<String, OrderedDictionary<String, Expression>> = [:]

  private init(_ inventory: Inventory) {
    self.inventory = inventory
    declared = Set(inventory.groups.keys).union(["all", "ungrouped"])
  }

  /// Adds what a file says to an inventory.
  static func read(_ file: SourceFile, into inventory: inout Inventory) throws(Diagnostics) {
    var reader = INIInventory(inventory)
    // The reader's is the only one now: changing it copies nothing.
    inventory = Inventory()
    let lines = INILine.lines(of: file)
    let hosts = INILine.hosts(on: lines)
    for (index, line) in lines.enumerated() where reader.expanded <= HostRange.limit {
      reader.read(line, hosts[index])
    }
    try reader.finish()
    inventory = reader.inventory
  }

  /// - Parameter hosts: what the line says if it is one of hosts, where that is known.
  private mutating func read(_ line: INILine, _ hosts: INILine.Hosts?) {
    do throws(Diagnostics) {
      if line.isBracketed, try readSection(line.text, line.range) { return }
      switch section {
      case .hosts(let group):
        let said = if let hosts { try hosts.get() } else { try line.hosts() }
        if let said { try add(said, line.range, to: group) }
      case .children(let group): try readChild(line.text, line.range, of: group)
      case .variables(let group): try readVariable(line.text, line.range, of: group)
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
      throw Self.failure(
        "`[\(inner)]`: there are no sections of the kind `\(kind)`", range,
        help: Suggestion.didYouMean(String(kind), in: ["hosts", "children", "vars"])
          ?? "write `[\(group)]`, `[\(group):children]` or `[\(group):vars]`")
    }
    declared.insert(group)
    inventory.addGroup(group, at: range)
    return true
  }

  private func badSection(_ line: Substring, _ range: SourceRange) -> Diagnostics {
    Self.failure(
      "`\(line)` isn't a section", range,
      help: "write `[group]`, `[group:children]` or `[group:vars]`, without spaces")
  }

  // MARK: Lines

  private mutating func add(
    _ line: INIHostLine, _ range: SourceRange, to group: String
  ) throws(Diagnostics) {
    let names = try HostRange.expand(line.address.name, at: range)
    expanded += names.count
    // Many lines of large ranges would take for ever, even if each is within the limit.
    if expanded > HostRange.limit {
      throw Self.failure("the file names too many hosts", range, help: "correct its ranges")
    }
    for name in names {
      inventory.addHost(
        name, port: line.address.port, to: group, with: line.variables, at: range)
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
      throw Self.failure("`\(line)` isn't a group's name", range, help: "write one group a line")
    }
    mentions.append((name, "children", range))
    try inventory.addChild(name, to: group, at: range)
  }

  private mutating func readVariable(
    _ line: Substring, _ range: SourceRange, of group: String
  ) throws(Diagnostics) {
    guard let equals = line.firstIndex(of: "=") else {
      throw Self.failure("`\(line)` isn't a variable", range, help: "write `name=value`")
    }
    let last = line[..<equals].lastIndex { !$0.isWhitespace }
    let name = last.map { String(line[...$0]) } ?? ""
    let right = line[line.index(after: equals)...]
    let text = String(right.drop(while: \.isWhitespace))
    let column = 1 + line.scalarCount - text.scalarCount
    let expression = Self.value(text, at: range.part(column, text.scalarCount))
    variables[group, default: [:]][name] = expression
  }

  /// A Python literal, or text.
  static func value(_ text: String, at range: SourceRange) -> Expression {
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

  static func failure(_ message: String, _ range: SourceRange, help: String) -> Diagnostics {
    Diagnostics(Diagnostic(.error, message, at: range, help: help))
  }
}
