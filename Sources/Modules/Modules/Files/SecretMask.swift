/// Hides in a file's present text what its next text names as secret.
///
/// Nobody knows which of the present words were secrets: the present password may be another than
/// the next. A line that looks like one with a secret is shown as that one is, and what was where
/// lines with secrets will be isn't shown.
struct SecretMask {
  static let secretText = "(secret)"
  private static let presentText = "(secret, as it is now)"
  private static let hiddenText = "(not shown: it may hold a secret)"

  private let lines: [String]
  /// Where each line without a secret stands.
  private var places: [String: [Int]] = [:]

  /// - Parameter shown: The next text, with `(secret)` for what is.
  init(_ shown: String) {
    lines = Self.lines(of: shown)
    for (index, line) in lines.enumerated() where !Self.isSecret(line) {
      places[line, default: []].append(index)
    }
  }

  /// The present text as it may be shown.
  ///
  /// - Parameter next: The next text with its secrets: a line that stays is shown as staying.
  func masked(_ present: String, next: String?) -> String {
    guard lines.contains(where: Self.isSecret) else { return present }
    let nextLines = next.map(Self.lines) ?? []
    // A secret of several lines shifts them: then none can be called the same.
    let same = nextLines.count == lines.count ? nextLines : []
    var result: [String] = []
    var position = 0
    var waiting: [String] = []
    for line in Self.lines(of: present) {
      if let found = place(of: line, from: position) {
        result += shown(waiting, between: position, and: found)
        waiting = []
        result.append(line)
        position = found + 1
      } else if let found = pattern(of: line, from: position) {
        result += shown(waiting, between: position, and: found)
        waiting = []
        let isSame = found < same.count && same[found] == line
        result.append(
          isSame ? lines[found] : lines[found].replacing(Self.secretText, with: Self.presentText))
        position = found + 1
      } else {
        waiting.append(line)
      }
    }
    result += shown(waiting, between: position, and: lines.count)
    return result.joined(separator: "\n")
  }

  /// Lines that won't be there any more: hidden where lines with secrets take their place.
  private func shown(_ waiting: [String], between start: Int, and end: Int) -> [String] {
    let mayHoldSecret = lines[start..<max(start, end)].contains(where: Self.isSecret)
    return mayHoldSecret ? waiting.map { _ in Self.hiddenText } : waiting
  }

  private func place(of line: String, from position: Int) -> Int? {
    places[line]?.first { $0 >= position }
  }

  /// Where the next line with a secret stands that a line looks like.
  private func pattern(of line: String, from position: Int) -> Int? {
    lines.indices.dropFirst(position).prefix(200).first { index in
      Self.isSecret(lines[index]) && Self.line(line, looksLike: lines[index])
    }
  }

  private static func line(_ line: String, looksLike pattern: String) -> Bool {
    let parts = pattern.split(separator: secretText, omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, parts.contains(where: { !$0.isEmpty }),
      line.utf8.count >= first.utf8.count + last.utf8.count
    else { return false }
    return line.hasPrefix(String(first)) && line.hasSuffix(String(last))
  }

  private static func isSecret(_ line: String) -> Bool { line.contains(secretText) }

  private static func lines(of text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
