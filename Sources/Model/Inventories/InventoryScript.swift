internal import Diagnostics
internal import Documents
internal import OrderedCollections
internal import Templates
internal import Values

/// An executable inventory: what it says to `--list`, and to `--host` where it gives no `_meta`.
struct InventoryScript {
  var path: String
  /// How long each call may take, in seconds.
  var timeLimit: Int
  var yaml: YAMLReader

  private var place: SourceRange {
    SourceRange(file: SourceFile(path: path, text: ""), line: 1, column: 1)
  }

  /// Runs it and adds what it says to an inventory.
  func read(into inventory: inout Inventory) throws(Diagnostics) {
    let document = try output(["--list"])
    guard case .dict(let groups, _) = document else {
      throw failure("the inventory script \(path) must print a JSON object", document.range)
    }
    for group in groups where group.key.text != "_meta" {
      try read(group, into: &inventory)
    }
    let meta = groups.first { $0.key.text == "_meta" }
    let known = try meta.map { meta throws(Diagnostics) in try hostVariables(meta) }
    for host in hosts(of: groups) {
      let own: Expression? =
        if let known { known[host] } else { try variables(askedFor: host) }
      guard let own else { continue }
      inventory.add(
        VariableSet(try variables(own, of: "the host `\(host)`"), at: own.range), toHost: host)
    }
  }

  // MARK: Groups

  private func read(
    _ entry: Expression.Entry, into inventory: inout Inventory
  ) throws(Diagnostics) {
    let name = entry.key.text ?? ""
    let place = entry.key.range
    inventory.addGroup(name, at: place)
    guard case .dict(let parts, let range) = form(of: entry) else {
      for host in try names(entry.value, "the group `\(name)`") {
        inventory.addHost(host, to: name, at: place)
      }
      return
    }
    for part in parts {
      switch part.key.text {
      case "hosts":
        for host in try names(part.value, "`hosts` of `\(name)`") {
          inventory.addHost(host, to: name, at: part.value.range)
        }
      case "vars":
        let own = try variables(part.value, of: "`vars` of `\(name)`")
        try inventory.add(VariableSet(own, at: range), toGroup: name)
      case "children":
        var children = part.value
        if case .dict(let entries, let range) = children {
          children = .list(entries.map(\.key), range)
        }
        for child in try names(children, "`children` of `\(name)`") {
          try inventory.addChild(child, to: name, at: part.value.range)
        }
      default: break
      }
    }
  }

  /// A group as a dictionary of `hosts`, `vars` and `children`.
  ///
  /// One with none of them is the oldest form: variables of a host of the group's name.
  private func form(of entry: Expression.Entry) -> Expression {
    guard case .dict(let parts, let range) = entry.value else { return entry.value }
    if parts.contains(where: { ["hosts", "vars", "children"].contains($0.key.text) }) {
      return entry.value
    }
    return .dict(
      [
        Expression.Entry(
          key: .literal("hosts", range), value: .list([entry.key], range)),
        Expression.Entry(key: .literal("vars", range), value: entry.value),
      ], range)
  }

  private func names(_ expression: Expression, _ what: String) throws(Diagnostics) -> [String] {
    guard case .list(let items, let range) = expression else {
      throw failure("\(what) must be a list", expression.range)
    }
    let names = items.compactMap(\.text)
    if names.count == items.count { return names }
    throw failure("\(what) must be a list of names", range)
  }

  // MARK: Hosts

  /// All hosts of the groups, in order.
  private func hosts(of groups: [Expression.Entry]) -> OrderedSet<String> {
    var hosts: OrderedSet<String> = []
    for group in groups where group.key.text != "_meta" {
      var list = form(of: group)
      if case .dict(let parts, _) = list {
        guard let found = parts.first(where: { $0.key.text == "hosts" }) else { continue }
        list = found.value
      }
      if case .list(let items, _) = list { hosts.append(contentsOf: items.compactMap(\.text)) }
    }
    return hosts
  }

