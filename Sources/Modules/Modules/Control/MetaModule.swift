package import Hosts
package import ModuleKit
internal import Values

/// Steers the run itself.
package struct MetaModule: Module {
  private static let known = [
    "noop", "flush_handlers", "clear_facts", "clear_host_errors", "end_host", "end_play",
    "end_batch", "end_role", "reset_connection",
  ]

  package static let documentation = ModuleDocumentation(
    name: "meta", summary: "Steers the run: runs handlers now, ends a host's or all hosts' play, …",
    notes: ["`refresh_inventory` isn't supported; it is refused."],
    arguments: [
      ArgumentSpecification("free_form", .string, "What to do.", isRequired: true)
    ], freeForm: "free_form",
    example: """
      - name: Restart what was notified before going on
        ansible.builtin.meta: flush_handlers
      """, isControllerOnly: true)

  private let order: String

  package init(_ arguments: Arguments) throws(ArgumentError) {
    order = try arguments.requiredString("free_form").trimmed
    if !Self.known.contains(order) {
      throw ArgumentError(
        argument: "free_form", "`meta: \(order)` isn't supported",
        help: "it takes " + Self.known.joined(separator: ", "))
    }
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    Change(effects: order == "noop" ? [] : [.meta(order)])
  }
}
