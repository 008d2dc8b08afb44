package import Hosts
package import ModuleKit
internal import Values

/// Waits until the host can be reached.
package struct WaitForConnectionModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "wait_for_connection", summary: "Waits until the host can be reached.",
    arguments: [
      ArgumentSpecification(
        "timeout", .integer, "Seconds to wait at the most.", default: 600),
      ArgumentSpecification("delay", .integer, "Seconds before the first try.", default: 0),
      ArgumentSpecification("sleep", .integer, "Seconds between tries.", default: 1),
      ArgumentSpecification(
        "connect_timeout", .integer, "Seconds that one try may take.", default: 5),
    ],
    example: """
      - name: Wait until it is up
        ansible.builtin.wait_for_connection:
          timeout: 120
      """)

  package let waiting: Waiting?
  package var waitsForConnection: Bool { true }

  package init(_ arguments: Arguments) throws(ArgumentError) {
    waiting = Waiting(
      timeout: .seconds(try arguments.integer("timeout") ?? 600),
      interval: .seconds(try arguments.integer("sleep") ?? 1),
      delay: .seconds(try arguments.integer("delay") ?? 0))
  }

  /// Any answer is a connection; the executor has connected, as often as the waiting allows.
  package var probe: Probe<Bool> {
    Probe(
      Query("echo pong", about: []) { (output) throws(HostError) in
        output.text.hasPrefix("pong")
      })
  }

  package func diff(from current: Bool) -> Change {
    current ? .satisfied() : Change(waitsFor: "the host's shell to answer")
  }
}
