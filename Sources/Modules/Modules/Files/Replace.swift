internal import Hosts
internal import ModuleKit
internal import RegularExpressions
internal import Values

/// `replace`: every match of an expression in a file.
struct Replace: Module {
  static let documentation = ModuleDocumentation(
    name: "replace",
    summary: "Replaces every match of a regular expression in a file.",
    notes: [
      "`^` and `$` match at the lines' ends (Python's MULTILINE). A replacement that matches again "
        + "changes the file at each run.",
      "Files over a megabyte are refused.",
    ],
    arguments: [
      ArgumentSpecification(
        "path", .path, "The file on the host.", isRequired: true,
        aliases: ["dest", "destfile", "name"]),
      ArgumentSpecification("regexp", .string, "What to replace.", isRequired: true),
      ArgumentSpecification(
        "replace", .string, "The replacement, with `\\1` and `\\g<name>` for groups.",
        default: ""),
      ArgumentSpecification("after", .string, "Only what follows a match of this."),
      ArgumentSpecification("before", .string, "Only what comes before a match of this."),
      ArgumentSpecification(
        "encoding", .string, "How the file is written.", default: "utf-8",
        choices: ["utf-8", "UTF-8", "utf8"]),
    ] + WriteOptions.specifications,
    results: [("msg", "How many replacements were made.")],
    example: """
      - replace:
          path: /etc/fstab
          regexp: '^(?!#)(.*\\sswap\\s.*)$'
          replace: '# \\1'
      """)

  private let edit: TextEdit
  private let expression: RegularExpression
  private let replacement: String
  /// The part of the file to work on, as a group `subsection`; nil for all of it.
  private let section: RegularExpression?

  init(_ arguments: Arguments) throws(ArgumentError) {
    edit = TextEdit(
      path: try arguments.requiredString("path"), options: try WriteOptions(arguments),
      isSecret: arguments.isSecret("replace"))
    guard let expression = try TextEdit.expression(arguments, "regexp", .multiline) else {
      throw ArgumentError(argument: "regexp", "`regexp` is needed")
    }
    self.expression = expression
    replacement = try arguments.string("replace") ?? ""
    section = try Self.section(arguments)
    // A reference to a group that isn't there is refused before anything is changed.
    do { _ = try expression.replacing(in: "", with: replacement) } catch {
      throw ArgumentError(argument: "replace", "`replace`: \(error.description)")
    }
  }

  private static func section(_ arguments: Arguments) throws(ArgumentError) -> RegularExpression? {
    let after = try arguments.string("after")
    let before = try arguments.string("before")
    let pattern: String
    switch (after, before) {
    case (nil, nil): return nil
    case (let after?, nil): pattern = "\(after)(?P<subsection>.*)"
    case (nil, let before?): pattern = "(?P<subsection>.*)\(before)"
    case (let after?, let before?): pattern = "\(after)(?P<subsection>.*?)\(before)"
    }
    do { return try RegularExpression(pattern, .dotAll) } catch {
      throw ArgumentError(
        argument: after == nil ? "before" : "after",
        "`after` and `before` make no regular expression: \(error.description)")
    }
  }

  var probe: Probe<ResolvedFile> { edit.probe }

  func diff(from current: ResolvedFile) -> Change {
    edit.change(from: current, missing: "Path \(current.path) does not exist !") {
      (bytes) throws(RegularExpressionError) in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return TextEdit.Outcome(content: bytes, message: "the file isn't UTF-8; it is left alone")
      }
      return try replaced(in: text)
    }
  }

  private func replaced(in text: String) throws(RegularExpressionError) -> TextEdit.Outcome {
    var range = text.startIndex..<text.endIndex
    if let section {
      guard let found = try section.firstMatch(in: text),
        let number = section.groupNumbers["subsection"],
        let inner = found.range(ofGroup: number)
      else {
        return TextEdit.Outcome(
          content: Array(text.utf8),
          message: "Pattern for before/after params did not match the given file: "
            + section.pattern)
      }
      range = inner
    }
    let part = String(text[range])
    let count = try expression.matches(in: part).count
    let new = try expression.replacing(in: part, with: replacement)
    let whole = String(text[..<range.lowerBound]) + new + String(text[range.upperBound...])
    return TextEdit.Outcome(
      content: Array(whole.utf8),
      message: whole == text ? "" : "\(count) replacements made")
  }
}
