internal import Diagnostics
internal import Documents
internal import OrderedCollections
internal import Templates
internal import Values

/// A line of hosts in an INI inventory: `web[1:3].example:2222 name=value …`.
struct INIHostLine: Sendable {
  /// The hosts' name, ranges and all.
  let address: HostAddress
  let variables: VariableSet

  /// Takes a line apart; `range` is where it stands, without its indentation. Nil where there is
  /// nothing on it but a comment.
  init?(_ line: Substring, at range: SourceRange) throws(Diagnostics) {
    var words = try Self.split(line, range)[...]
    guard let first = words.popFirst() else { return nil }
    if first.text.utf8.last == UInt8(ascii: ":") {
      throw INIInventory.failure(
        "a host can't end in `:`", range,
        help: "a port goes behind the colon; if this is YAML, name the file .yml")
    }
    var own: OrderedDictionary<String, Expression> = [:]
    own.reserveCapacity(words.count)
    for word in words {
      guard let equals = word.text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
        throw INIInventory.failure(
          "`\(word.text)` isn't a variable", range.part(word.column, word.text.scalarCount),
          help: "write `name=value`, with quotes around values with spaces")
      }
      let name = String(word.text[..<equals])
      let offset = name.scalarCount + 1
      let column = word.column + offset + (word.quoteColumn == word.column + offset ? 1 : 0)
      let text = String(word.text[word.text.utf8.index(after: equals)...])
      own[name] = INIInventory.value(text, at: range.part(column, text.scalarCount))
    }
    address = HostAddress(Substring(first.text))
    variables = VariableSet(own, at: range)
  }

  private static func split(
    _ line: Substring, _ range: SourceRange
  ) throws(Diagnostics) -> [ShellWords.Word] {
    do throws(ShellWords.Problem) { return try ShellWords.split(line) } catch {
      switch error {
      case .openQuote(let column):
        throw INIInventory.failure(
          "a quote is opened and never closed", range.part(column, 1), help: "close the quote")
      case .trailingBackslash:
        throw INIInventory.failure(
          "a backslash at the end of the line", range, help: "remove it, or double it")
      }
    }
  }
}

extension SourceRange {
  /// A part of a line, by the column in its text without indentation.
  func part(_ column: Int, _ length: Int) -> SourceRange {
    let first = start.column + column - 1
    return SourceRange(
      file: file, start: SourcePosition(line: start.line, column: first),
      end: SourcePosition(line: start.line, column: first + max(1, length)))
  }
}

extension StringProtocol {
  /// How many Unicode scalars there are: columns of a place count them.
  var scalarCount: Int { utf8.count { $0 & 0xC0 != 0x80 } }
}