  private func hostVariables(
    _ meta: Expression.Entry
  ) throws(Diagnostics) -> [String: Expression] {
    guard case .dict(let parts, let range) = meta.value,
      case .dict(let hosts, _)? = parts.first(where: { $0.key.text == "hostvars" })?.value
    else {
      throw failure("`_meta` must hold a dictionary `hostvars`", meta.value.range)
    }
    _ = range
    return Dictionary(
      hosts.map { ($0.key.text ?? "", $0.value) }, uniquingKeysWith: { $1 })
  }

  /// What the script says to `--host`; nil where it says nothing.
  private func variables(askedFor host: String) throws(Diagnostics) -> Expression? {
    let document = try output(["--host", host])
    if case .literal(.null, _) = document { return nil }
    return document
  }

  private func variables(
    _ expression: Expression, of what: String
  ) throws(Diagnostics) -> OrderedDictionary<String, Expression> {
    guard case .dict(let entries, _) = expression else {
      throw failure("\(what) must be a dictionary", expression.range)
    }
    var variables: OrderedDictionary<String, Expression> = [:]
    for entry in entries { variables[entry.key.text ?? ""] = try unwrapped(entry.value) }
    return variables
  }

  /// `__ansible_unsafe` and `__ansible_vault` stand for what YAML writes as `!unsafe`, `!vault`.
  private func unwrapped(_ expression: Expression) throws(Diagnostics) -> Expression {
    switch expression {
    case .list(let items, let range):
      return .list(try items.map { item throws(Diagnostics) in try unwrapped(item) }, range)
    case .dict(let entries, let range):
      if entries.count == 1, entries[0].key.text == "__ansible_unsafe",
        let text = entries[0].value.writtenText
      {
        return .literal(.string(text), range)
      }
      if entries.count == 1, entries[0].key.text == "__ansible_vault",
        let text = entries[0].value.text
      {
        return yaml.expression(vaulted: text, at: entries[0].value.range)
      }
      return .dict(
        try entries.map { entry throws(Diagnostics) in
          Expression.Entry(key: entry.key, value: try unwrapped(entry.value))
        }, range)
    default: return expression
    }
  }

  // MARK: Running

  private func output(_ arguments: [String]) throws(Diagnostics) -> Expression {
    var program = Program(path, arguments)
    program.timeLimit = timeLimit
    let words = ([path] + arguments).joined(separator: " ")
    let ending: Program.Ending
    do throws(Program.Problem) { ending = try program.run() } catch {
      switch error {
      case .unstartable(let reason):
        throw failure(
          "can't run the inventory script \(path): \(reason)", place,
          help: "if it is a file to be read, chmod -x it")
      case .tooSlow:
        throw failure(
          "the inventory script took longer than \(timeLimit) s: \(words)", place,
          help: "run it by hand")
      case .tooMuch: throw failure("the inventory script says too much: \(words)", place)
      }
    }
    let errors = String(decoding: ending.errors.suffix(4000), as: UTF8.self)
    if ending.status != 0 {
      throw failure(
        "the inventory script failed with status \(ending.status): \(words)", place,
        help: errors.isEmpty ? "run it by hand" : "it said: \(errors.trimmed)")
    }
    let text = String(decoding: ending.output, as: UTF8.self)
    if text.allSatisfy(\.isWhitespace), arguments.first == "--host" {
      return .literal(.null, place)
    }
    return try document(text, words: words, errors: errors)
  }

  private func document(
    _ text: String, words: String, errors: String
  ) throws(Diagnostics) -> Expression {
    do throws(JSONError) { _ = try Value(json: text) } catch {
      throw failure(
        "what the inventory script prints isn't JSON (\(error)): \(words)", place,
        help: errors.isEmpty ? "run it by hand" : "it also said: \(errors.trimmed)")
    }
    return try yaml.read(path: path, text: text)
  }

  private func failure(
    _ message: String, _ range: SourceRange, help: String? = nil
  ) -> Diagnostics {
    Diagnostics(
      Diagnostic(
        .error, message, at: range, help: help ?? "see what it prints with `\(path) --list`"))
  }
}

extension String {
  /// Without white space at its ends.
  fileprivate var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { start[...$0] } ?? ""
  }
}
