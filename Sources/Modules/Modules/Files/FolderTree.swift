internal import Hosts
internal import ModuleKit
internal import Values

/// All that is in a folder, with its attributes, for `recurse`.
struct FolderTree: Hashable, Sendable {
  /// Path and status of each file and folder in it; links are left out.
  var entries: [Entry]

  struct Entry: Hashable, Sendable {
    var path: String
    var status: FileStatus
  }

  /// Lists a folder; empty where there is none.
  static func query(_ path: String) -> Query<FolderTree> {
    let word = Shell.quote(path)
    let script = """
      [ -d \(word)/ ] || exit 0
      find \(word)/ ! -type l -exec stat -c '%F\t%a\t%u\t%U\t%g\t%G\t%n' {} +
      """
    return Query(script, about: [.path(path)]) { (output) throws(HostError) in
      guard output.status == 0 else {
        throw HostError(.probeFailed, "can't list \(path): \(output.errorText)")
      }
      let root = RemotePath.withoutFinalSlash(path)
      return FolderTree(
        entries: output.text.split(separator: "\n").compactMap { Entry(line: $0) }.filter {
          RemotePath.withoutFinalSlash($0.path) != root
        })
    }
  }

  /// `change` of the folder itself, with what differs in it.
  func change(_ path: String, _ change: Change, _ attributes: AttributeDemand) -> Change {
    var changes: [Change] = [change]
    var isUniform = true
    for entry in entries {
      let missing = attributes.missing(from: entry.status)
      if missing.isEmpty { continue }
      if let mode = attributes.mode, case .symbolic = mode.form { isUniform = false }
      var inner = Change.setting(missing, on: entry.path, entry.status)
      inner.differences = inner.differences.map {
        Difference("\(entry.path) \($0.label)", $0.kind)
      }
      changes.append(inner)
    }
    var joined = Change.joined(changes)
    joined.result = change.result
    guard changes.count > 1, isUniform else { return joined }
    // One action serves all where each gets the same.
    let wanted = attributes.initial()
    joined.actions = [
      Action(
        .setAttributes(path: path, wanted, recursive: true), touches: [.path(path)],
        summary: "set \(AttributeDemand.names(wanted)) of \(path) and all in it")
    ]
    return joined
  }
}

extension FolderTree.Entry {
  fileprivate init?(line: Substring) {
    let fields = line.split(separator: "\t", maxSplits: 6, omittingEmptySubsequences: false)
    guard fields.count == 7, let mode = UInt16(fields[1], radix: 8) else { return nil }
    status = FileStatus(kind: fields[0] == "directory" ? .directory : .file)
    status.mode = mode
    status.userID = Int(fields[2]) ?? 0
    status.user = String(fields[3])
    status.groupID = Int(fields[4]) ?? 0
    status.group = String(fields[5])
    path = String(fields[6]).replacing("//", with: "/")
  }
}
