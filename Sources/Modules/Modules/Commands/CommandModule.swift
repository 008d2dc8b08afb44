package import Hosts
package import ModuleKit
internal import Values

/// Runs a program with arguments, without a shell's meaning of `|`, `>` and `*`.
package struct CommandModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "command", summary: "Runs a program with arguments, without a shell.",
    notes: [
      "`$NAME` and a leading `~` of an argument are the host's, as in Ansible, unless "
        + "`expand_argument_vars: false` says otherwise.",
      "In a plan its result is unknown, unless `creates` or `removes` tell that it needn't run, or "
        + "the task says `check_mode: false`.",
      "A program that isn't there gives `rc` 127, as the shell says, where Ansible's gives 2.",
    ],
    arguments: [
      ArgumentSpecification("free_form", .string, "The command line."),
      ArgumentSpecification("cmd", .string, "The command line."),
      ArgumentSpecification("argv", .list, "The program and its arguments, a word each."),
      ArgumentSpecification(
        "expand_argument_vars", .boolean, "Expand the host's variables in arguments.",
        default: true),
    ] + CommandRun.arguments, freeForm: "free_form", results: CommandRun.results,
    example: """
      - name: Move an old key away
        ansible.builtin.command: mv /etc/app/key /etc/app/key.old
        args:
          removes: /etc/app/key
      """)

  private let run: CommandRun

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let given = ["free_form", "cmd", "argv"].filter(arguments.isGiven)
    guard given.count == 1, let source = given.first else {
      throw ArgumentError(
        given.isEmpty ? "no command given" : "give the command once, by `cmd` or by `argv`",
        help: "write `command: PROGRAM ARGUMENTS`, or `cmd:` or `argv:`")
    }
    var options: CommandOptions?
    var line = CommandLine(words: [])
    if source == "argv" {
      line.words = try arguments.strings("argv") ?? []
    } else {
      var text = try arguments.requiredString(source)
      if source == "free_form" {
        options = CommandOptions(in: text)
        text = options?.command ?? text
      }
      guard let split = CommandLine(text) else {
        throw ArgumentError(argument: source, "the command has a quotation that isn't closed")
      }
      line = split
    }
    if line.words.isEmpty { throw ArgumentError(argument: source, "no command given") }
    let expands = try arguments.boolean("expand_argument_vars") ?? true
    let words = line.words.map { expands ? $0.expandedWord : Shell.quote($0) }
    run = try CommandRun(
      script: "exec " + words.joined(separator: " "),
      shown: .strings(line.words).marked(arguments.isSecret(source) ? .secret : []),
      arguments, options)
  }

  package var probe: Probe<CommandRun.State> { run.probe }

  package func diff(from current: CommandRun.State) -> Change { run.change(from: current) }
}
