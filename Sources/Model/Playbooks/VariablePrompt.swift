package import Diagnostics
package import Templates

/// `vars_prompt:`.
package struct VariablePrompt: Sendable {
  package var name: String
  package var prompt: String
  package var defaultValue: Expression?
  package var isPrivate: Bool
  /// `confirm:`: asked for twice.
  package var isConfirmed = false
  package var range: SourceRange

  package init(
    name: String, prompt: String, defaultValue: Expression? = nil, isPrivate: Bool = true,
    at range: SourceRange
  ) {
    self.name = name
    self.prompt = prompt
    self.defaultValue = defaultValue
    self.isPrivate = isPrivate
    self.range = range
  }
}
