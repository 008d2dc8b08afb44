package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Runs a line by the login shell's `/bin/sh`, with nothing around it.
package struct RawModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "raw", summary: "Runs a script as it is, with nothing around it.",
    notes: ["In a plan its result is unknown, unless the task says `check_mode: false`."],
    arguments: [
      ArgumentSpecification("free_form", .string, "The script.", isRequired: true),
      ArgumentSpecification("executable", .path, "The program that reads the script."),
    ], freeForm: "free_form",
    results: [
      ("rc", "Exit status."), ("stdout", "Standard output."), ("stderr", "Standard error."),
      ("stdout_lines", "Standard output, by lines."), ("stderr_lines", "Standard error, by lines."),
    ],
    example: """
      - name: Which kernel?
        ansible.builtin.raw: uname -r
        register: kernel
        changed_when: false
      """)

  private let text: String
  private let executable: String?
  private let isSecret: Bool

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let options = CommandOptions(in: try arguments.requiredString("free_form"))
    text = options.command
    var executable = try arguments.string("executable")
    if let inline = options.values["executable"] { executable = inline }
    self.executable = executable
    isSecret = arguments.isSecret("free_form")
    if text.isEmpty { throw ArgumentError(argument: "free_form", "no command given") }
  }

  package var probe: Probe<Void> { Probe(()) }

  package func diff(from current: Void) -> Change {
    let script = ShellModule.script(text, by: executable, isSecret: isSecret)
    return Change(
      actions: [
        Action(
          .run(Command(script)), touches: [.everything],
          summary: isSecret ? "(secret)" : text.firstLine)
      ], reason: "it runs each time",
      unknownResults: ["rc", "stdout", "stderr", "stdout_lines", "stderr_lines"], isOpaque: true
    ) { outputs in
      guard let output = outputs.last else { return Completion() }
      return Completion(
        result: output.result(stripsEnds: false), changed: true,
        failure: output.status == 0 ? nil : "non-zero return code")
    }
  }
}
