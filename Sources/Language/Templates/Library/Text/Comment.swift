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
    try Session.checkItems(prefixCount)
    try Session.checkItems(postfixCount)
    beginning = call.text("beginning") ?? beginning
    end = call.text("end") ?? end
    newline = call.text("newline") ?? newline
  }

  func text(around text: String) -> String {
    let start = beginning.isEmpty ? "" : beginning + newline
    let head =
      prefix.isEmpty ? "" : String(repeating: prefix + newline, count: max(0, prefixCount))
    let body = PythonString.replace(
      decoration + PythonString.replace(text, newline, newline + decoration, count: -1),
      decoration + newline, bareDecoration + newline, count: -1)
    let tail = String(repeating: newline + postfix, count: max(0, postfixCount))
    return start + head + body + tail + (end.isEmpty ? "" : newline + end)
  }

  private var bareDecoration: String { PythonString.strip(decoration, nil, left: false) }
}
