internal import Values

/// A statement of a template, parsed: it prints, sets names, or decides what runs.
protocol StatementNode: AnyObject, Sendable {
  /// Where Jinja2 says that an error in this statement is, as an offset into the text.
  var offset: Int { get }

  /// Runs it; what it wants the loop around it to do next.
  func execute(_ evaluator: Evaluator) throws(TemplateError) -> Flow

  /// Shows a walker what it is made of, in the order of the text.
  func walk(_ walker: TreeWalker)

  /// Gives `value` to all names that running it would set, where only `apply` can tell whether it
  /// runs at all.
  func give(_ value: Value, _ evaluator: Evaluator) throws(TemplateError)

  /// As `give`, in a loop: its own names end with it, a namespace's don't.
  func giveToNamespaces(_ value: Value, _ evaluator: Evaluator) throws(TemplateError)
}

/// What a statement wants its loop to do next.
enum Flow { case normal, breaks, continues }

extension StatementNode {
  func walk(_ walker: TreeWalker) {}

  func give(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {}

  func giveToNamespaces(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {}

  /// Whether this is nothing but white space.
  var isBlank: Bool { (self as? TextNode)?.isBlank ?? false }
}

/// Statements between two tags.
typealias Body = [any StatementNode]

extension Body {
  func give(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    for statement in self { try statement.give(value, evaluator) }
  }

  func giveToNamespaces(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) {
    for statement in self { try statement.giveToNamespaces(value, evaluator) }
  }
}

extension Evaluator {
  /// Runs statements in order.
  func execute(_ statements: Body) throws(TemplateError) -> Flow {
    for statement in statements {
      do throws(TemplateError) {
        try session.step()
        let flow = try statement.execute(self)
        if flow != .normal { return flow }
      } catch {
        if error.line != nil { throw error }
        var located = error
        located.line = template.line(of: statement.offset)
        throw located
      }
    }
    return .normal
  }
}
