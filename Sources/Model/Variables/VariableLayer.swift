package import Diagnostics
package import OrderedCollections
package import Templates
package import Values

/// Variables that one place defines together, and how strong that place is.
package struct VariableLayer: Sendable {
  private enum Content: Sendable {
    case written(OrderedDictionary<String, Expression>)
    case computed(OrderedDictionary<String, Value>)
  }

  package var level: VariableLevel
  /// Where they are defined; nil for what the run itself computed.
  package var range: SourceRange?
  /// More than the level says: the name of a group or a role.
  package var detail: String?
  /// Whether these are magic variables that stronger definitions hide.
  package var isMagic = false
  private var content: Content

  /// Variables as people wrote them: evaluated where they are used.
  package init(
    _ level: VariableLevel, _ variables: OrderedDictionary<String, Expression>,
    at range: SourceRange?, detail: String? = nil
  ) {
    self.level = level
    self.range = range
    self.detail = detail
    content = .written(variables)
  }

  /// Variables with values: what tasks said, facts, prompts.
  package init(
    _ level: VariableLevel, _ values: OrderedDictionary<String, Value>,
    at range: SourceRange? = nil, detail: String? = nil
  ) {
    self.level = level
    self.range = range
    self.detail = detail
    content = .computed(values)
  }

  package var isEmpty: Bool {
    switch content {
    case .written(let variables): variables.isEmpty
    case .computed(let values): values.isEmpty
    }
  }

  package var names: OrderedSet<String> {
    switch content {
    case .written(let variables): variables.keys
    case .computed(let values): values.keys
    }
  }

  /// What this layer says of a name; nil where it doesn't.
  package func variable(named name: String) -> Variable? {
    switch content {
    case .written(let variables): variables[name].map { .expression($0) }
    case .computed(let values): values[name].map { .value($0) }
    }
  }
}
