internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// A folder of the controller, with all in it.
struct FolderCopy: CopySource {
  /// A file or folder in it, by its path under `root`.
  private struct Item: Sendable {
    var path: String
    /// Nil for a folder.
    var local: LocalContent?
  }

  private let root: String
  private let items: [Item]
  private let options: WriteOptions
  private let folderMode: FileMode?
  private let isForced: Bool

  /// - Parameter keepsName: Whether the folder itself appears in `dest`, not only what it holds.
  init(_ path: String, keepsName: Bool, _ arguments: Arguments) throws(ArgumentError) {
    let dest = RemotePath.withoutFinalSlash(try arguments.requiredString("dest"))
    root = keepsName ? RemotePath.join(dest, RemotePath.baseName(path)) : dest
    options = try WriteOptions(arguments)
    folderMode = try FileMode(arguments, "directory_mode")
    isForced = try arguments.boolean("force") ?? true
    let files = arguments.context.files
    let wantsMode = options.attributes.mode?.form == .preserve
    var items: [Item] = []
    for name in try files.list(path) {
      if name.hasSuffix("/") {
        items.append(Item(path: RemotePath.withoutFinalSlash(name)))
      } else {
        let local = try LocalContent.file(
          RemotePath.join(path, name), files, wantsMode: wantsMode)
        items.append(Item(path: name, local: local))
      }
    }
    self.items = items
  }

  var probe: Probe<Change> {
    RemotePath.probe(root) { root in
      let queries = items.map {
        Query.entry(
          RemotePath.join(root, $0.path),
          comparedBy: $0.local?.comparison ?? .nothing)
      }
      return Probe(all: [.file(FileQuestion(path: root))] + queries).map { change($0, under: root) }
    }
  }

  private func change(_ found: [FileStatus], under root: String) -> Change {
    var changes: [Change] = []
    let folder = AttributeDemand(
      owner: options.attributes.owner, group: options.attributes.group, mode: folderMode)
    if found[0].exists, found[0].kind != .directory {
      return .failed("\(root) is there, and is no folder")
    }
    if !found[0].exists { changes.append(.making(root, folder)) }
    for (item, status) in zip(items, found.dropFirst()) {
      let path = RemotePath.join(root, item.path)
      if let local = item.local {
        if !isForced, status.exists { continue }
        var file = options.file(
          path, local.content, isSecret: local.isSecret, sourceMode: local.mode)
        file.large = local.large
        changes.append(Destination(path: path, status: status).change(to: file))
      } else if !status.exists {
        changes.append(.making(path, folder))
      } else if status.kind == .directory {
        changes.append(.setting(folder.missing(from: status), on: path, status))
      }
    }
    var joined = Change.joined(changes)
    joined.result = ["dest": .string(root), "state": "directory"]
    return joined
  }
}
