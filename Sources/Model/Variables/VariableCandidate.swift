package import Diagnostics
package import Templates

/// One of a variable's definitions: what `orchestrate inventory --why` lists.
package struct VariableCandidate: Sendable {
  /// Nil for a magic variable.
  package var level: VariableLevel?
  /// A group's or a role's name.
  package var detail: String?
  package var variable: Variable
  /// Where it is written; nil for what a run computed.
  package var range: SourceRange?

  init(variable: Variable) { self.variable = variable }

  init(variable: Variable, layer: VariableLayer) {
    level = layer.isMagic ? nil : layer.level
    detail = layer.detail
    self.variable = variable
    range = layer.range
    if case .expression(let expression) = variable { range = expression.range }
  }
}
