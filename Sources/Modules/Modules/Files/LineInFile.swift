internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// `lineinfile`: one line is in a file, or isn't.
struct LineInFile: Module {
  static let documentation = ModuleDocumentation(
    name: "lineinfile",
    summary: "Keeps one line in a file, or lines like it out of it.",
    notes: [
      "`regexp` is searched in each line, as Python's `re.search` does; the last line that matches "
        + "is replaced, the first with `firstmatch`.",
      "Files over a megabyte are refused.",
    ],
    arguments: [
      ArgumentSpecification(
        "path", .path, "The file on the host.", isRequired: true,
        aliases: ["dest", "destfile", "name"]),
      ArgumentSpecification(
        "state", .string, "Whether the line shall be there.", default: "present",
        choices: ["absent", "present"]),
      ArgumentSpecification(
        "regexp", .string, "The lines to replace or remove.", aliases: ["regex"]),
      ArgumentSpecification("search_string", .string, "Text in the lines to replace or remove."),
      ArgumentSpecification("line", .string, "The line.", aliases: ["value"]),
      ArgumentSpecification(
        "backrefs", .boolean, "Put groups of `regexp` into `line`; without a match do nothing.",
        default: false),
      ArgumentSpecification("insertafter", .string, "An expression, or `EOF`."),
      ArgumentSpecification("insertbefore", .string, "An expression, or `BOF`."),
      ArgumentSpecification(
        "create", .boolean, "Make the file where it is missing.", default: false),
      ArgumentSpecification(
        "firstmatch", .boolean, "Take the first line that matches.", default: false),
    ] + WriteOptions.specifications,
    results: [
      ("msg", "What was done."), ("found", "How many lines were removed."),
      ("backup", "The old file, where one was kept."),
    ],
    example: """
      - lineinfile:
          path: /etc/ssh/sshd_config
          regexp: '^#?PasswordAuthentication'
          line: PasswordAuthentication no
      """)

  private let edit: TextEdit
  private let isPresent: Bool
  private let placement: LinePlacement

  init(_ arguments: Arguments) throws(ArgumentError) {
    isPresent = try arguments.string("state") != "absent"
    placement = try LinePlacement(arguments, isPresent: isPresent)
    edit = TextEdit(
      path: try arguments.requiredString("path"), options: try WriteOptions(arguments),
      createsFile: isPresent ? try arguments.boolean("create") ?? false : false,
      isSecret: arguments.isSecret("line"))
  }

  var probe: Probe<ResolvedFile> { edit.probe }

  func diff(from current: ResolvedFile) -> Change {
    if !isPresent, !current.status.exists {
      return .satisfied(["msg": "file not present", "found": 0])
    }
    let missing = "Destination \(current.path) does not exist !"
    return edit.change(from: current, missing: missing) {
      (bytes) throws(RegularExpressionError) in
      isPresent ? try placement.adding(to: bytes) : try placement.removing(from: bytes)
    }
  }
}

/// Which line, and where it goes.
struct LinePlacement: Sendable {
  /// Where a new line goes.
  private enum Anchor: Sendable {
    case begin, end
    case after(RegularExpression)
    case before(RegularExpression)
  }

  private let line: String
  private let regexp: RegularExpression?
  private let searched: [UInt8]?
  private let takesFirst: Bool
  private let hasReferences: Bool
  private let anchor: Anchor

  init(_ arguments: Arguments, isPresent: Bool) throws(ArgumentError) {
    let given = try arguments.string("line")
    regexp = try TextEdit.expression(arguments, "regexp")
    searched = try arguments.string("search_string").map { Array($0.utf8) }
    takesFirst = try arguments.boolean("firstmatch") ?? false
    hasReferences = try arguments.boolean("backrefs") ?? false
    if regexp != nil, searched != nil {
      throw ArgumentError(
        argument: "search_string", "parameters are mutually exclusive: regexp|search_string")
    }
    if isPresent, given == nil {
      throw ArgumentError("line is required with state=present")
    }
    if isPresent, hasReferences, regexp == nil {
      throw ArgumentError(argument: "backrefs", "regexp is required with backrefs=true")
    }
    if !isPresent, given == nil, regexp == nil, searched == nil {
      throw ArgumentError("one of line, search_string, or regexp is required with state=absent")
    }
    line = given ?? ""
    anchor = try Self.anchor(arguments)
  }

