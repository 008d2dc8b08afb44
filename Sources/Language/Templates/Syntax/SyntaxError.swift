/// A mistake in a template's text, at an offset; `Template` gives it its place.
struct SyntaxError: Error, Equatable {
  var message: String
  var offset: Int
  var help: String?
  /// Where Jinja2 finds the mistake, if that is somewhere else.
  var lineOffset: Int?

  init(_ message: String, at offset: Int, help: String? = nil, lineOf lineOffset: Int? = nil) {
    self.lineOffset = lineOffset
    self.message = message
    self.offset = offset
    self.help = help
  }
}
