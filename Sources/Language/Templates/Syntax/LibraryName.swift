/// The name of a filter or a test as written, and what it names: looked up once, by the parser.
struct LibraryName: Sendable {
  let text: String
  /// Nil where there is none of this name.
  let function: LibraryFunction?

  /// The name of a filter; plain Jinja2 has fewer.
  init(filter text: String, isPlain: Bool) {
    self.text = text
    let isKnown = !isPlain || Dialect.jinja.knows(filter: text)
    function = isKnown ? FilterLibrary.filter(text) : nil
  }

  /// The name of a test.
  init(test text: String, isPlain: Bool) {
    self.text = text
    let isKnown = !isPlain || Dialect.jinja.knows(test: text)
    function = isKnown ? TestLibrary.test(text) : nil
  }
}
