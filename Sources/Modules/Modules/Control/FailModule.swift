package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Fails on purpose.
package struct FailModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "fail", summary: "Fails with a message.",
    arguments: [
      ArgumentSpecification(
        "msg", .any, "What to say.", default: "Failed as requested from task")
    ], results: [("msg", "What is said.")],
    example: """
      - name: Refuse an old release
        ansible.builtin.fail:
          msg: Debian 12 or newer is needed
        when: ansible_distribution_major_version | int < 12
      """, isControllerOnly: true)

  private let message: Value

  package init(_ arguments: Arguments) throws(ArgumentError) {
    message = arguments.value("msg") ?? .null
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    .failed(message.description, result: ["msg": message])
  }
}
