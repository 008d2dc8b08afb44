package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Lets some time go by.
package struct PauseModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "pause", summary: "Lets some time go by before the next task.",
    notes: ["Waiting for a key to be pressed (`prompt`, or no time) isn't supported."],
    arguments: [
      ArgumentSpecification("seconds", .integer, "Seconds."),
      ArgumentSpecification("minutes", .integer, "Minutes."),
      ArgumentSpecification("prompt", .string, "What to ask."),
      ArgumentSpecification("echo", .boolean, "Without meaning.", default: true),
    ], results: [("delta", "Seconds that it took."), ("stdout", "What was done.")],
    example: """
      - name: Let the VIP settle
        ansible.builtin.pause:
          seconds: 5
      """, isControllerOnly: true)

  private let seconds: Int
  private let words: String

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let seconds = try arguments.integer("seconds")
    let minutes = try arguments.integer("minutes")
    if seconds != nil, minutes != nil {
      throw ArgumentError("`seconds` and `minutes` exclude each other")
    }
    guard seconds != nil || minutes != nil, !arguments.isGiven("prompt") else {
      throw ArgumentError(
        "`pause` without a time would wait for a key, which isn't supported",
        help: "give `seconds` or `minutes`, and no `prompt`")
    }
    self.seconds = max(seconds ?? (minutes ?? 0) * 60, 0)
    words =
      seconds != nil
      ? "Paused for \(self.seconds).0 seconds" : "Paused for \(minutes ?? 0).0 minutes"
  }

  package var waiting: Waiting? {
    Waiting(timeout: .seconds(seconds), delay: .seconds(seconds))
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    .satisfied([
      "delta": .int(seconds), "rc": 0, "stdout": .string(words), "stderr": "", "echo": true,
      "user_input": "",
    ])
  }
}
