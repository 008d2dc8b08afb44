package import Diagnostics
internal import OrderedCollections
package import Templates
internal import Values

/// Reads TOML 1.0: text becomes an expression with the place of each value.
///
/// It is our own because no library keeps places. Dates are text, as those of YAML are.
package struct TOMLReader {
  private var scanner: TOMLScanner
  private let root: TOMLTable
  /// The table that the last header opened.
  private var current: TOMLTable

  /// The table of a whole text.
  package static func read(_ file: SourceFile) throws(Diagnostics) -> Expression {
    var reader = TOMLReader(file)
    while try reader.readLine() {}
    return reader.root.expression
  }

  private init(_ file: SourceFile) {
    scanner = TOMLScanner(file)
    root = TOMLTable(.header, SourceRange(file: file, line: 1, column: 1))
    current = root
  }

  /// Reads one statement; false at the end.
  private mutating func readLine() throws(Diagnostics) -> Bool {
    scanner.skipBlanks()
    switch scanner.next {
    case nil: return false
    case "\n", "\r", "#": break
    case "[": try readHeader()
    default: try readPair(into: current, kind: .dotted)
    }
    scanner.skipBlanks()
    try scanner.endLine()
    return true
  }

  // MARK: Headers

  /// `[a.b]` or `[[a.b]]`.
  private mutating func readHeader() throws(Diagnostics) {
    let start = scanner.position
    scanner.advance()
    let isList = scanner.take("[")
    var path = try readKey()
    try scanner.expect("]", "`]` behind the table's name")
    if isList { try scanner.expect("]", "`]]` behind the table's name") }
    let last = path.removeLast()
    var table = root
    for key in path { table = try descend(into: key, of: table, kind: .implicit) }
    current =
      isList
      ? try append(last, to: table, at: scanner.range(from: start)) : try open(last, in: table)
  }

  private func open(_ key: Located<String>, in table: TOMLTable) throws(Diagnostics) -> TOMLTable {
    guard let known = table.entries[key.content] else {
      return table.add(key, TOMLTable(.header, key.range))
    }
    guard case .table(let inner) = known.item, inner.kind == .implicit else {
      throw twice(key, known)
    }
    inner.kind = .header
    return inner
  }

  private func append(
    _ key: Located<String>, to table: TOMLTable, at range: SourceRange
  ) throws(Diagnostics) -> TOMLTable {
    let new = TOMLTable(.header, range)
    guard let known = table.entries[key.content] else {
      table.entries[key.content] = TOMLTable.Entry(key: key, item: .tables([new]))
      return new
    }
    guard case .tables(let all) = known.item else { throw twice(key, known) }
    table.entries[key.content]?.item = .tables(all + [new])
    return new
  }

  /// The table of a key, made where it isn't there.
  private func descend(
    into key: Located<String>, of table: TOMLTable, kind: TOMLTable.Kind
  ) throws(Diagnostics) -> TOMLTable {
    guard let known = table.entries[key.content] else {
      return table.add(key, TOMLTable(kind, key.range))
    }
    switch known.item {
    case .table(let inner) where inner.kind != .inline:
      // What a header declares, dotted keys elsewhere can't add to; the other way round neither.
      if kind == .dotted, inner.kind == .header { throw twice(key, known) }
      return inner
    case .tables(let all) where kind == .implicit: return all[all.count - 1]
    default: throw twice(key, known)
    }
  }

  private func twice(_ key: Located<String>, _ known: TOMLTable.Entry) -> Diagnostics {
    Diagnostics(
      Diagnostic(
        .error, "TOML: `\(key.content)` is defined twice", at: key.range,
        help: "put both together, or remove one of them",
        notes: [Located("first defined here", at: known.key.range)]))
  }

  // MARK: Pairs

  /// `a.b = value`.
  private mutating func readPair(
    into table: TOMLTable, kind: TOMLTable.Kind
  ) throws(Diagnostics) {
    var path = try readKey()
    try scanner.expect("=", "`=` behind the key")
    scanner.skipBlanks()
    let last = path.removeLast()
    var table = table
    for key in path { table = try descend(into: key, of: table, kind: kind) }
    if let known = table.entries[last.content] { throw twice(last, known) }
    let item = try readItem()
    table.entries[last.content] = TOMLTable.Entry(key: last, item: item)
  }

  /// Names with dots between them, up to what follows.
  private mutating func readKey() throws(Diagnostics) -> [Located<String>] {
    var path: [Located<String>] = []
    repeat {
      scanner.skipBlanks()
      path.append(try scanner.keyPart())
      scanner.skipBlanks()
    } while scanner.take(".")
    return path
  }

  private mutating func readItem() throws(Diagnostics) -> TOMLTable.Item {
    switch scanner.next {
    case "[": return .value(try readArray())
    case "{": return .table(try readInlineTable())
    default: return .value(try scanner.scalar())
    }
  }

  private mutating func readArray() throws(Diagnostics) -> Expression {
    let start = scanner.position
    try scanner.descend()
    scanner.advance()
    var items: [Expression] = []
    while true {
      try scanner.skipBlankLines()
      if scanner.take("]") { break }
      items.append(try readItem().expression)
      try scanner.skipBlankLines()
      if scanner.take(",") { continue }
      try scanner.expect("]", "`,` or `]` in the array")
      break
    }
    scanner.ascend()
    return .list(items, scanner.range(from: start))
  }

  private mutating func readInlineTable() throws(Diagnostics) -> TOMLTable {
    let start = scanner.position
    try scanner.descend()
    scanner.advance()
    let table = TOMLTable(.dotted, scanner.range(from: start))
    scanner.skipBlanks()
    if !scanner.take("}") {
      repeat {
        try readPair(into: table, kind: .dotted)
        scanner.skipBlanks()
      } while scanner.take(",")
      try scanner.expect("}", "`,` or `}` in the table, on one line")
    }
    scanner.ascend()
    table.freeze(at: scanner.range(from: start))
    return table
  }
}
