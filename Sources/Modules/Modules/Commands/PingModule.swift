package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Tells whether the host answers.
package struct PingModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "ping", summary: "Tells whether the host answers by a shell.",
    arguments: [
      ArgumentSpecification(
        "data", .string, "What it shall answer; `crash` fails.", default: "pong")
    ], results: [("ping", "What it answers.")],
    example: """
      - name: Is it there?
        ansible.builtin.ping:
      """)

  private let data: String

  package init(_ arguments: Arguments) throws(ArgumentError) {
    data = try arguments.string("data") ?? "pong"
  }

  package var probe: Probe<String> {
    Probe(Query("echo pong", about: []) { (output) throws(HostError) in output.text.trimmed })
  }

  package func diff(from current: String) -> Change {
    if current != "pong" { return .failed("the host's shell says `\(current)`, not `pong`") }
    if data == "crash" { return .failed("boom") }
    return .satisfied(["ping": .string(data)])
  }
}
