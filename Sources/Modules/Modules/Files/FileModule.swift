internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `file`: files, folders and links, whatever they hold.
struct FileModule: Module {
  static let documentation = ModuleDocumentation(
    name: "file",
    summary: "Sees to a file, folder or link being there, or not, and to its owner and mode.",
    notes: [
      "Without `state`, what is there keeps its kind; with `recurse` it is `directory`.",
      "`recurse` sets owner, group and mode of all that is in a folder, but follows no link in it.",
      "`state: touch` counts as a change at each run, unless both times are `preserve`.",
    ],
    arguments: [
      ArgumentSpecification(
        "path", .path, "The path on the host.", isRequired: true, aliases: ["dest", "name"]),
      ArgumentSpecification(
        "state", .string, "What shall be there.",
        choices: ["absent", "directory", "file", "hard", "link", "touch"]),
      ArgumentSpecification("src", .path, "What a link leads to."),
      ArgumentSpecification(
        "recurse", .boolean, "Set attributes of all that is in a folder.", default: false),
      ArgumentSpecification(
        "force", .boolean, "Link to what isn't there, or replace files by links.",
        default: false),
      ArgumentSpecification(
        "follow", .boolean, "Set attributes of what a link leads to.", default: true),
      ArgumentSpecification(
        "modification_time", .string, "`now`, `preserve`, or a time as written below."),
      ArgumentSpecification(
        "access_time", .string, "`now`, `preserve`, or a time as written below."),
      ArgumentSpecification(
        "modification_time_format", .string, "How times are written.", default: "%Y%m%d%H%M.%S",
        choices: ["%Y%m%d%H%M.%S"]),
      ArgumentSpecification(
        "access_time_format", .string, "How times are written.", default: "%Y%m%d%H%M.%S",
        choices: ["%Y%m%d%H%M.%S"]),
    ] + ArgumentSpecification.fileAttributes,
    results: [
      ("path", "The path; `dest` for links."), ("state", "What is there now."),
      ("mode", "Its permissions."),
    ],
    example: """
      - file:
          path: /etc/kubernetes
          state: directory
          mode: '0755'
      """)

  private let path: String
  /// Nil where what is there decides.
  private let wanted: String?
  private let recurses: Bool
  private let attributes: AttributeDemand
  private let link: LinkDemand?
  private let touch: TouchDemand

  init(_ arguments: Arguments) throws(ArgumentError) {
    path = try arguments.requiredString("path")
    recurses = try arguments.boolean("recurse") ?? false
    wanted = try arguments.string("state") ?? (recurses ? "directory" : nil)
    attributes = try AttributeDemand(arguments)
    touch = try TouchDemand(arguments)
    let source = try arguments.string("src")
    if recurses, wanted != "directory" {
      throw ArgumentError(
        argument: "recurse", "recurse option requires state to be 'directory'")
    }
    if let source {
      guard wanted == "link" || wanted == "hard" else {
        throw ArgumentError(
          argument: "src", "src option requires state to be 'link' or 'hard'")
      }
      link = LinkDemand(
        source: source, isSymbolic: wanted == "link",
        isForced: try arguments.boolean("force") ?? false,
        follows: try arguments.boolean("follow") ?? true)
    } else {
      link = nil
      if wanted == "hard" {
        throw ArgumentError("src is required for creating new hardlinks")
      }
    }
    if attributes.mode?.form == .preserve {
      throw ArgumentError(argument: "mode", "`file` has no source to take a mode from")
    }
  }

  /// The state is the change already: what is asked depends on the kind of thing wanted.
  var probe: Probe<Change> {
    RemotePath.probe(path) { path in
      let path = RemotePath.withoutFinalSlash(path)
      if let link { return link.probe(at: path, attributes) }
      let own: Probe<FileStatus> = Probe(Query.entry(path, comparedBy: .nothing))
      let target: Probe<FileStatus> = Probe(.file(FileQuestion(path: path)))
      if recurses {
        return own.and(target).and(Probe(FolderTree.query(path))).then {
          (looked, tree) throws(HostError) in settled(path, looked.0, looked.1, tree)
        }
      }
      return own.then { (status) throws(HostError) in
        guard status.kind == .link, wanted != "absent" else {
          return settled(path, status, status, nil)
        }
        return target.then { (target) throws(HostError) in settled(path, status, target, nil) }
      }
    }
  }

  func diff(from current: Change) -> Change { current }

  /// The change; for a new folder with attributes, those above it that are new get them, too.
  private func settled(
    _ path: String, _ status: FileStatus, _ target: FileStatus, _ tree: FolderTree?
  ) -> Probe<Change> {
    let parents = RemotePath.ancestors(of: path)
    guard wanted == "directory", !target.exists, attributes != AttributeDemand(), !parents.isEmpty
    else { return Probe(change(path, status, target, tree)) }
    return Probe(all: parents.map { Query<FileStatus>.file(FileQuestion(path: $0)) }).map { found in
      let missing = zip(parents, found).filter { !$1.exists }
        .map { Change.making($0.0, attributes) }
      return Change.joined(missing + [change(path, status, target, tree)])
    }
  }

  /// - Parameter target: What the path leads to; `status` itself where it is no link.
  private func change(
    _ path: String, _ status: FileStatus, _ target: FileStatus, _ tree: FolderTree?
  ) -> Change {
    var change: Change
    switch wanted {
    case "absent": change = removal(of: path, status)
    case "directory": change = folder(path, target, tree)
    case "touch": change = touch.change(path, target, attributes)
    default: change = existing(path, status, target)
    }
    change.result["path"] = .string(path)
    return change
  }

  private func removal(of path: String, _ status: FileStatus) -> Change {
    guard status.exists else { return .satisfied(["state": "absent"]) }
    return Change(
      differences: [
        Difference(
          "state", .attribute(before: FileState.name(status), after: "absent"))
      ],
      actions: [Action(.remove(path: path), touches: [.path(path)], summary: "remove \(path)")],
      reason: "\(FileState.name(status)) is there", result: ["state": "absent"])
  }

  private func folder(_ path: String, _ status: FileStatus, _ tree: FolderTree?) -> Change {
    var change: Change
    switch status.kind {
    case .absent: change = .making(path, attributes)
    case .directory:
      change = .setting(attributes.missing(from: status), on: path, status)
      if let tree { change = tree.change(path, change, attributes) }
    case .file, .link, .other:
      return .failed("\(path) already exists as a \(FileState.name(status))")
    }
    change.result["state"] = "directory"
    return change
  }

  private func existing(
    _ path: String, _ status: FileStatus, _ target: FileStatus
  ) -> Change {
    let name = FileState.name(status)
    if wanted == "link", status.kind != .link {
      return .failed("src is required for creating new symlinks")
    }
    if wanted == "file", status.kind == .directory {
      return .failed("file (\(path)) is directory, cannot continue")
    }
    guard status.exists, target.exists || wanted != "file" else {
      return .failed("file (\(path)) is absent, cannot continue")
    }
    guard target.exists else { return .satisfied(["state": .string(name)]) }
    var change = Change.setting(attributes.missing(from: target), on: path, target)
    change.result["state"] = .string(wanted ?? name)
    return change
  }
}

/// What Ansible calls the kinds of things.
enum FileState {
  static func name(_ status: FileStatus) -> String {
    switch status.kind {
    case .absent: "absent"
    case .file, .other: "file"
    case .directory: "directory"
    case .link: "link"
    }
  }
}
