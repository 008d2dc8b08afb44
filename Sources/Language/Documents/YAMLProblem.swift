internal import Diagnostics

/// Words what libyaml complains about, with what people most often meant.
struct YAMLProblem {
  var file: SourceFile

  func diagnostic(_ problem: YAMLEvents.Problem) -> Diagnostic {
    var notes: [Located<String>] = []
    if let context = problem.context, context.position.line != problem.position.line {
      notes.append(Located(context.text, at: range(context.position)))
    }
    // libyaml speaks of its own function there.
    let isTooDeep = problem.message.contains("nesting level")
    return Diagnostic(
      .error, "YAML: " + (isTooDeep ? "nested too deeply" : problem.message),
      at: range(problem.position), help: help(problem),
      notes: notes)
  }

  /// For a key that is a list or a dictionary, as `{{ x }}` without quotes makes one.
  func compositeKey(at range: SourceRange) -> Diagnostic {
    let isTemplate = lines(range.start.line).contains { $0.contains("{{") }
    return Diagnostic(
      .error, "YAML: a key can't be a list or a dictionary", at: range,
      help: isTemplate ? quoteTemplate : "put the key in quotes if it is text")
  }

  private let quoteTemplate =
    "a value that begins with `{{` must be in quotes: `\"{{ … }}\"`"

  private func range(_ position: SourcePosition) -> SourceRange {
    SourceRange(file: file, line: position.line, column: position.column)
  }

  private func lines(_ number: Int) -> [Substring] {
    [number - 1, number].compactMap { file.line($0) }
  }

  private func help(_ problem: YAMLEvents.Problem) -> String? {
    let line = file.line(problem.position.line) ?? ""
    let character = line.unicodeScalars.dropFirst(problem.position.column - 1).first
    let text = problem.message
    if text.contains("cannot start any token") {
      switch character {
      case "\t": return "indent with spaces: YAML allows no tabs there"
      case let character?: return "put a value that begins with `\(character)` in quotes"
      case nil: return nil
      }
    }
    if lines(problem.position.line).contains(where: beginsWithTemplate) { return quoteTemplate }
    if line.contains("\t") { return "indent with spaces: YAML allows no tabs there" }
    if text.contains("mapping values are not allowed") {
      return "put a value that holds `: ` in quotes, and check the indentation of this line"
    }
    if text.contains("did not find expected key") || text.contains("expected '-' indicator") {
      return lines(problem.position.line).contains(where: endsQuoteEarly)
        ? "text goes on after the closing quote: put the whole value in quotes"
        : "check the indentation: this line doesn't line up with those above it"
    }
    if text.contains("expected ':'") {
      return "this line needs a `key: value`, or more indentation"
    }
    if text.contains("end of stream") { return "a quote is opened and never closed" }
    if text.contains("expected ',' or") { return "close the bracket, or quote the text in it" }
    if text.contains("unknown escape") {
      return "use single quotes, or write `\\\\` for a backslash in double quotes"
    }
    if text.contains("undefined alias") { return "`*` refers to an `&anchor` further up" }
    return nil
  }

  /// Whether a value on this line begins with `{{`, without quotes.
  private func beginsWithTemplate(_ line: Substring) -> Bool {
    line.contains(": {{") || line.contains("- {{") || line.drop { $0 == " " }.hasPrefix("{{")
  }

  /// Whether a quoted value is followed by more text on this line.
  private func endsQuoteEarly(_ line: Substring) -> Bool {
    for quote in ["\"", "'"] {
      for opener in [": ", "- "] {
        guard let start = line.firstRange(of: opener + quote) else { continue }
        let rest = line[start.upperBound...]
        guard let end = rest.firstRange(of: quote) else { continue }
        let after = rest[end.upperBound...].drop { $0 == " " }
        if let next = after.first, next != "#", next != ":" { return true }
      }
    }
    return false
  }
}
