internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// `blockinfile`: lines between two markers.
struct BlockInFile: Module {
  static let documentation = ModuleDocumentation(
    name: "blockinfile",
    summary: "Keeps a block of lines between two marker lines in a file.",
    notes: [
      "The markers tell the block from the rest: give each block of a file its own `marker`.",
      "Files over a megabyte are refused.",
    ],
    arguments: [
      ArgumentSpecification(
        "path", .path, "The file on the host.", isRequired: true,
        aliases: ["dest", "destfile", "name"]),
      ArgumentSpecification(
        "state", .string, "Whether the block shall be there.", default: "present",
        choices: ["absent", "present"]),
      ArgumentSpecification(
        "block", .string, "The lines; none removes the block.", default: "",
        aliases: ["content"]),
      ArgumentSpecification(
        "marker", .string, "The marker lines, `{mark}` being `marker_begin` and `marker_end`.",
        default: "# {mark} ANSIBLE MANAGED BLOCK"),
      ArgumentSpecification("marker_begin", .string, "In the first marker.", default: "BEGIN"),
      ArgumentSpecification("marker_end", .string, "In the last marker.", default: "END"),
      ArgumentSpecification("insertafter", .string, "An expression, or `EOF`."),
      ArgumentSpecification("insertbefore", .string, "An expression, or `BOF`."),
      ArgumentSpecification(
        "create", .boolean, "Make the file where it is missing.", default: false),
      ArgumentSpecification(
        "append_newline", .boolean, "An empty line after the block.", default: false),
      ArgumentSpecification(
        "prepend_newline", .boolean, "An empty line before the block.", default: false),
    ] + WriteOptions.specifications,
    results: [("msg", "What was done.")],
    example: """
      - blockinfile:
          path: /etc/hosts
          marker: '# {mark} cluster'
          block: |
            10.0.0.1 bay_plane1
            10.0.0.2 bay_plane2
      """)

  private let edit: TextEdit
  private let block: MarkedBlock

  init(_ arguments: Arguments) throws(ArgumentError) {
    block = try MarkedBlock(arguments)
    edit = TextEdit(
      path: try arguments.requiredString("path"), options: try WriteOptions(arguments),
      createsFile: try arguments.boolean("create") ?? false,
      isSecret: arguments.isSecret("block"))
  }

  var probe: Probe<ResolvedFile> { edit.probe }

  func diff(from current: ResolvedFile) -> Change {
    var change = edit.change(from: current, missing: "Path \(current.path) does not exist !") {
      (bytes) throws(RegularExpressionError) in try block.applied(to: bytes)
    }
    if current.status.exists || change.failure != nil { return change }
    if case .string(let text)? = change.result["msg"] {
      change.result["msg"] = .string(
        text.isEmpty
          ? "File \(current.path) not present"
          : text.replacing("Block inserted", with: "File created"))
    }
    return change
  }
}

/// A block with its markers, and where it goes.
struct MarkedBlock: Sendable {
  private let begin: [UInt8]
  private let end: [UInt8]
  /// Without markers; empty where the block shall go.
  private let lines: [[UInt8]]
  private let after: RegularExpression?
  private let before: RegularExpression?
  private let isAtBegin: Bool
  private let appendsNewline: Bool
  private let prependsNewline: Bool

  init(_ arguments: Arguments) throws(ArgumentError) {
    let marker = try arguments.string("marker") ?? ""
    func line(_ name: String) throws(ArgumentError) -> [UInt8] {
      TextLines.ended(marker.replacing("{mark}", with: try arguments.string(name) ?? ""))
    }
    begin = try line("marker_begin")
    end = try line("marker_end")
    let isPresent = try arguments.string("state") != "absent"
    var block = TextLines(isPresent ? Array((try arguments.string("block") ?? "").utf8) : [])
    block.endLastLine()
    lines = block.lines
    let insertAfter = try arguments.string("insertafter")
    let insertBefore = try arguments.string("insertbefore")
    if insertAfter != nil, insertBefore != nil {
      throw ArgumentError(
        argument: "insertbefore", "parameters are mutually exclusive: insertbefore|insertafter")
    }
    isAtBegin = insertBefore == "BOF" || insertAfter == "BOF"
    let isAtEnd = insertAfter == "EOF" || insertBefore == "EOF" || isAtBegin
    after = isAtEnd ? nil : try TextEdit.expression(arguments, "insertafter")
    before = isAtEnd ? nil : try TextEdit.expression(arguments, "insertbefore")
    appendsNewline = try arguments.boolean("append_newline") ?? false
    prependsNewline = try arguments.boolean("prepend_newline") ?? false
  }

  /// The text with the block as it shall be.
  func applied(to bytes: [UInt8]) throws(RegularExpressionError) -> TextEdit.Outcome {
    var text = TextLines(bytes)
    let place = try take(from: &text)
    if lines.isEmpty {
      let isSame = place.old == nil
      return TextEdit.Outcome(
        content: isSame ? bytes : text.bytes, message: isSame ? "" : "Block removed")
    }
    if place.index > 0, place.index == text.lines.count { text.endLastLine() }
    var inserted = [begin] + lines + [end]
    let blank = [TextLines.newline]
    if prependsNewline, place.index > 0, text.lines[place.index - 1] != blank {
      inserted.insert(blank, at: 0)
    }
    if appendsNewline, place.index < text.lines.count, text.lines[place.index] != blank {
      inserted.append(blank)
    }
    text.lines.insert(contentsOf: inserted, at: place.index)
    return TextEdit.Outcome(
      content: text.bytes, message: text.bytes == bytes ? "" : "Block inserted")
  }

  /// Takes the old block out, and says where the new one goes.
  private func take(
    from text: inout TextLines
  ) throws(RegularExpressionError) -> (index: Int, old: [[UInt8]]?) {
    let bare = (begin: TextLines.bare(begin), end: TextLines.bare(end))
    let first = text.lines.lastIndex { TextLines.bare($0) == bare.begin }
    let last = text.lines.lastIndex { TextLines.bare($0) == bare.end }
    if let first, let last {
      let range = first < last ? first...last : last...first
      let old = Array(text.lines[range])
      text.lines.removeSubrange(range)
      return (range.lowerBound, old)
    }
    return (try insertion(in: text), nil)
  }

  private func insertion(in text: TextLines) throws(RegularExpressionError) -> Int {
    if isAtBegin { return 0 }
    guard let expression = after ?? before else { return text.lines.count }
    var chosen: Int?
    for (index, line) in text.lines.enumerated()
    where try expression.matches(anywhereIn: TextEdit.text(line)) {
      chosen = index + (after == nil ? 0 : 1)
    }
    return chosen ?? text.lines.count
  }
}
