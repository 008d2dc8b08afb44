package import Hosts
package import ModuleKit
internal import OrderedCollections
package import Values

/// What `command` and `shell` share: when to run, how, and what `register` gets.
package struct CommandRun: Sendable {
  /// What is run, as POSIX sh.
  package var script: String
  /// `cmd` of the result: the words of `command`, the text of `shell`.
  package var shown: Value
  package var creates: String?
  package var removes: String?
  package var workingFolder: String?
  package var standardInput: [UInt8]?
  package var stripsEnds: Bool

  /// Reads what both modules take, from the arguments or from options within the free text.
  package init(
    script: String, shown: Value, _ arguments: Arguments, _ options: CommandOptions?,
    standardInput: [UInt8]? = nil
  ) throws(ArgumentError) {
    self.script = script
    self.shown = shown
    self.standardInput = standardInput
    func text(_ name: String) throws(ArgumentError) -> String? {
      if let inline = options?.values[name] { return inline }
      return try arguments.string(name)
    }
    creates = try text("creates")
    removes = try text("removes")
    workingFolder = try text("chdir")
    if standardInput == nil, var input = try text("stdin") {
      if try arguments.boolean("stdin_add_newline") != false { input += "\n" }
      self.standardInput = Array(input.utf8)
    }
    stripsEnds = try arguments.boolean("strip_empty_ends") ?? true
  }

  /// What the conditions `creates` and `removes` find.
  package struct State: Hashable, Sendable {
    package var createsExists: Bool
    package var removesExists: Bool
  }

  package var probe: Probe<State> {
    let queries = [creates, removes].compactMap { $0 }.map(existence)
    let hasCreates = creates != nil
    let hasRemoves = removes != nil
    return Probe(all: queries).map { (found) throws(HostError) in
      State(
        createsExists: hasCreates && found[0],
        removesExists: hasRemoves ? found[found.count - 1] : true)
    }
  }

  /// Whether something is at a path, which may be a pattern, from where the command would run.
  private func existence(_ path: String) -> Query<Bool> {
    var full = path
    if let folder = workingFolder, !path.hasPrefix("/"), !path.hasPrefix("~") {
      full = folder + "/" + path
    }
    if !full.contains(where: { "*?[".contains($0) }), !full.hasPrefix("~") {
      let query = Query.file(FileQuestion(path: full), isObserved: true)
      return Query(query.question) { (output) throws(HostError) in
        try query.parse(output).exists
      }
    }
    let word = full.shellPattern
    let question = Question(
      script:
        "for f in \(word); do if [ -e \"$f\" ] || [ -L \"$f\" ]; then echo y; break; fi; done",
      about: [.path(full.fixedPrefix)], isObserved: true)
    return Query(question) { (output) throws(HostError) in output.text.hasPrefix("y") }
  }

  /// Runs, unless the conditions say that there is no need.
  package func change(from state: State) -> Change {
    if let creates, state.createsExists {
      return skipped("since \(creates) exists", "since '\(creates)' exists")
    }
    if let removes, !state.removesExists {
      return skipped("since \(removes) does not exist", "since '\(removes)' does not exist")
    }
    let command = Command(TimedScript(script, in: workingFolder).text, standardInput: standardInput)
    let action = Action(.run(command), touches: [.everything], summary: summary)
    let stripsEnds = stripsEnds
    return Change(
      actions: [action], reason: "it runs each time", result: ["cmd": shown],
      unknownResults: [
        "rc", "stdout", "stderr", "stdout_lines", "stderr_lines", "start", "end", "delta", "msg",
      ], isOpaque: true
    ) { outputs in
      guard let output = outputs.last else { return Completion() }
      let (plain, times) = TimedScript.times(of: output)
      var result = plain.result(stripsEnds: stripsEnds)
      for (key, value) in times { result[key] = value }
      if TimedScript.couldNotEnterFolder(plain) {
        result["rc"] = .null
        return Completion(
          result: result, changed: false,
          failure: "Unable to change directory before execution.")
      }
      result["msg"] = .string(plain.status == 0 ? "" : "non-zero return code")
      return Completion(
        result: result, changed: true, failure: plain.status == 0 ? nil : "non-zero return code")
    }
  }

  private func skipped(_ short: String, _ long: String) -> Change {
    .satisfied([
      "cmd": shown, "rc": 0, "msg": .string("Did not run command \(long)"),
      "stdout": .string("skipped, \(short)"), "stdout_lines": [.string("skipped, \(short)")],
      "stderr": "", "stderr_lines": [], "start": .null, "end": .null, "delta": .null,
    ])
  }

  /// One line for the plan.
  private var summary: String {
    switch shown {
    case .string(let text): text.firstLine
    case .list(let words): words.map(\.description).joined(separator: " ").firstLine
    default: shown.description
    }
  }
}

extension CommandRun {
  /// The arguments that `command` and `shell` share.
  package static let arguments: [ArgumentSpecification] = [
    ArgumentSpecification("chdir", .path, "Folder to run in."),
    ArgumentSpecification("creates", .path, "Path or pattern; where it exists, nothing is run."),
    ArgumentSpecification(
      "removes", .path, "Path or pattern; where it doesn't exist, nothing is run."),
    ArgumentSpecification("stdin", .string, "Text for the command's standard input."),
    ArgumentSpecification(
      "stdin_add_newline", .boolean, "Add a line end to `stdin`.", default: true),
    ArgumentSpecification(
      "strip_empty_ends", .boolean, "Leave out line ends at the output's end.", default: true),
  ]

  /// What both register.
  package static let results: [(name: String, summary: String)] = [
    ("cmd", "What was run."), ("rc", "Exit status."), ("stdout", "Standard output."),
    ("stdout_lines", "Standard output, by lines."), ("stderr", "Standard error."),
    ("stderr_lines", "Standard error, by lines."), ("start", "When it began."),
    ("end", "When it ended."), ("delta", "How long it took."),
  ]
}

extension String {
  /// The first line, cut at 100 characters.
  package var firstLine: String {
    let line = split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: true).first ?? ""
    let isWhole = line.count == trimmed.count && line.count <= 100
    return isWhole ? String(line) : line.prefix(100) + " …"
  }

  /// A shell word in which `*`, `?`, `[…]` and a leading `~` keep their meaning.
  fileprivate var shellPattern: String {
    var word = ""
    var plain = ""
    var rest = self[...]
    if rest.hasPrefix("~/") {
      word = "~/"
      rest = rest.dropFirst(2)
    }
    for character in rest {
      if "*?[]".contains(character) {
        if !plain.isEmpty { word += Shell.quote(plain) }
        plain = ""
        word.append(character)
      } else {
        plain.append(character)
      }
    }
    return plain.isEmpty ? word : word + Shell.quote(plain)
  }

  /// The folder before the first part that is a pattern.
  fileprivate var fixedPrefix: String {
    var folders: [Substring] = []
    for part in split(separator: "/", omittingEmptySubsequences: false) {
      if part.contains(where: { "*?[".contains($0) }) { break }
      folders.append(part)
    }
    let path = folders.joined(separator: "/")
    return path.isEmpty ? "/" : path
  }
}
