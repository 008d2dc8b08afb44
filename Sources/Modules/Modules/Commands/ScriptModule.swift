package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Runs a script of the controller on the host.
package struct ScriptModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "script", summary: "Sends a script to the host, runs it, and removes it.",
    notes: [
      "In a plan its result is unknown, unless `creates` or `removes` tell that it needn't run, or "
        + "the task says `check_mode: false`."
    ],
    arguments: [
      ArgumentSpecification(
        "free_form", .string, "The script's file, under `files/`, and its arguments."),
      ArgumentSpecification("cmd", .string, "The script's file and its arguments."),
      ArgumentSpecification("executable", .path, "The program that reads the script."),
      ArgumentSpecification("chdir", .path, "Folder to run in."),
      ArgumentSpecification("creates", .path, "Path or pattern; where it exists, nothing is run."),
      ArgumentSpecification(
        "removes", .path, "Path or pattern; where it doesn't exist, nothing is run."),
      ArgumentSpecification(
        "decrypt", .boolean, "Decrypt a vaulted file; it always is.", default: true),
    ], freeForm: "free_form",
    results: [
      ("rc", "Exit status."), ("stdout", "Standard output."), ("stderr", "Standard error."),
      ("stdout_lines", "Standard output, by lines."), ("stderr_lines", "Standard error, by lines."),
    ],
    example: """
      - name: Check the disks
        ansible.builtin.script: check-disks.sh --all
      """)

  private let run: CommandRun

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let source = arguments.isGiven("cmd") ? "cmd" : "free_form"
    let options = CommandOptions(in: try arguments.requiredString(source))
    guard let line = CommandLine(options.command), let name = line.words.first else {
      throw ArgumentError(argument: source, "no script given, or a quotation isn't closed")
    }
    let files = arguments.context.files
    let content = try files.read(files.locate(name, in: "files")).bytes
    var executable = try arguments.string("executable")
    if let inline = options.values["executable"] { executable = inline }
    let words = Shell.words(line.words.dropFirst())
    // The script comes on standard input, so it has none itself; the trap serves every end but
    // SIGKILL.
    let start =
      executable.map { Shell.words($0.split(separator: " ").map(String.init)) + " " } ?? ""
    let script = """
      umask 077
      d=$(mktemp -d) || exit 1; trap 'rm -rf "$d"' EXIT
      trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
      cat > "$d/script" && chmod 700 "$d/script" || exit 1
      \(start)"$d/script" \(words) </dev/null
      """
    run = try CommandRun(
      script: script,
      shown: .string(options.command).marked(arguments.isSecret(source) ? .secret : []),
      arguments, options, standardInput: content)
  }

  package var probe: Probe<CommandRun.State> { run.probe }

  package func diff(from current: CommandRun.State) -> Change {
    var change = run.change(from: current)
    change.result["cmd"] = nil
    let finish = change.finish
    change.finish = { outputs in
      var completion = finish(outputs)
      for key in ["start", "end", "delta", "msg"] { completion.result[key] = nil }
      return completion
    }
    return change
  }
}
