internal import OrderedCollections
internal import RegularExpressions
internal import Values

/// Filters for HTML and XML.
enum MarkupFilters {
  static let all: [LibraryFunction] = [
    LibraryFunction("escape", whole: { .string(escape($0.text)) }),
    LibraryFunction("e", whole: { .string(escape($0.text)) }),
    LibraryFunction("forceescape", whole: { .string(escape($0.text)) }),
    LibraryFunction("safe", whole: { .string($0.text) }),
    LibraryFunction(
      "striptags",
      whole: { (call) throws(TemplateError) in
        let tags = try call.evaluator.session.expression("(<!--.*?-->|<[^>]*>)", .dotAll)
        let stripped = (try? tags.replacing(in: call.text, with: "")) ?? call.text
        let words = try PythonString.split(stripped, nil, limit: -1)
        return .string(CharacterReferences.resolved(words.joined(separator: " ")))
      }),
    LibraryFunction(
      "xmlattr", "autospace?",
      whole: { (call) throws(TemplateError) in
        guard case .dict(let dict) = call.input else { throw call.missing("items") }
        var parts: [String] = []
        for (key, value) in dict where value != .null {
          let name = PythonText.str(key)
          if name.unicodeScalars.contains(where: {
            PythonString.isSpace($0) || "/>=".unicodeScalars.contains($0)
          }) {
            throw call.failure("Invalid character in attribute name: \(PythonText.repr(key))")
          }
          parts.append("\(escape(name))=\"\(escape(PythonText.str(value)))\"")
        }
        let text = parts.joined(separator: " ")
        return .string(call.flag("autospace", default: true) && !text.isEmpty ? " " + text : text)
      }),
    LibraryFunction(
      "urlize", "trim_url_limit?", "nofollow?", "target?", "rel?", "extra_schemes?",
      whole: { (call) throws(TemplateError) in .string(try LinkMaker(call).text(call.text)) }),
  ]

  /// As markupsafe escapes.
  static func escape(_ text: String) -> String {
    guard text.utf8.contains(where: { "&<>'\"".utf8.contains($0) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "'": result += "&#39;"
      case "\"": result += "&#34;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
