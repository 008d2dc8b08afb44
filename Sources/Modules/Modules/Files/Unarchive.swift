internal import Cryptography
internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `unarchive`: what an archive holds, in a folder of the host.
struct Unarchive: Module {
  static let documentation = ModuleDocumentation(
    name: "unarchive",
    summary: "Unpacks an archive into a folder of the host.",
    notes: [
      "The host unpacks: it needs tar (with gzip, bzip2, xz or zstd as the archive wants) or "
        + "unzip.",
      "An archive of the host (`remote_src`) is compared with the folder first. One of the "
        + "controller is sent at each run, and compared there, unless `creates` says that it is done: "
        + "a plan can only say that it may be unpacked.",
    ],
    arguments: [
      ArgumentSpecification("src", .path, "The archive.", isRequired: true),
      ArgumentSpecification("dest", .path, "The folder, which must be there.", isRequired: true),
      ArgumentSpecification(
        "remote_src", .boolean, "`src` is a path on the host, or a URL.", default: false),
      ArgumentSpecification("creates", .path, "Nothing is done where this is there."),
      ArgumentSpecification("exclude", .list, "What not to unpack.", default: []),
      ArgumentSpecification("include", .list, "What alone to unpack.", default: []),
      ArgumentSpecification(
        "extra_opts", .list, "Further options for tar or unzip.", default: []),
      ArgumentSpecification(
        "keep_newer", .boolean, "Leave files that are newer.", default: false),
      ArgumentSpecification("list_files", .boolean, "Register the names.", default: false),
      ArgumentSpecification("validate_certs", .boolean, "Check certificates.", default: true),
    ] + ArgumentSpecification.fileAttributes,
    results: [("dest", "The folder."), ("files", "What the archive holds, with `list_files`.")],
    example: """
      - unarchive:
          src: /usr/local/src/cni-plugins.tgz
          dest: /opt/cni/bin
          remote_src: true
          creates: /opt/cni/bin/bridge
      """)

  /// What is known before acting.
  struct State: Sendable {
    var dest: String
    var isCreated = false
    var folder: FileStatus
    /// Whether the folder holds all of it already; nil where only the host can tell, later.
    var isUnpacked: Bool?
    var missing: String?
  }

  private let source: String
  private let dest: String
  private let isRemote: Bool
  private let creates: String?
  private let archive: ArchiveScript
  private let request: WebRequest?
  private let local: LocalContent?
  private let attributes: AttributeDemand

  init(_ arguments: Arguments) throws(ArgumentError) {
    source = try arguments.requiredString("src")
    dest = try arguments.requiredString("dest")
    isRemote = try arguments.boolean("remote_src") ?? false
    creates = try arguments.string("creates")
    attributes = try AttributeDemand(arguments)
    archive = try ArchiveScript(arguments, attributes)
    let isURL = isRemote && source.contains("://")
    request =
      isURL
      ? WebRequest(
        url: source, checksCertificates: try arguments.boolean("validate_certs") ?? true) : nil
    guard !isRemote else {
      local = nil
      return
    }
    let files = arguments.context.files
    local = try LocalContent.file(try files.locate(source, in: "files"), files, wantsMode: false)
  }

  var probe: Probe<State> {
    RemotePath.probe(dest) { dest in
      let folder = Query<FileStatus>.file(FileQuestion(path: dest))
      let done = Question(
        script: creates.map { "[ -e \(Shell.quote($0)) ] && echo created || :" } ?? ":",
        about: creates.map { [.path($0)] } ?? [], isObserved: true)
      let created = Query<Bool>(done) { (output) throws(HostError) in
        output.text.hasPrefix("created")
      }
      return Probe(folder).and(Probe(created)).then { (found) throws(HostError) in
        let state = State(dest: dest, isCreated: found.1, folder: found.0)
        guard isRemote, request == nil, !found.1, found.0.kind == .directory else {
          return Probe(state)
        }
        return compared(state)
      }
    }
  }

  /// An archive that the host has is compared where it lies.
  private func compared(_ state: State) -> Probe<State> {
    let script =
      "a=\(Shell.quote(source)); [ -f \"$a\" ] || { echo missing; exit 0; }\n"
      + archive.compare(with: state.dest)
    let query = Query<State>(script, about: [.path(source), .path(state.dest)]) {
      (output) throws(HostError) in
      var state = state
      if output.text.hasPrefix("missing") { state.missing = source }
      state.isUnpacked = output.text.hasPrefix("same")
      return state
    }
    return Probe(query)
  }

  func diff(from current: State) -> Change {
    let result: OrderedDictionary<String, Value> = [
      "dest": .string(current.dest), "src": .string(source),
    ]
    if current.isCreated {
      return .satisfied(
        result.merging(["msg": .string("skipped, since \(creates ?? "") exists")]) { $1 })
    }
    if current.folder.kind != .directory {
      return .failed("dest '\(current.dest)' must be an existing dir")
    }
    if let missing = current.missing { return .failed("Source '\(missing)' does not exist") }
    if current.isUnpacked == true, !archive.listsFiles { return .satisfied(result) }
    var actions: [Action] = []
    var path = source
    var prologue = ""
    if let local {
      path = "/tmp/.unarchive-\(Self.digest(of: local).prefix(20))"
      let write = FileWrite(
        path: path, content: local.content ?? .bytes([]), attributes: FileAttributes(mode: 0o600),
        isSecret: local.isSecret)
      actions.append(Action(.write(write), touches: [.path(path)], summary: "send \(source)"))
      prologue = "trap 'rm -f -- \"$a\"' EXIT\n"
    }
    var script = "a=\(Shell.quote(path))\n" + prologue
    if let request {
      script =
        "a=$(mktemp) || exit 1\ntrap 'rm -f -- \"$a\"' EXIT\n"
        + request.download(to: "\"$a\"") + " || exit 1\n"
    }
    script += archive.unpack(to: current.dest)
    actions.append(
      Action(
        .run(Command(script, isContained: true)), touches: [.path(current.dest)],
        summary: "unpack \(source) into \(current.dest)"))
    let isKnown = current.isUnpacked != nil
    return Change(
      differences: [
        Difference(
          current.dest,
          .attribute(
            before: isKnown ? "differs from the archive" : "may differ from the archive",
            after: "as in \(source)"))
      ],
      actions: actions,
      reason: isKnown ? "content differs" : "the archive may hold something else",
      result: result, unknownResults: archive.listsFiles ? ["files"] : []
    ) { outputs in
      let lines = (outputs.last?.text ?? "").split(separator: "\n").map(String.init)
      var completion = Completion()
      if lines.contains("same") { completion.changed = false }
      let names = lines.filter { $0.hasPrefix("f ") }.map { Value.string(String($0.dropFirst(2))) }
      if archive.listsFiles { completion.result["files"] = .list(names) }
      return completion
    }
  }

  private static func digest(of local: LocalContent) -> String {
    if let large = local.large { return large.sha256 }
    if case .bytes(let bytes)? = local.content { return SHA256.hex(bytes) }
    return "archive"
  }
}
