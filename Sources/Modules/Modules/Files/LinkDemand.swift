internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `state: link` and `state: hard`.
struct LinkDemand: Hashable, Sendable {
  let source: String
  let isSymbolic: Bool
  /// Replaces a file or an empty folder, and links to what isn't there.
  let isForced: Bool
  /// Whether attributes are those of what the link leads to.
  let follows: Bool

  /// What there is at a link's path and at what it shall lead to.
  private struct Look {
    var status: FileStatus
    var source: FileStatus
    /// Whether both are one file already.
    var isSame: Bool
    /// Whether the folder in the way, if one is, holds something.
    var isFull: Bool
  }

  func probe(at path: String, _ attributes: AttributeDemand) -> Probe<Change> {
    RemotePath.probe(source) { source in
      let place =
        source.hasPrefix("/") || !isSymbolic
        ? source : RemotePath.join(RemotePath.parent(path), source)
      let own = Query.entry(path, comparedBy: .nothing)
      let words = (Shell.quote(place), Shell.quote(path))
      let relation = Query<String>(
        """
        a=$(stat -L -c %d:%i -- \(words.0) 2>/dev/null)
        b=$(stat -c %d:%i -- \(words.1) 2>/dev/null)
        [ -n "$a" ] && [ "$a" = "$b" ] && echo same
        [ -d \(words.1) ] && [ -n "$(ls -A -- \(words.1))" ] && echo full
        :
        """, about: [.path(path), .path(place)]
      ) { (output) throws(HostError) in output.text }
      return Probe(all: [own, .file(FileQuestion(path: place))]).and(Probe(relation)).map {
        found, relation in
        let look = Look(
          status: found[0], source: found[1], isSame: relation.contains("same"),
          isFull: relation.contains("full"))
        var change = change(path, source, look, attributes)
        change.result["dest"] = .string(path)
        change.result["src"] = .string(source)
        return change
      }
    }
  }

  private func change(
    _ path: String, _ source: String, _ look: Look, _ attributes: AttributeDemand
  ) -> Change {
    let status = look.status
    if let reason = refusal(path, source, look) { return .failed(reason) }
    let isThere =
      isSymbolic
      ? status.kind == .link && status.linkTarget == source : look.isSame
    var change = isThere ? Change() : replacement(path, source, status)
    // Attributes of a link to nothing can't be set.
    if look.source.exists, follows || !isSymbolic {
      let missing = attributes.missing(from: look.source)
      if !missing.isEmpty { change = .joined([change, .setting(missing, on: path, look.source)]) }
      change.result = look.source.result(with: missing)
    }
    change.result["state"] = isSymbolic ? "link" : "hard"
    return change
  }

  private func refusal(_ path: String, _ source: String, _ look: Look) -> String? {
    if !look.source.exists, !isSymbolic { return "src file does not exist" }
    if !look.source.exists, !isForced {
      return "src file does not exist, use \"force=yes\" if you really want to create the link: "
        + source
    }
    switch look.status.kind {
    case .directory where !isForced:
      return "refusing to convert from directory to \(isSymbolic ? "symlink" : "hard") for \(path)"
    case .directory where look.isFull:
      return "the directory \(path) is not empty, refusing to convert it"
    case .file where !isForced && !(look.isSame && !isSymbolic):
      return isSymbolic
        ? "refusing to convert from file to symlink for \(path)"
        : "Cannot link, different hard link exists at destination"
    default: return nil
    }
  }

  private func replacement(_ path: String, _ source: String, _ status: FileStatus) -> Change {
    var actions: [Action] = []
    if status.kind == .directory {
      actions.append(
        Action(.remove(path: path), touches: [.path(path)], summary: "remove \(path)"))
    }
    let verb = isSymbolic ? "link" : "hard link"
    actions.append(
      Action(
        .makeLink(path: path, target: source, isSymbolic: isSymbolic), touches: [.path(path)],
        summary: "\(verb) \(path) to \(source)"))
    let before: String
    switch status.kind {
    case .link: before = status.linkTarget
    default: before = FileState.name(status)
    }
    return Change(
      differences: [Difference(verb, .attribute(before: before, after: source))],
      actions: actions, reason: status.exists ? "link differs" : "link missing")
  }
}
