internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `ping`: whether the host answers.
struct Ping: Module {
  static let documentation = ModuleDocumentation(
    name: "ping",
    summary: "Asks the host for a sign of life.",
    notes: ["It shows that the host is reached and that a POSIX shell runs there as the user."],
    arguments: [
      ArgumentSpecification("data", .string, "What to answer; `crash` fails.", default: "pong")
    ],
    results: [("ping", "The answer.")],
    example: "- ping:")

  private let data: String

  init(_ arguments: Arguments) throws(ArgumentError) {
    data = try arguments.string("data") ?? "pong"
  }

  var probe: Probe<String> {
    Probe(
      Query("printf %s \(Shell.quote(data))", about: []) { (output) throws(HostError) in
        output.text
      })
  }

  func diff(from current: String) -> Change {
    current == "crash" ? .failed("boom") : .satisfied(["ping": .string(current)])
  }
}
