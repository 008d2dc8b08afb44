/// Finds names of filters and tests that plain Jinja2 doesn't know.
///
/// As there, only what stands under no condition is refused before the template runs.
enum PlainNames {
  static func check(_ statements: Body) throws(SyntaxError) {
    var failure: SyntaxError?
    let walker = TreeWalker(skipsConditions: true) { node in
      if failure == nil { failure = mistake(in: node) }
    }
    walker.walk(statements)
    if let failure { throw failure }
  }

  private static func mistake(in node: any ExpressionNode) -> SyntaxError? {
    switch node {
    case let node as FilterNode where node.name.function == nil:
      let name = node.name.text
      let help = FilterLibrary.unknown(name).help
      return SyntaxError("No filter named '\(name)'.", at: node.at, help: help)
    case let node as TestNode where node.name.function == nil:
      let name = node.name.text
      let help = TestLibrary.unknown(name).help
      return SyntaxError("No test named '\(name)'.", at: node.at, help: help)
    default: return nil
    }
  }
}
