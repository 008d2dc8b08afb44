/// Finds names of filters and tests that plain Jinja2 doesn't know.
///
/// As there, only what stands under no condition is refused before the template runs.
enum PlainNames {
  static func check(_ statements: [StatementNode]) throws(SyntaxError) {
    var failure: SyntaxError?
    let walker = TreeWalker(skipsConditions: true) { node in
      if failure == nil { failure = mistake(in: node) }
    }
    walker.walk(statements)
    if let failure { throw failure }
  }

  private static func mistake(in node: ExpressionNode) -> SyntaxError? {
    switch node {
    case .filter(_, let name, _, let at) where name.function == nil:
      let help = FilterLibrary.unknown(name.text).help
      return SyntaxError("No filter named '\(name.text)'.", at: at, help: help)
    case .test(_, let name, _, let at) where name.function == nil:
      let help = TestLibrary.unknown(name.text).help
      return SyntaxError("No test named '\(name.text)'.", at: at, help: help)
    default: return nil
    }
  }
}
