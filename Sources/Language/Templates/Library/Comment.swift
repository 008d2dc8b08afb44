internal import Values

/// Ansible's `comment`: text with a comment's signs around it.
struct Comment {
  private var beginning = ""
  private var end = ""
  private var prefix: String
  private var postfix: String
  private var decoration: String
  private var prefixCount = 1
  private var postfixCount = 1
  private var newline = "\n"

  init(_ call: Call) throws(TemplateError) {
    let style = call.text("style") ?? "plain"
    switch style {
    case "plain": decoration = "# "
    case "erlang": decoration = "% "
    case "c": decoration = "// "
    case "cblock": (beginning, decoration, end) = ("/*", " * ", " */")
    case "xml": (beginning, decoration, end) = ("<!--", " - ", "-->")
    default:
      throw TemplateError(
        .other, "Invalid style '\(style)'.", help: "use plain, erlang, c, cblock or xml")
    }
    decoration = call.text("decoration") ?? decoration
    let bare = PythonString.strip(decoration, nil, left: false)
    prefix = call.text("prefix") ?? bare
    postfix = call.text("postfix") ?? bare
    prefixCount = try call.int("prefix_count") ?? prefixCount
    postfixCount = try call.int("postfix_count") ?? postfixCount
    beginning = call.text("beginning") ?? beginning
    end = call.text("end") ?? end
    newline = call.text("newline") ?? newline
  }

  func text(around text: String) -> String {
    func repeated(_ line: String, _ count: Int) -> String {
      line.isEmpty ? "" : String(repeating: line + newline, count: max(0, count))
    }
    let start = beginning.isEmpty ? "" : beginning + newline
    let body = PythonString.replace(
      decoration + PythonString.replace(text, newline, newline + decoration, count: -1),
      decoration + newline, bareDecoration + newline, count: -1)
    let last = end.isEmpty ? "" : end
    var result = start + repeated(prefix, prefixCount) + body + newline
    result += repeated(postfix, postfixCount)
    if last.isEmpty { result.removeLast(newline.isEmpty ? 0 : 1) } else { result += last }
    return result
  }

  private var bareDecoration: String { PythonString.strip(decoration, nil, left: false) }
}
