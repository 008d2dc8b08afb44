internal import Diagnostics
internal import OrderedCollections
internal import Templates
internal import Values

/// Makes values of what people wrote without evaluating it: templates are text.
struct WrittenText {
  /// Whether what is secret is given; else `(secret)` stands for it.
  var showsSecrets = false
  /// Whether `!unsafe` text that looks like a template is told from a template.
  var wrapsUnsafe = false
  /// Whether times are written as ISO 8601 has it, as JSON has them; else as Python shows them.
  var hasDates = true
  /// Whether vaulted text is given as what it holds, and not as it is written.
  var decrypts = false

  func value(_ expression: Expression) -> Value {
    switch expression {
    case .literal(let value, let range): literal(value, range)
    case .template(let template):
      if template.options.marks.contains(.secret) {
        vaulted(template.range) ?? secret(opened(template))
      } else {
        .string(template.text)
      }
    case .list(let items, _): .list(items.map { value($0) })
    case .dict(let entries, _):
      .dict(
        OrderedDictionary(
          entries.map { (key($0.key), value($0.value)) }, uniquingKeysWith: { $1 }))
    }
  }

  /// What a sealed text holds, unless it can't be opened; of any other template its text.
  private func opened(_ template: Template) -> Value {
    guard let seal = template.seal, showsSecrets else { return .string(template.text) }
    return (try? seal.opened()) ?? .string("(secret)")
  }

  private func key(_ expression: Expression) -> Value {
    if case .literal(let value, _) = expression { return value.unmarked() }
    return value(expression)
  }

  private func literal(_ value: Value, _ range: SourceRange) -> Value {
    if value.marks.contains(.secret) {
      return vaulted(range) ?? secret(value.unmarkedDeeply())
    }
    return plain(value, range)
  }

  /// A value that isn't secret; computed ones may be lists and dictionaries.
  private func plain(_ value: Value, _ range: SourceRange) -> Value {
    switch value {
    case .string(let text):
      if wrapsUnsafe, text.utf8.contains(UInt8(ascii: "{")),
        case .template = Expression(text: text, at: range)
      {
        return .object(["__ansible_unsafe": value])
      }
      if hasDates, let time = range.timestamp(text) { return .string(time) }
      return value
    case .list(let items): return .list(items.map { plain($0, range) })
    case .dict(let dict):
      return .dict(
        OrderedDictionary(
          dict.map { ($0.key, plain($0.value, range)) }, uniquingKeysWith: { $1 }))
    default: return value
    }
  }

  private func secret(_ value: Value) -> Value { showsSecrets ? value : .string("(secret)") }

  /// `!vault` text as it is written; nil where a value isn't vaulted by itself.
  private func vaulted(_ range: SourceRange) -> Value? {
    if decrypts { return nil }
    return range.vaultText.map { .object(["__ansible_vault": .string($0)]) }
  }
}

extension SourceRange {
  /// The vault text that stands here, without its indentation; nil where there is none.
  var vaultText: String? {
    var lines: [String] = []
    for text in writtenLines {
      let word = text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
      if lines.isEmpty, !word.hasPrefix("$ANSIBLE_VAULT;") { return nil }
      if !word.isEmpty { lines.append(String(word)) }
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n") + "\n"
  }

  /// The text from the start on, in lines.
  private var writtenLines: [Substring] {
    var lines = Array(file.lines(from: start.line, through: end.line))
    if !lines.isEmpty { lines[0] = lines[0].dropFirst(start.column - 1) }
    return lines.flatMap { line in
      // A string of JSON has its line breaks escaped.
      guard line.hasPrefix("$ANSIBLE_VAULT;"), line.contains("\\n") else { return [line] }
      return line.prefix { $0 != "\"" }.replacing("\\n", with: "\n")
        .split(separator: "\n")
    }
  }

  /// A date with a time as ISO 8601 writes it; nil for any other text, even of the same form.
  ///
  /// Dates are text once they are read: that they aren't quoted where they stand tells them.
  func timestamp(_ text: String) -> String? {
    guard text.utf8.count >= 19, text.utf8.count <= 32 else { return nil }
    let bytes = Array(text.utf8)
    guard bytes[4] == 45, bytes[7] == 45, bytes[10] == 32, bytes[13] == 58,
      text.allSatisfy({ "0123456789-: .+".contains($0) }),
      let line = file.lines(from: start.line, through: start.line).first
    else { return nil }
    let before = line.prefix(start.column - 1).last
    let first = line.dropFirst(start.column - 1).first
    if before == "\"" || before == "'" || first?.isNumber != true { return nil }
    return text.prefix(10) + "T" + text.dropFirst(11)
  }
}

extension SourceFile {
  /// The lines with these numbers, counted from 1.
  fileprivate func lines(from first: Int, through last: Int) -> ArraySlice<Substring> {
    let isBreak: (Character) -> Bool = { $0 == "\n" || $0 == "\r\n" }
    let all = text.split(
      maxSplits: max(0, last), omittingEmptySubsequences: false, whereSeparator: isBreak)
    return all.prefix(last).dropFirst(first - 1)
  }
}
