internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// A file or folder that is on the host already (`remote_src: true`).
struct RemoteCopy: CopySource {
  private let source: String
  private let dest: String
  private let options: WriteOptions
  private let folderMode: FileMode?
  private let isForced: Bool
  private let follows: Bool

  init(_ arguments: Arguments) throws(ArgumentError) {
    guard arguments.isGiven("src") else {
      throw ArgumentError("`copy` with `remote_src` needs `src`")
    }
    source = try arguments.requiredString("src")
    dest = try arguments.requiredString("dest")
    options = try WriteOptions(arguments)
    folderMode = try FileMode(arguments, "directory_mode")
    isForced = try arguments.boolean("force") ?? true
    follows = try arguments.boolean("follow") ?? false
  }

  var probe: Probe<Change> {
    RemotePath.probe(source) { source in
      Probe(Query<FileStatus>.content(of: source))
        .and(
          Destination.probe(
            dest, baseName: RemotePath.baseName(source), followsLinks: follows, comparedBy: .digest)
        )
        .then { (status, place) throws(HostError) in
          if status.kind == .directory { return tree(source) }
          return Probe(change(from: source, status, to: place))
        }
    }
  }

  private func change(
    from source: String, _ status: FileStatus, to place: Destination
  ) -> Change {
    guard status.kind == .file else {
      return .failed(
        status.exists ? "\(source) is no file" : "Source \(source) not found")
    }
    if !isForced, place.status.exists { return .satisfied(place.status.result()) }
    var file = options.file(
      place.path, status.content.map { .bytes($0) }, sourceMode: status.mode)
    file.takesSourceMode = place.status.kind == .file
    if status.content == nil {
      if place.status.kind == .file, place.status.sha256 == status.sha256 {
        return .setting(
          options.attributes.missing(from: place.status, source: status.mode), on: place.path,
          place.status)
      }
      return big(from: source, status, to: place)
    }
    return place.change(to: file, folderMode: folderMode)
  }

  /// A file too big to travel: the host copies it.
  private func big(from source: String, _ status: FileStatus, to place: Destination) -> Change {
    var attributes = options.attributes.all(over: place.status, source: status.mode)
    if place.status.kind == .file { attributes.mode = attributes.mode ?? status.mode }
    let script = RemoteFileScript(
      path: place.path, attributes: attributes, keepsBackup: options.keepsBackup,
      validate: options.validate)
    let fill = "cat < \(Shell.quote(source)) > \"$new\""
    let size = "\(status.size) bytes, sha256 \(status.sha256?.prefix(12) ?? "?")"
    let action = Action(
      .run(Command(script.replace(by: fill), isContained: true)), touches: [.path(place.path)],
      summary: "copy \(source) to \(place.path)")
    return Change(
      differences: [
        Difference(
          place.path,
          .attribute(before: place.status.exists ? "other content" : "(absent)", after: size))
      ] + AttributeDemand.differences(from: place.status, to: attributes),
      actions: [action], reason: place.status.exists ? "content differs" : "file missing",
      result: ["dest": .string(place.path), "src": .string(source), "state": "file"])
  }

  /// A folder: what in it is missing or differs at its destination.
  private func tree(_ source: String) -> Probe<Change> {
    let folder = RemotePath.withoutFinalSlash(dest)
    let target =
      source.hasSuffix("/") ? folder : RemotePath.join(folder, RemotePath.baseName(source))
    let script = """
      cd -- \(Shell.quote(source)) || exit 1
      find . -print | while IFS= read -r f; do
      t=\(Shell.quote(target))/$f
      if [ -d "$f" ]; then [ -d "$t" ] || printf '%s\\n' "$f"
      else cmp -s -- "$f" "$t" || printf '%s\\n' "$f"; fi
      done
      """
    let query = Query<[String]>(script, about: [.path(source), .path(target)]) {
      (output) throws(HostError) in
      guard output.status == 0 else {
        throw HostError(.probeFailed, "can't compare \(source): \(output.errorText)")
      }
      return output.text.split(separator: "\n").map(String.init)
    }
    return Probe(query).map { treeChange($0, source, target) }
  }

  private func treeChange(_ differing: [String], _ source: String, _ target: String) -> Change {
    let result: OrderedDictionary<String, Value> = [
      "dest": .string(target), "src": .string(source), "state": "directory",
    ]
    if differing.isEmpty { return .satisfied(result) }
    let from = Shell.quote(source)
    let to = Shell.quote(target)
    var script = "mkdir -p -- \(to) && cp -Rp -- \(from)/. \(to)/"
    if let owner = options.attributes.owner {
      script += " && chown -R -- \(Shell.quote(owner)) \(to)"
    }
    if let group = options.attributes.group {
      script += " && chgrp -R -- \(Shell.quote(group)) \(to)"
    }
    let differences = differing.map {
      Difference(
        RemotePath.join(target, String($0.dropFirst(2))),
        .attribute(before: "differs or is missing", after: "as in \(source)"))
    }
    return Change(
      differences: differences,
      actions: [
        Action(
          .run(Command(script, isContained: true)), touches: [.path(target)],
          summary: "copy \(source) to \(target)")
      ],
      reason: "\(differing.count) files differ", result: result)
  }
}
