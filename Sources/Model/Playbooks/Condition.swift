package import Diagnostics
package import Templates

/// A condition: a bare Jinja2 expression, or a boolean as written.
package struct Condition: Sendable {
  package var text: String
  package var expression: Expression
  package var range: SourceRange

  package init(text: String, expression: Expression, at range: SourceRange) {
    self.text = text
    self.expression = expression
    self.range = range
  }
}
