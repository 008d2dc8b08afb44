internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `tempfile`: a new file or folder with a name of its own.
struct Tempfile: Module {
  static let documentation = ModuleDocumentation(
    name: "tempfile",
    summary: "Makes a temporary file or folder and tells its path.",
    notes: ["It changes something at each run, and nothing removes it but a later task."],
    arguments: [
      ArgumentSpecification(
        "state", .string, "What to make.", default: "file", choices: ["file", "directory"]),
      ArgumentSpecification("path", .path, "The folder to make it in; `$TMPDIR` or `/tmp`."),
      ArgumentSpecification("prefix", .string, "How its name begins.", default: "ansible."),
      ArgumentSpecification("suffix", .string, "How its name ends.", default: ""),
    ],
    results: [("path", "Its path.")],
    example: """
      - tempfile:
          state: directory
          suffix: build
        register: folder
      """)

  private let isFolder: Bool
  private let folder: String?
  private let prefix: String
  private let suffix: String

  init(_ arguments: Arguments) throws(ArgumentError) {
    isFolder = try arguments.string("state") == "directory"
    folder = try arguments.string("path")
    prefix = try arguments.string("prefix") ?? "ansible."
    suffix = try arguments.string("suffix") ?? ""
    for (name, text) in [("prefix", prefix), ("suffix", suffix)] where text.contains("/") {
      throw ArgumentError(argument: name, "`\(name)` is part of a name and can't hold a slash")
    }
  }

  var probe: Probe<Bool> { Probe(true) }

  func diff(from current: Bool) -> Change {
    let kind = isFolder ? "folder" : "file"
    let place = folder ?? "the folder for temporary files"
    let action = Action(
      .run(Command(script, isContained: true)), touches: [],
      summary: "make a temporary \(kind) in \(place)")
    return Change(
      actions: [action], reason: "a new \(kind) at each run",
      result: ["state": isFolder ? "directory" : "file"], unknownResults: ["path"]
    ) { outputs in
      let path = outputs.first?.text.split(separator: "\n").first.map(String.init) ?? ""
      return Completion(result: ["path": .string(path), "mode": isFolder ? "0700" : "0600"])
    }
  }

  /// busybox's mktemp wants the X's last, so the name is made here; making it fails where it is
  /// taken, and then another is tried.
  private var script: String {
    let folder = folder.map(Shell.quote) ?? "\"${TMPDIR:-/tmp}\""
    let make = isFolder ? "mkdir -- \"$p\"" : "( set -C; : > \"$p\" )"
    return """
      umask 077; d=\(folder); i=0
      [ -d "$d" ] || { echo "there is no folder $d" >&2; exit 1; }
      while [ $i -lt 20 ]; do
      r=$(od -An -N6 -tx1 /dev/urandom | tr -d ' \\n')
      p=$d/\(Shell.quote(prefix))"$r"\(Shell.quote(suffix))
      \(make) 2>/dev/null && { printf '%s\\n' "$p"; exit 0; }
      i=$((i + 1)); done
      echo "can't make anything in $d" >&2; exit 1
      """
  }
}
