/// A mistake in a template's text, at an offset; `Template` gives it its place.
struct SyntaxError: Error {
  var message: String
  var offset: Int
  var help: String?

  init(_ message: String, at offset: Int, help: String? = nil) {
    self.message = message
    self.offset = offset
    self.help = help
  }
}
