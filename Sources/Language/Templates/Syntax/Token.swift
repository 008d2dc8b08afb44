/// A piece of a template's text, as the lexer cuts it.
struct Token {
  /// What a token is.
  enum Kind: Equatable {
    /// Text that is printed as it is.
    case data(String)
    case variableBegin
    case variableEnd
    case blockBegin
    case blockEnd
    case name(String)
    case string(String)
    case int(Int)
    case float(Double)
    case symbol(String)
    /// The text is over.
    case end
  }

  var kind: Kind
  /// Where it begins, in bytes of the text with its line ends made `\n`.
  var offset: Int

  /// What Jinja2 calls such a token in its messages.
  var name: String {
    switch kind {
    case .data: "template data / text"
    case .variableBegin: "begin of print statement"
    case .variableEnd: "end of print statement"
    case .blockBegin: "begin of statement block"
    case .blockEnd: "end of statement block"
    case .name(let name): name
    case .string(let text): text
    case .int(let number): String(number)
    case .float(let number): String(number)
    case .symbol(let symbol): symbol
    case .end: "end of template"
    }
  }
}
