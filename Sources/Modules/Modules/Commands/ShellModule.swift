package import Hosts
package import ModuleKit
internal import Values

/// Runs a script by a shell.
package struct ShellModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "shell", summary: "Runs a script by a shell: `/bin/sh`, or what `executable` says.",
    notes: [
      "In a plan its result is unknown, unless `creates` or `removes` tell that it needn't run, or "
        + "the task says `check_mode: false`.",
      "A script with a secret in it never stands in a process list.",
    ],
    arguments: [
      ArgumentSpecification("free_form", .string, "The script."),
      ArgumentSpecification("cmd", .string, "The script."),
      ArgumentSpecification("executable", .path, "The program that reads the script."),
    ] + CommandRun.arguments, freeForm: "free_form", results: CommandRun.results,
    example: """
      - name: Count the sockets
        ansible.builtin.shell: ss -tn | wc -l
        register: sockets
        changed_when: false
      """)

  private let run: CommandRun

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let given = ["free_form", "cmd"].filter(arguments.isGiven)
    guard given.count == 1, let source = given.first else {
      throw ArgumentError(
        given.isEmpty ? "no command given" : "give the script once",
        help: "write `shell: SCRIPT` or `cmd:`")
    }
    var text = try arguments.requiredString(source)
    var options: CommandOptions?
    if source == "free_form" {
      options = CommandOptions(in: text)
      text = options?.command ?? text
    }
    if text.trimmed.isEmpty { throw ArgumentError(argument: source, "no command given") }
    let isSecret = arguments.isSecret(source)
    var executable = try arguments.string("executable")
    if let inline = options?.values["executable"] { executable = inline }
    run = try CommandRun(
      script: Self.script(text, by: executable, isSecret: isSecret),
      shown: .string(text).marked(isSecret ? .secret : []), arguments, options)
  }

  /// The script read by a shell: as `-c TEXT`, or, because everybody can read a process's
  /// arguments, from a pipe where it holds a secret.
  package static func script(_ text: String, by executable: String?, isSecret: Bool) -> String {
    let executable = executable ?? "/bin/sh"
    if !isSecret { return "exec \(Shell.quote(executable)) -c \(Shell.quote(text))" }
    var end = "ORCHESTRATE_END"
    while text.contains(end) { end += "_" }
    return "exec \(Shell.quote(executable)) /dev/fd/9 9<<'\(end)'\n\(text)\n\(end)"
  }

  package var probe: Probe<CommandRun.State> { run.probe }

  package func diff(from current: CommandRun.State) -> Change { run.change(from: current) }
}
