package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Adds and removes package repositories, as lines of `sources.list`.
package struct AptRepositoryModule: Module {
  package static let documentation = ModuleDocumentation(
    name: "apt_repository", summary: "Adds and removes apt repositories, as one-line sources.",
    notes: ["PPAs (`ppa:…`) aren't supported."],
    arguments: [
      ArgumentSpecification("repo", .string, "The line.", isRequired: true),
      ArgumentSpecification(
        "state", .string, "Whether it shall be there.", default: "present",
        choices: ["present", "absent"]),
      ArgumentSpecification(
        "filename", .string, "The file under `/etc/apt/sources.list.d`, without `.list`."),
      ArgumentSpecification("mode", .mode, "Permissions of a new file."),
      ArgumentSpecification(
        "update_cache", .boolean, "Bring the lists of packages after a change.", default: true,
        aliases: ["update-cache"]),
      ArgumentSpecification(
        "update_cache_retries", .integer, "How often to try to bring them.", default: 5),
      ArgumentSpecification(
        "update_cache_retry_max_delay", .integer, "Seconds between tries at the most.",
        default: 12),
      ArgumentSpecification(
        "validate_certs", .boolean, "Without meaning; it serves PPAs.", default: true),
      ArgumentSpecification(
        "install_python_apt", .boolean, "Without meaning; nothing is needed.", default: true),
      ArgumentSpecification("codename", .string, "Without meaning; it serves PPAs."),
    ],
    results: [
      ("repo", "The line."), ("state", "What it shall be."),
      ("sources_added", "Files that are new."), ("sources_removed", "Files that are gone."),
    ],
    example: """
      - name: Where kubeadm comes from
        ansible.builtin.apt_repository:
          repo: deb [signed-by=/etc/apt/keyrings/kubernetes.asc] https://pkgs.k8s.io/core:/stable:/v1.30/deb/ /
          filename: kubernetes
      """)

  private static let folder = "/etc/apt/sources.list.d"

  private let source: AptSource
  private let isPresent: Bool
  private let path: String
  private let mode: UInt16
  private let updatesLists: Bool
  private let updateTries: Int
  private let updateMaxDelay: Int

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let line = try arguments.requiredString("repo")
    if line.hasPrefix("ppa:") {
      throw ArgumentError(
        argument: "repo", "PPAs aren't supported", help: "write the whole line: `deb URI SUITE …`")
    }
    guard let source = AptSource(line) else {
      throw ArgumentError(
        argument: "repo", "`\(line)` is no source of packages",
        help: "write `deb [OPTIONS] URI SUITE COMPONENTS`")
    }
    self.source = source
    isPresent = try arguments.string("state") != "absent"
    if let name = try arguments.string("filename") {
      let file = name.hasSuffix(".list") ? name : name + ".list"
      path = file.hasPrefix("/") ? file : "\(Self.folder)/\(file)"
    } else {
      path = "\(Self.folder)/\(source.fileName)"
    }
    let modeText = try arguments.string("mode") ?? "0644"
    // YAML reads 0644 as the number 420.
    let number: UInt16?
    if case .int(let value)? = arguments.value("mode")?.unmarked() {
      number = UInt16(exactly: value)
    } else {
      number = UInt16(modeText, radix: 8)
    }
    guard let number, number <= 0o7777 else {
      throw arguments.mismatch("mode", "octal digits")
    }
    mode = number
    updatesLists = try arguments.boolean("update_cache") ?? true
    updateTries = try arguments.integer("update_cache_retries") ?? 5
    updateMaxDelay = try arguments.integer("update_cache_retry_max_delay") ?? 12
  }

  /// The files of sources by path, and the one that the line goes to.
  package struct State: Hashable, Sendable {
    package var files: [String: String]
    package var target: FileStatus
  }

  package var probe: Probe<State> {
    let script = """
      for f in /etc/apt/sources.list \(Self.folder)/*.list; do
      if [ -f "$f" ]; then printf '\\001%s\\n' "$f"; cat "$f" || exit 1; fi; done; exit 0
      """
    let all = Query<[String: String]>(
      script, about: [.path("/etc/apt/sources.list"), .path(Self.folder)]
    ) { (output) throws(HostError) in
      var files: [String: String] = [:]
      for part in output.text.split(separator: "\u{1}") {
        guard let end = part.firstIndex(of: "\n") else { continue }
        files[String(part[..<end])] = String(part[part.index(after: end)...])
      }
      return files
    }
    return Probe<[String: String]>(all).and(Probe<FileStatus>(.content(of: path))).map {
      (files, target) throws(HostError) in State(files: files, target: target)
    }
  }

  package func diff(from current: State) -> Change {
    var files = current.files
    let path = path
    files[path] = current.target.content.map { String(decoding: $0, as: UTF8.self) }
    let holders = files.filter { has($0.value) }.keys.sorted()
    var result: OrderedDictionary<String, Value> = [
      "repo": .string(source.line), "state": .string(isPresent ? "present" : "absent"),
      "sources_added": [], "sources_removed": [],
    ]
    var change = Change()
    if isPresent, holders.isEmpty {
      let before = files[path]
      var after = before ?? ""
      if !after.isEmpty, !after.hasSuffix("\n") { after += "\n" }
      after += source.line + "\n"
      if before == nil { result["sources_added"] = [.string(path)] }
      write(path, before, after, &change)
    } else if !isPresent {
      for holder in holders {
        let before = files[holder] ?? ""
        let kept = before.split(separator: "\n", omittingEmptySubsequences: false)
          .filter { AptSource(String($0)) != source }.joined(separator: "\n")
        write(holder, before, kept.trimmed.isEmpty ? nil : kept, &change)
        if kept.trimmed.isEmpty { result["sources_removed"] = [.string(holder)] }
      }
    }
    change.result = result
    change.reason = isPresent ? "no file has the source" : "a file has the source"
    if change.actions.isEmpty { return .satisfied(result) }
    if updatesLists { change.actions.append(update) }
    change.finish = { outputs in
      guard let output = outputs.last, output.status != 0 else { return Completion() }
      return Completion(failure: "Failed to update apt cache: \(output.complaint)")
    }
    return change
  }

  private func has(_ text: String) -> Bool {
    text.split(separator: "\n").contains { AptSource(String($0)) == source }
  }

  private func write(_ path: String, _ before: String?, _ after: String?, _ change: inout Change) {
    change.differences.append(Difference(path, .text(before: before, after: after)))
    guard let after else {
      change.actions.append(
        Action(
          .remove(path: path), touches: [.path(path), .packageSources], summary: "remove \(path)"))
      return
    }
    let attributes = FileAttributes(mode: before == nil ? mode : nil)
    change.actions.append(
      Action(
        .write(FileWrite(path: path, content: .text(after), attributes: attributes)),
        touches: [.path(path), .packageSources], summary: "write \(path)"))
  }

  /// Brings the lists; where that fails the file goes back to what it was, so that the next run
  /// tries again.
  private var update: Action {
    let word = Shell.quote(path)
    let update = AptOptions.update(
      tries: updateTries, maxDelay: updateMaxDelay, lockTimeout: 60)
    let takeBack =
      isPresent
      ? "grep -vxF -- \(Shell.quote(source.line)) \(word) > \(word).old; mv \(word).old \(word); [ -s \(word) ] || rm -f \(word)"
      : ":"
    let script = """
      (
      \(update)
      )
      s=$?; if [ $s != 0 ]; then \(takeBack); fi; exit $s
      """
    return Action(.run(Command(script)), touches: [.packageSources], summary: "apt-get update")
  }
}
