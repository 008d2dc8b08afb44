package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Shows a text or a variable.
package struct DebugModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "debug", summary: "Shows a text or a variable.",
    notes: ["Secret values show as `(secret)`."],
    arguments: [
      ArgumentSpecification(
        "msg", .any, "What to show.", default: "Hello world!", acceptsUnknown: true),
      ArgumentSpecification("var", .any, "An expression to show.", acceptsUnknown: true),
      ArgumentSpecification(
        "var_name", .string, "The text of `var`; the program fills it in."),
      ArgumentSpecification(
        "verbosity", .integer, "Show it only from this many `-v` on.", default: 0),
    ], results: [("msg", "What was shown, where `msg` was given.")],
    example: """
      - name: Show who holds the address
        ansible.builtin.debug:
          msg: "{{ inventory_hostname }} holds it: {{ vip.held }}"
      """, isControllerOnly: true)

  private let key: String
  private let value: Value
  private let verbosity: Int

  package init(_ arguments: Arguments) throws(ArgumentError) {
    verbosity = try arguments.integer("verbosity") ?? 0
    if arguments.isGiven("var") {
      if arguments.isGiven("msg") {
        throw ArgumentError(argument: "var", "`msg` and `var` exclude each other")
      }
      key = try arguments.string("var_name") ?? "var"
      value = arguments.value("var") ?? .null
    } else {
      key = "msg"
      value = arguments.value("msg") ?? .null
    }
    runVerbosity = arguments.context.variable("ansible_verbosity")
  }

  private let runVerbosity: Value?

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    if verbosity > 0, case .int(let level)? = runVerbosity, level < verbosity {
      return .satisfied(["skipped_reason": "Verbosity threshold not met.", "skipped": true])
    }
    let shown = key == "msg" ? value.description : "\(key): \(value.description)"
    return Change(result: [key: value], effects: [.message(shown)])
  }
}
