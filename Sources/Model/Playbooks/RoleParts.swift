/// Which file of each of a role's folders is read: `tasks_from`, `vars_from` and the like.
package struct RoleParts: Sendable, Hashable {
  package var tasks = "main"
  package var variables = "main"
  package var defaults = "main"
  package var handlers = "main"

  package init() {}

  /// Sets the part that an argument of `import_role` or `include_role` names: `tasks_from`, …
  package mutating func set(_ argument: String, to name: String) {
    switch argument {
    case "tasks_from": tasks = name
    case "vars_from": variables = name
    case "defaults_from": defaults = name
    case "handlers_from": handlers = name
    default: break
    }
  }
}