  private static func anchor(_ arguments: Arguments) throws(ArgumentError) -> Anchor {
    let after = try arguments.string("insertafter")
    let before = try arguments.string("insertbefore")
    if after != nil, before != nil {
      throw ArgumentError(
        argument: "insertbefore", "parameters are mutually exclusive: insertbefore|insertafter")
    }
    if before == "BOF" || after == "BOF" { return .begin }
    if before != nil, let found = try TextEdit.expression(arguments, "insertbefore") {
      return .before(found)
    }
    if after != nil, after != "EOF", let found = try TextEdit.expression(arguments, "insertafter") {
      return .after(found)
    }
    return .end
  }

  /// The text with the line in it.
  func adding(to bytes: [UInt8]) throws(RegularExpressionError) -> TextEdit.Outcome {
    var text = TextLines(bytes)
    if let index = try matchingLine(in: text) {
      let new = try replacement(of: text.lines[index])
      if text.lines[index] == new { return TextEdit.Outcome(content: bytes, message: "") }
      text.lines[index] = new
      return TextEdit.Outcome(content: text.bytes, message: "line replaced")
    }
    if hasReferences { return TextEdit.Outcome(content: bytes, message: "") }
    let bare = TextLines.bare(TextLines.ended(line))
    if text.lines.contains(where: { TextLines.bare($0) == bare }) {
      let content = normalized(text, bare)
      return TextEdit.Outcome(content: content, message: content == bytes ? "" : "line replaced")
    }
    let place = try insertion(in: text)
    if place == text.lines.count { text.endLastLine() }
    text.lines.insert(TextLines.ended(line), at: place)
    return TextEdit.Outcome(content: text.bytes, message: "line added")
  }

  /// The text where the line is there already, but for its end perhaps.
  private func normalized(_ text: TextLines, _ bare: [UInt8]) -> [UInt8] {
    var text = text
    if let index = text.lines.lastIndex(where: { TextLines.bare($0) == bare }) {
      text.lines[index] = TextLines.ended(line)
    }
    return text.bytes
  }

  /// The text without the lines.
  func removing(from bytes: [UInt8]) throws(RegularExpressionError) -> TextEdit.Outcome {
    var text = TextLines(bytes)
    let bare = Array(line.utf8)
    var kept: [[UInt8]] = []
    for candidate in text.lines {
      let goes =
        if regexp != nil || searched != nil { try matches(candidate) } else {
          TextLines.bare(candidate) == bare
        }
      if !goes { kept.append(candidate) }
    }
    let count = text.lines.count - kept.count
    text.lines = kept
    return TextEdit.Outcome(
      content: text.bytes, message: count > 0 ? "\(count) line(s) removed" : "",
      result: ["found": .int(count)])
  }

  private func matches(_ line: [UInt8]) throws(RegularExpressionError) -> Bool {
    if let regexp { return try regexp.matches(anywhereIn: TextEdit.text(line)) }
    guard let searched else { return false }
    return searched.isEmpty
      || line.indices.contains { line[$0...].starts(with: searched) }
  }

  /// The line that `regexp` or `search_string` chooses.
  private func matchingLine(in text: TextLines) throws(RegularExpressionError) -> Int? {
    var chosen: Int?
    for (index, line) in text.lines.enumerated() where try matches(line) {
      chosen = index
      if takesFirst { break }
    }
    return chosen
  }

  private func replacement(of old: [UInt8]) throws(RegularExpressionError) -> [UInt8] {
    guard hasReferences, let regexp else { return TextLines.ended(line) }
    let text = TextEdit.text(old)
    guard let match = try regexp.firstMatch(in: text) else { return old }
    // What surrounds the match isn't part of the new line.
    let whole = try regexp.replacing(in: text, with: line, count: 1)
    let prefix = text[..<match.range.lowerBound].utf8.count
    let suffix = text[match.range.upperBound...].utf8.count
    let expanded = Array(whole.utf8.dropFirst(prefix).dropLast(suffix))
    return TextLines.ended(String(decoding: expanded, as: UTF8.self))
  }

  private func insertion(in text: TextLines) throws(RegularExpressionError) -> Int {
    let expression: RegularExpression
    let offset: Int
    switch anchor {
    case .begin: return 0
    case .end: return text.lines.count
    case .after(let found): (expression, offset) = (found, 1)
    case .before(let found): (expression, offset) = (found, 0)
    }
    var chosen: Int?
    for (index, line) in text.lines.enumerated()
    where try expression.matches(anywhereIn: TextEdit.text(line)) {
      chosen = index + offset
      if takesFirst { break }
    }
    return chosen ?? text.lines.count
  }
}
