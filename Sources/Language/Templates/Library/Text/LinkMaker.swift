internal import RegularExpressions
internal import Values

/// Jinja2's `urlize`: addresses in a text become links.
struct LinkMaker {
  private let limit: Int?
  private let relations: String
  private let target: String
  private let schemes: [String]
  private let web: RegularExpression
  private let mail: RegularExpression

  init(_ call: Call) throws(TemplateError) {
    limit = try call.int("trim_url_limit")
    var relations: Set<String> = ["noopener"]
    if call.flag("nofollow", default: false) { relations.insert("nofollow") }
    for word in call.text("rel")?.split(separator: " ") ?? [] { relations.insert(String(word)) }
    self.relations = " rel=\"\(MarkupFilters.escape(relations.sorted().joined(separator: " ")))\""
    target = call.text("target").map { " target=\"\(MarkupFilters.escape($0))\"" } ?? ""
    schemes = call["extra_schemes"].map { Self.texts($0) } ?? []
    let session = call.evaluator.session
    let scheme = try session.expression("^([\\w.+-]{2,}:(/){0,2})$", [])
    for text in schemes where (try? scheme.fullMatch(text)) == nil {
      throw call.failure("\(PythonText.repr(text)) is not a valid URI scheme prefix.")
    }
    web = try session.expression(
      "^((https?://|www\\.)(([\\w%-]+\\.)+)?([a-z]{2,63}|xn--[\\w%]{2,59})"
        + "|([\\w%-]{2,63}\\.)+(com|net|int|edu|gov|org|info|mil)"
        + "|(https?://)((([\\d]{1,3})(\\.[\\d]{1,3}){3})|(\\[([\\da-f]{0,4}:){2}([\\da-f]{0,4}:?){1,6}]))"
        + ")(?::[\\d]{1,5})?(?:[/?#]\\S*)?$", .ignoreCase)
    mail = try session.expression("^\\S+@\\w[\\w.-]*\\.\\w+$", [])
  }

  private static func texts(_ value: Value) -> [String] {
    if let items = value.sequence { return items.map(PythonText.str) }
    return []
  }

  /// The text, escaped, with its links.
  func text(_ text: String) -> String {
    var result = ""
    var word = String.UnicodeScalarView()
    for scalar in MarkupFilters.escape(text).unicodeScalars {
      if PythonString.isSpace(scalar) {
        if !word.isEmpty { result += linked(String(word)) }
        word = .init()
        result.unicodeScalars.append(scalar)
      } else {
        word.append(scalar)
      }
    }
    return word.isEmpty ? result : result + linked(String(word))
  }

  // MARK: Words

  private func linked(_ word: String) -> String {
    let opening = ["(", "<", "&lt;"]
    let closing = [")", ">", ".", ",", "\n", "&gt;"]
    var middle = word[...]
    var head = ""
    var tail = ""
    while let mark = opening.first(where: { middle.hasPrefix($0) }) {
      head += mark
      middle = middle.dropFirst(mark.count)
    }
    var ends: [Substring] = []
    while let mark = closing.first(where: { middle.hasSuffix($0) }) {
      ends.append(middle.suffix(mark.count))
      middle = middle.dropLast(mark.count)
    }
    // A closing bracket stays where the address opened it.
    for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
      let opened = count(open, middle)
      guard opened > count(close, middle) else { continue }
      var left = min(opened, ends.count { $0 == close })
      while left > 0, let end = ends.popLast() {
        middle += end
        if end == close { left -= 1 }
      }
    }
    for end in ends.reversed() { tail += end }
    return head + link(String(middle)) + tail
  }

  private func count(_ mark: String, _ text: Substring) -> Int {
    PythonString.ranges(of: mark, in: String(text)).count
  }

  private func link(_ text: String) -> String {
    func shown(_ text: String) -> String {
      guard let limit, text.unicodeScalars.count > limit else { return text }
      return String(text.unicodeScalars.prefix(max(0, limit))) + "..."
    }
    if (try? web.firstMatch(in: text)) != nil {
      let hasScheme = text.hasPrefix("https://") || text.hasPrefix("http://")
      let address = hasScheme ? text : "https://" + text
      return "<a href=\"\(address)\"\(relations)\(target)>\(shown(text))</a>"
    }
    if text.hasPrefix("mailto:") {
      let address = String(text.dropFirst(7))
      if (try? mail.firstMatch(in: address)) != nil {
        return "<a href=\"\(text)\">\(address)</a>"
      }
    }
    let isMail =
      text.contains("@") && !text.hasPrefix("www.") && !text.contains(":")
      && !text.hasPrefix("@") && (try? mail.firstMatch(in: text)) != nil
    if isMail { return "<a href=\"mailto:\(text)\">\(text)</a>" }
    for scheme in schemes where text != scheme && text.hasPrefix(scheme) {
      return "<a href=\"\(text)\"\(relations)\(target)>\(text)</a>"
    }
    return text
  }
}
