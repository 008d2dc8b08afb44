package import OrderedCollections
package import Templates
package import Values

/// Tasks or a role that an include asks for.
package struct IncludeRequest: Sendable {
  /// Arguments of the include: `file`, or `name` and `tasks_from` …
  package var arguments: OrderedDictionary<String, Value>
  /// The including loop's variables.
  package var bound: [String: Variable]
  /// Parameters that the include's `vars` give.
  package var parameters: OrderedDictionary<String, Expression>
}
