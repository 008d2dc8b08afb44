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
    case symbol(Symbol)
    /// The text is over.
    case end
    /// What can't be cut; a mistake only if the parser gets this far.
    case failure(SyntaxError)
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
    case .string: "string"
    case .int: "integer"
    case .float: "float"
    case .symbol(let symbol): symbol.text
    case .end, .failure: "end of template"
    }
  }
}
